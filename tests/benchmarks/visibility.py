"""When metrics become visible, watched from the database so that the watching costs the API nothing."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

POLL_S = 0.01
BACKLOG_EVERY = 25  # polls
VISIBLE = "SELECT athlete_id, data_version FROM step_documents WHERE name = 'progress' AND athlete_id = ANY ($1)"
BACKLOG = """
SELECT (SELECT count(*) FROM outbox) AS events,
    (SELECT count(*) FROM athlete_clocks WHERE attempted_version < data_version) AS athletes
"""


class Backlog(Struct, frozen=True, kw_only=True):
    """What is still to do at an instant."""

    at: float
    events: int
    athletes: int

    @property
    def is_empty(self) -> bool:
        return self.events == 0 and self.athletes == 0


class Watch:
    """Waiting workouts by athlete; a workout is visible when the progress document covers its version."""

    def __init__(self, connection: Any, athletes: Sequence[UUID]) -> None:
        self._connection, self._athletes = connection, list(athletes)
        self._waiting: dict[UUID, list[tuple[int, float]]] = {athlete_id: [] for athlete_id in athletes}
        self.delays_s: list[float] = []
        self.backlogs: list[Backlog] = []

    @property
    def waiting(self) -> int:
        return sum(len(workouts) for workouts in self._waiting.values())

    def recorded(self, athlete_id: UUID, data_version: int) -> None:
        """A workout got its 201 now."""
        self._waiting[athlete_id].append((data_version, time.perf_counter()))

    async def run(self) -> None:
        """Poll until cancelled."""
        polls = 0
        while True:
            for athlete_id, data_version in await self._connection.fetch(VISIBLE, self._athletes):
                self._seen(athlete_id, data_version, time.perf_counter())
            if polls % BACKLOG_EVERY == 0:
                self.backlogs.append(await self._backlog())
            polls += 1
            await asyncio.sleep(POLL_S)

    async def drained(self, *, within_s: float) -> float | None:
        """Seconds until nothing was left to do, as far as the samples tell; None if that never came."""
        started_at = time.perf_counter()
        while time.perf_counter() - started_at < within_s:
            if self.waiting == 0 and self.backlogs and self.backlogs[-1].is_empty and self.backlogs[-1].at > started_at:
                return self.backlogs[-1].at - started_at
            await asyncio.sleep(POLL_S)
        return None

    def _seen(self, athlete_id: UUID, data_version: int, now: float) -> None:
        waiting = self._waiting[athlete_id]
        self.delays_s += [now - since for version, since in waiting if version <= data_version]
        waiting[:] = [(version, since) for version, since in waiting if version > data_version]

    async def _backlog(self) -> Backlog:
        row = await self._connection.fetchrow(BACKLOG)
        return Backlog(at=time.perf_counter(), events=row["events"], athletes=row["athletes"])
