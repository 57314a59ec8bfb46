"""Who is measured, behind one face: rounds of equal requests over the same number of connections."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

import msgspec

from models.domain.workouts import WorkoutDraft
from tests.benchmarks import sample
from tests.benchmarks.bare import Bare
from tests.benchmarks.http_client import Connection
from tests.benchmarks.processes import cpu_s

PATH = "/v1/athletes/me/workouts"
Round = Callable[[], Awaitable[None]]


class Work(StrEnum):
    """What is asked; the value names it in the tables."""

    POST = "POST a workout of 20 sets"
    GET = "GET one workout"
    PAGE = "GET a page of 20"


class Contender(Protocol):
    name: str

    def prepare(self, work: Work, requests: int) -> list[Round]:
        """A round ready to run, one awaitable a connection: what is done here is not measured."""
        ...

    def cpu_s(self) -> float:
        """The processor time used so far."""
        ...


class OverHttp:
    """A server in a process of its own, asked over loopback connections that stay open, an athlete each."""

    def __init__(self, name: str, pid: int, connections: Sequence[Connection]) -> None:
        self.name, self._pid, self._connections = name, pid, connections
        self._drafts = [sample.workouts() for _ in connections]
        self._known: list[list[str]] = [[] for _ in connections]

    def cpu_s(self) -> float:
        return cpu_s(self._pid)

    def prepare(self, work: Work, requests: int) -> list[Round]:
        return [self._round(at, work, requests // len(self._connections)) for at in range(len(self._connections))]

    async def record(self, draft: WorkoutDraft) -> dict[str, Any]:
        return msgspec.json.decode(await self._connections[0].post(PATH, sample.body(draft)))

    async def read(self, workout_id: str) -> dict[str, Any]:
        return msgspec.json.decode(await self._connections[0].get(f"{PATH}/{workout_id}"))

    async def read_page(self) -> dict[str, Any]:
        return msgspec.json.decode(await self._connections[0].get(f"{PATH}?limit=20"))

    def _round(self, at: int, work: Work, requests: int) -> Round:
        connection, known = self._connections[at], self._known[at]
        bodies = [sample.body(next(self._drafts[at])) for _ in range(requests)] if work is Work.POST else []

        async def post() -> None:
            known[:] = [_id(await connection.post(PATH, body)) for body in bodies]

        async def get() -> None:
            for number in range(requests):
                await connection.get(f"{PATH}/{known[number % len(known)]}")

        async def page() -> None:
            for _ in range(requests):
                await connection.get(f"{PATH}?limit=20")

        return {Work.POST: post, Work.GET: get, Work.PAGE: page}[work]


class Statements:
    """The floor: bare statements in this process, which does nothing else meanwhile."""

    name = "bare asyncpg"

    def __init__(self, connections: Sequence[Bare]) -> None:
        self.connections = connections
        self._drafts: list[Iterator[WorkoutDraft]] = [sample.workouts() for _ in connections]
        self._known: list[list[UUID]] = [[] for _ in connections]

    def cpu_s(self) -> float:
        return time.process_time()

    def prepare(self, work: Work, requests: int) -> list[Round]:
        return [self._round(at, work, requests // len(self.connections)) for at in range(len(self.connections))]

    def _round(self, at: int, work: Work, requests: int) -> Round:
        connection, known = self.connections[at], self._known[at]
        arguments = connection.arguments(self._drafts[at], requests) if work is Work.POST else []

        async def post() -> None:
            for given in arguments:
                await connection.record(given)
            known[:] = [given[1] for given in arguments]

        async def get() -> None:
            for number in range(requests):
                await connection.get(known[number % len(known)])

        async def page() -> None:
            for _ in range(requests):
                await connection.page()

        return {Work.POST: post, Work.GET: get, Work.PAGE: page}[work]


async def run(rounds: Sequence[Round]) -> None:
    await asyncio.gather(*(one() for one in rounds))


def _id(answer: bytes) -> str:
    """The workout's id without decoding the answer: the client should cost nothing."""
    at = answer.index(b'"id":"') + 6
    return answer[at : at + 36].decode()
