"""Reads of workouts: stored bytes by key, and pages of them, newest first."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from models.db import Session, raw
from models.domain import revisions, workout_view
from models.domain.errors import Gone, NotFound
from models.queries.visibility import VisibleAthlete

MOST_BYTES = 4 * 2**20
COLUMNS = "id, started_at, data_version, representation, body, created_at, updated_at, deleted_at, create_digest"
ONE = f"SELECT {COLUMNS} FROM workouts WHERE athlete_id = $1 AND id = $2"
VERSION = "SELECT data_version FROM workouts WHERE athlete_id = $1 AND id = $2"
# A page ends before it is larger than MOST_BYTES, whatever its limit; one workout always fits.
PAGE = f"""
SELECT {COLUMNS}, more FROM (
    SELECT *, sum(octet_length(body)) OVER newest AS reached, row_number() OVER newest AS place,
        lead(id) OVER newest IS NOT NULL AS more
    FROM (
        SELECT {COLUMNS} FROM workouts
        WHERE athlete_id = $1 AND deleted_at IS NULL AND ($2::timestamptz IS NULL OR (started_at, id) < ($2, $3))
        ORDER BY started_at DESC, id DESC LIMIT $4 + 1
    ) AS page WINDOW newest AS (ORDER BY started_at DESC, id DESC)
) AS sized WHERE place <= $4 AND (place = 1 OR reached <= {MOST_BYTES}) ORDER BY place
"""
NEWEST_RECORD = """
SELECT record::text AS record, schema_version FROM workout_revisions
WHERE athlete_id = $1 AND workout_id = $2 AND record IS NOT NULL ORDER BY data_version DESC LIMIT 1
"""


class StoredWorkout(Struct, frozen=True, kw_only=True):
    """A workout as stored: `body` is the complete response JSON, `more` whether another one follows it in a list."""

    workout_id: UUID
    started_at: datetime
    data_version: int
    body: bytes
    more: bool = False


async def get_workout(session: Session, athlete: VisibleAthlete, workout_id: UUID) -> StoredWorkout:
    """One workout; raises NotFound, or Gone where a tombstone lies."""
    row = await (await raw(session)).fetchrow(ONE, athlete.athlete_id, workout_id)
    if row is None:
        raise NotFound("There is no such workout.")
    if row["deleted_at"] is not None:
        raise Gone("This workout was deleted.")
    return await stored(session, athlete, row)


async def version(session: Session, athlete: VisibleAthlete, workout_id: UUID) -> int | None:
    """The version of a workout's last write, a deletion too; None if it never was."""
    return await (await raw(session)).fetchval(VERSION, athlete.athlete_id, workout_id)


async def list_workouts(
    session: Session, athlete: VisibleAthlete, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[StoredWorkout]:
    """A page of workouts, newest first, beginning after the (started_at, workout_id) of the page before.

    It ends early where its bytes would be too many: whether there are more, the last one says.
    """
    started_at, workout_id = after or (None, None)
    rows = await (await raw(session)).fetch(PAGE, athlete.athlete_id, started_at, workout_id, limit)
    return [structs.replace(await stored(session, athlete, row), more=row["more"]) for row in rows]


async def stored(session: Session, athlete: VisibleAthlete, row: Any) -> StoredWorkout:
    """The row's cached response, rebuilt from history where its representation is out of date."""
    body: bytes = row["body"]
    if row["representation"] != workout_view.REPRESENTATION:
        newest = await (await raw(session)).fetchrow(NEWEST_RECORD, athlete.athlete_id, row["id"])
        if newest is None:
            raise LookupError(f"The workout {row['id']} has no history.")
        record = revisions.decode(newest["record"], newest["schema_version"])
        body = workout_view.body(record, created_at=row["created_at"], updated_at=row["updated_at"])
    return StoredWorkout(
        workout_id=row["id"],
        started_at=row["started_at"],
        data_version=row["data_version"],
        body=workout_view.with_version(body, row["data_version"]),
    )
