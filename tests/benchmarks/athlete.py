"""An athlete at the API: records workouts and asks for progress, over one connection that stays open."""

import asyncio
import re
import time
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from models.domain.workouts import WorkoutDraft
from tests.benchmarks import sample
from tests.benchmarks.http_client import Connection

WORKOUTS, PROGRESS = "/v1/athletes/me/workouts", "/v1/athletes/me/progress"
TRAINS_EVERY = timedelta(hours=56)
POLL_S = 0.005
PATIENCE_S = 60.0
# Stands before the document in both answers, so neither is decoded.
_VERSION = re.compile(rb'"data_version":(\d+|null)')


class NotVisible(Exception):
    """The metrics did not come."""


class Athlete:
    """One athlete; `history` workouts lie behind the ones that come next."""

    def __init__(self, connection: Connection, athlete_id: UUID, history: int) -> None:
        self.athlete_id = athlete_id
        self._connection, self._history = connection, history
        self._next = self._drafts()

    async def record_history(self) -> int:
        """The version that the athlete then has."""
        version = 0
        for draft in islice(self._next, self._history):
            version = await self._record(draft)
        return version

    async def record(self) -> int:
        """Record the next workout; its version."""
        return await self._record(next(self._next))

    async def visible(self, data_version: int) -> None:
        """Ask for progress until it covers the version."""
        give_up_at = time.perf_counter() + PATIENCE_S
        while await self._covered() < data_version:
            if time.perf_counter() > give_up_at:
                raise NotVisible(f"No progress at version {data_version} after {PATIENCE_S:.0f} s.")
            await asyncio.sleep(POLL_S)

    async def _record(self, draft: WorkoutDraft) -> int:
        return _version(await self._connection.post(WORKOUTS, sample.body(draft)))

    async def _covered(self) -> int:
        return _version(await self._connection.get(PROGRESS))

    def _drafts(self) -> Generator[WorkoutDraft]:
        """The history up to today; then workouts of today, a second apart."""
        today = datetime.now(UTC) - timedelta(hours=2)
        yield from islice(sample.workouts(today - self._history * TRAINS_EVERY, every=TRAINS_EVERY), self._history)
        yield from sample.workouts(today, every=timedelta(seconds=1))


def _version(answer: bytes) -> int:
    found = _VERSION.search(answer)
    return 0 if found is None or found[1] == b"null" else int(found[1])
