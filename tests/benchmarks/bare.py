"""The floor: the statements of recording and reading alone, on asyncpg, with arguments made beforehand."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID

from models import ids
from models.domain import revisions, workout_view, workouts
from models.domain.workouts import WorkoutDraft
from models.services.workout_rows import set_arrays, workout_row
from models.services.workout_sql import RECORD

NO_DETAILS: tuple[list[Any], ...] = ([], [], [], [])
ONE = "SELECT body, data_version FROM workouts WHERE athlete_id = $1 AND id = $2"
PAGE = """
SELECT body, data_version FROM workouts
WHERE athlete_id = $1 AND deleted_at IS NULL ORDER BY started_at DESC, id DESC LIMIT 20
"""


def arguments(draft: WorkoutDraft, athlete_id: UUID) -> tuple[Any, ...]:
    """What the recording statement takes for a new workout that has no notes on its sets."""
    workout_id, now = ids.new(), datetime.now(UTC)
    record = workouts.record(draft, workout_id=workout_id)
    canonical = revisions.encode(record)
    return (
        *(athlete_id, workout_id, record.performed_on, athlete_id, now, record.schema_version, canonical.decode(), []),
        *(sha256(canonical).digest(), workout_view.REPRESENTATION),
        workout_view.body(record, created_at=now, updated_at=now),
        *workout_row(record),
        *set_arrays(record.sets),
        *NO_DETAILS,
    )


class Bare:
    """One connection of one athlete, its statements prepared."""

    def __init__(self, connection: Any, athlete_id: UUID) -> None:
        self._connection, self._athlete_id = connection, athlete_id

    async def prepare(self) -> None:
        self._record = await self._connection.prepare(RECORD)
        self._one = await self._connection.prepare(ONE)
        self._page = await self._connection.prepare(PAGE)

    def arguments(self, drafts: Iterator[WorkoutDraft], count: int) -> list[tuple[Any, ...]]:
        return [arguments(draft, self._athlete_id) for draft in islice(drafts, count)]

    async def record(self, given: tuple[Any, ...]) -> int:
        return await self._record.fetchval(*given)

    async def get(self, workout_id: UUID) -> bytes:
        row = await self._one.fetchrow(self._athlete_id, workout_id)
        assert row is not None
        return row["body"]

    async def page(self) -> list[bytes]:
        return [row["body"] for row in await self._page.fetch(self._athlete_id)]
