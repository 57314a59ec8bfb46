"""Reads of history: what a workout was after each write, and what changed between two of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models.db import Session, raw
from models.domain import revisions, workout_view
from models.domain.errors import NotFound
from models.domain.revisions import Change
from models.domain.workouts import WorkoutRecord
from models.queries.visibility import VisibleAthlete

PAGE = """
SELECT data_version, action, recorded_at, actor_id FROM workout_revisions
WHERE athlete_id = $1 AND workout_id = $2 AND ($3::bigint IS NULL OR data_version < $3)
ORDER BY data_version DESC LIMIT $4
"""
ONE = """
SELECT data_version, action, recorded_at, schema_version, record::text AS record,
    (SELECT min(recorded_at) FROM workout_revisions AS first WHERE first.athlete_id = $1 AND first.workout_id = $2
    ) AS created_at
FROM workout_revisions WHERE athlete_id = $1 AND workout_id = $2 AND data_version = $3
"""


# What a path may hold is more than a version can be.
MOST = 2**62


class Revision(Struct, frozen=True, kw_only=True):
    """One write of a workout: `action` is create, edit, delete or restore."""

    data_version: int
    action: str
    recorded_at: datetime
    actor_id: UUID


async def list_revisions(
    session: Session, athlete: VisibleAthlete, workout_id: UUID, *, before: int | None, limit: int
) -> list[Revision]:
    """The writes of a workout, newest first; raises NotFound for a workout that never was."""
    rows = await (await raw(session)).fetch(PAGE, athlete.athlete_id, workout_id, before, limit)
    if not rows and before is None:
        raise NotFound("There is no such workout.")
    return [Revision(**dict(row)) for row in rows]


async def body(session: Session, athlete: VisibleAthlete, workout_id: UUID, version: int) -> bytes:
    """The workout as it was read at that version; raises NotFound for a deletion, which left nothing to read."""
    row = await _row(session, athlete, workout_id, version)
    record = _record(row)
    stored = workout_view.body(record, created_at=row["created_at"], updated_at=row["recorded_at"])
    return workout_view.with_version(stored, version)


async def content(session: Session, athlete: VisibleAthlete, workout_id: UUID, version: int) -> WorkoutRecord:
    """The canonical record of a version, in today's shape."""
    return _record(await _row(session, athlete, workout_id, version))


async def compare(
    session: Session, athlete: VisibleAthlete, workout_id: UUID, *, before: int, after: int
) -> list[Change]:
    """What differs between two versions, as clients read them, field by field and set by set."""
    states = [msgspec.json.decode(await body(session, athlete, workout_id, version)) for version in (before, after)]
    return list(revisions.changes(*states))


async def _row(session: Session, athlete: VisibleAthlete, workout_id: UUID, version: int) -> Any:
    known = min(max(version, 0), MOST)
    row = await (await raw(session)).fetchrow(ONE, athlete.athlete_id, workout_id, known)
    if row is None:
        raise NotFound("The workout has no such revision.")
    return row


def _record(row: Any) -> WorkoutRecord:
    if row["record"] is None:
        raise NotFound("This revision is a deletion: read the one before it.")
    return revisions.decode(row["record"], row["schema_version"])
