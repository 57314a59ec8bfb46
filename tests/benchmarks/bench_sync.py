"""Syncing: a batch of 200 workouts beside single requests, and a page of the change feed beside one of workouts."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec
import uvloop
from msgspec import Struct

from models import ids
from models.domain.workouts import WorkoutDraft
from tests.benchmarks import sample, servers
from tests.benchmarks.database import Database, new_athletes, temporary_database
from tests.benchmarks.figures import median, ratios, spread
from tests.benchmarks.http_client import Connection
from tests.benchmarks.processes import cpu_s
from tests.benchmarks.servers import Server
from tests.benchmarks.table import table

ME = "/v1/athletes/me"
SETTLE_S = 0.05
BATCH, SINGLES, FEED, PAGE = (
    *("batch of 200 workouts", "200 single POSTs"),
    *("page of 200 changes", "page of 200 workouts"),
)


class Plan(Struct, frozen=True, kw_only=True):
    """`workouts` in a batch or page, so many `rounds`; the pages are read `reads` times a round."""

    workouts: int = 200
    rounds: int = 7
    reads: int = 20


class Taken(Struct, frozen=True, kw_only=True):
    """One round of one contender, in milliseconds a workout that was written or read."""

    elapsed_ms: float
    server_ms: float
    database_ms: float


FULL = Plan()


def main(plan: Plan = FULL) -> None:
    with temporary_database() as database:
        server = servers.loadstone(database.dsn, database.folder)
        with servers.running(server):
            found = uvloop.run(_measured(database, server, plan))
    print(_times(found, plan))
    print(_ratios(found))


async def _measured(database: Database, server: Server, plan: Plan) -> dict[str, list[Taken]]:
    (athlete_id,) = await new_athletes(database.dsn, 1)
    drafts = sample.workouts()
    async with Connection(server.child.port, server.token(athlete_id)) as connection:

        async def batch() -> None:
            await connection.post(f"{ME}/workouts/batch", bodies.pop(), status=200)

        async def singles() -> None:
            for body in single_bodies.pop():
                await connection.post(f"{ME}/workouts", body)

        async def feed() -> None:
            for _ in range(plan.reads):
                await connection.get(f"{ME}/changes?since=0&limit={plan.workouts}")

        async def page() -> None:
            for _ in range(plan.reads):
                await connection.get(f"{ME}/workouts?limit={plan.workouts}")

        bodies = [_batch(islice(drafts, plan.workouts)) for _ in range(plan.rounds + 1)]
        single_bodies = [
            [sample.body(draft) for draft in islice(drafts, plan.workouts)] for _ in range(plan.rounds + 1)
        ]
        contenders = {BATCH: (batch, 1), SINGLES: (singles, 1), FEED: (feed, plan.reads), PAGE: (page, plan.reads)}
        return await _rounds(contenders, plan, server.pid, database.pid)


async def _rounds(
    contenders: Mapping[str, tuple[Callable[[], Awaitable[None]], int]], plan: Plan, server_pid: int, database_pid: int
) -> dict[str, list[Taken]]:
    """Each contender once a round, in an order that shifts; a round before the first one warms up."""
    found: dict[str, list[Taken]] = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(plan.rounds + 1):
        shift = number % len(names)
        for name in (*names[shift:], *names[:shift]):
            run, times = contenders[name]
            taken = await _taken(run, times * plan.workouts, server_pid, database_pid)
            if number:
                found[name].append(taken)
    return found


async def _taken(run: Callable[[], Awaitable[None]], count: int, server_pid: int, database_pid: int) -> Taken:
    await asyncio.sleep(SETTLE_S)
    server_s, database_s, started = cpu_s(server_pid), cpu_s(database_pid), time.perf_counter()
    await run()
    elapsed_s = time.perf_counter() - started
    await asyncio.sleep(SETTLE_S)
    return Taken(
        elapsed_ms=elapsed_s / count * 1000,
        server_ms=(cpu_s(server_pid) - server_s) / count * 1000,
        database_ms=(cpu_s(database_pid) - database_s) / count * 1000,
    )


def _batch(drafts: Any) -> bytes:
    return msgspec.json.encode({"items": [_item(ids.new(), draft) for draft in drafts]})


def _item(workout_id: UUID, draft: WorkoutDraft) -> dict[str, Any]:
    return {"operation": "put", "id": workout_id, "workout": msgspec.Raw(sample.body(draft))}


def _times(found: dict[str, list[Taken]], plan: Plan) -> str:
    rows = [
        (
            name,
            f"{median([one.elapsed_ms for one in taken]):.3f}",
            f"{median([one.server_ms for one in taken]):.3f}",
            f"{median([one.database_ms for one in taken]):.3f}",
        )
        for name, taken in found.items()
    ]
    title = f"Syncing, ms a workout of 20 sets, medians of {plan.rounds} interleaved rounds, one connection"
    return table(title, ("", "elapsed", "API's processor", "PostgreSQL's processor"), rows, words=1)


def _ratios(found: dict[str, list[Taken]]) -> str:
    rows: list[tuple[str, ...]] = []
    for name, other in ((SINGLES, BATCH), (FEED, PAGE)):
        for what in ("elapsed_ms", "server_ms"):
            values = ratios(*([getattr(one, what) for one in found[which]] for which in (name, other)))
            rows.append((f"{name} / {other}", what.removesuffix("_ms"), f"{median(values):.2f}", spread(values)))
    return table("Ratios, round by round", ("", "of", "ratio", "quartiles"), rows)
