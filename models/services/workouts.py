"""Recording, editing and deleting one workout: the truth, its history and its event in one transaction."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from asyncpg import UniqueViolationError
from msgspec import Struct

from models.db import Session, raw
from models.domain import revisions, workout_view, workouts
from models.domain.bounds import FIRST_CUSTOM_EXERCISE_ID
from models.domain.catalogue import load as load_catalogue
from models.domain.errors import Conflict, Fault, Gone, Invalid, NotFound, Stale
from models.domain.workouts import RECORD_SCHEMA_VERSION, WorkoutDraft, WorkoutRecord
from models.queries import workouts as queries
from models.queries.visibility import VisibleAthlete
from models.services.workout_rows import detail_rows, set_arrays, workout_row
from models.services.workout_sql import CLEAR_SETS, DELETE, EDIT, RECORD, REPLACE_SETS

OWN_CUSTOM = "SELECT id FROM exercises WHERE owner_id = $1 AND id = ANY ($2::int[])"


class Recorded(Struct, frozen=True, kw_only=True):
    """A workout as the write left it; `body` is the complete response, `created` false for a replayed create."""

    workout_id: UUID
    data_version: int
    body: bytes
    created: bool


async def record_workout(
    session: Session,
    draft: WorkoutDraft,
    *,
    athlete: VisibleAthlete,
    workout_id: UUID,
    actor_id: UUID,
    now: datetime,
) -> Recorded:
    """Record a new workout in one round trip.

    The same body under the same id answers with the current state. Raises Invalid, Conflict (the id holds another
    workout) or Gone (it was deleted).
    """
    workouts.check(draft, now=now)
    record = workouts.record(draft, workout_id=workout_id)
    canonical = revisions.encode(record)
    body = workout_view.body(record, created_at=now, updated_at=now)
    custom = _custom_exercises(draft)
    version = await _insert(session, record, canonical, body, custom, athlete=athlete, actor_id=actor_id, now=now)
    if version is None:
        return await _replayed(session, canonical, workout_id, custom, draft, athlete=athlete)
    complete = workout_view.with_version(body, version)
    return Recorded(workout_id=workout_id, data_version=version, body=complete, created=True)


async def edit_workout(
    session: Session,
    draft: WorkoutDraft,
    *,
    athlete: VisibleAthlete,
    workout_id: UUID,
    actor_id: UUID,
    now: datetime,
    expected_version: int,
) -> Recorded:
    """Replace a workout that is still at `expected_version`; raises Invalid, NotFound, Gone or Stale."""
    workouts.check(draft, now=now)
    await _refuse_strange(session, _custom_exercises(draft), draft, athlete=athlete)
    current = await _current(session, athlete, workout_id)
    record = workouts.record(draft, workout_id=workout_id, source=_source(current))
    body = workout_view.body(record, created_at=current["created_at"], updated_at=now)
    version = await _replace(session, record, body, expected_version, athlete=athlete, actor_id=actor_id, now=now)
    if version is None:
        raise await _stale(session, athlete, workout_id, expected_version)
    complete = workout_view.with_version(body, version)
    return Recorded(workout_id=workout_id, data_version=version, body=complete, created=False)


async def delete_workout(
    session: Session,
    *,
    athlete: VisibleAthlete,
    workout_id: UUID,
    actor_id: UUID,
    now: datetime,
    expected_version: int | None = None,
) -> int:
    """Leave a tombstone and return its version; raises NotFound, Gone or Stale."""
    version = await (await raw(session)).fetchval(
        DELETE, athlete.athlete_id, workout_id, expected_version, actor_id, now, RECORD_SCHEMA_VERSION, None
    )
    if version is None:
        await _current(session, athlete, workout_id)
        raise await _stale(session, athlete, workout_id, expected_version or 0)
    await (await raw(session)).execute(CLEAR_SETS, athlete.athlete_id, workout_id)
    return version


async def _insert(
    session: Session,
    record: WorkoutRecord,
    canonical: bytes,
    body: bytes,
    custom: Sequence[int],
    *,
    athlete: VisibleAthlete,
    actor_id: UUID,
    now: datetime,
) -> int | None:
    """The new version, or None where something forbids the write: the caller asks what."""
    connection = await raw(session)
    try:
        async with _savepoint(connection):
            return await connection.fetchval(
                RECORD,
                *(athlete.athlete_id, record.workout_id, record.performed_on, actor_id, now),
                *(record.schema_version, canonical.decode(), custom),
                *(sha256(canonical).digest(), workout_view.REPRESENTATION, body),
                *workout_row(record),
                *set_arrays(record.sets),
                *_detail_arrays(record),
            )
    except UniqueViolationError:
        # Two creates of one id raced; the other has committed, so its state is there to compare with.
        return None


@asynccontextmanager
async def _savepoint(connection: Any) -> AsyncGenerator[None]:
    """Keep a failing statement from spoiling the transaction that it is part of, if it is part of one."""
    if connection.is_in_transaction():
        async with connection.transaction():
            yield
    else:
        yield


async def _replayed(
    session: Session,
    canonical: bytes,
    workout_id: UUID,
    custom: Sequence[int],
    draft: WorkoutDraft,
    *,
    athlete: VisibleAthlete,
) -> Recorded:
    row = await (await raw(session)).fetchrow(queries.ONE, athlete.athlete_id, workout_id)
    if row is None:
        await _refuse_strange(session, custom, draft, athlete=athlete)
        raise NotFound("There is no such athlete.")
    if row["deleted_at"] is not None:
        raise Gone("This workout was deleted.")
    if row["create_digest"] != sha256(canonical).digest():
        raise Conflict("This id already holds another workout. Send If-Match to edit it.")
    current = await queries.stored(session, athlete, row)
    return Recorded(workout_id=workout_id, data_version=current.data_version, body=current.body, created=False)


async def _replace(
    session: Session,
    record: WorkoutRecord,
    body: bytes,
    expected_version: int,
    *,
    athlete: VisibleAthlete,
    actor_id: UUID,
    now: datetime,
) -> int | None:
    connection = await raw(session)
    key = (athlete.athlete_id, record.workout_id)
    version = await connection.fetchval(
        EDIT, *key, expected_version, workout_view.REPRESENTATION, now, body, *workout_row(record)[:-2]
    )
    if version is None:
        return None
    await connection.execute(CLEAR_SETS, *key)
    return await connection.fetchval(
        REPLACE_SETS,
        *(*key, record.performed_on, actor_id, now, record.schema_version, revisions.encode(record).decode(), version),
        *set_arrays(record.sets),
        *_detail_arrays(record),
    )


async def _current(session: Session, athlete: VisibleAthlete, workout_id: UUID) -> Any:
    """The live row's columns; raises NotFound or Gone."""
    statement = (
        "SELECT created_at, deleted_at, data_version, source_app, source_key"
        " FROM workouts WHERE athlete_id = $1 AND id = $2"
    )
    row = await (await raw(session)).fetchrow(statement, athlete.athlete_id, workout_id)
    if row is None:
        raise NotFound("There is no such workout.")
    if row["deleted_at"] is not None:
        raise Gone("This workout was deleted.")
    return row


async def _stale(session: Session, athlete: VisibleAthlete, workout_id: UUID, given_version: int) -> Stale:
    current = await _current(session, athlete, workout_id)
    return Stale(
        "The workout has changed since the version you edited.",
        current_version=current["data_version"],
        given_version=given_version,
    )


async def _refuse_strange(
    session: Session, custom: Sequence[int], draft: WorkoutDraft, *, athlete: VisibleAthlete
) -> None:
    """Raise Invalid for custom exercises that are not the athlete's own."""
    if not custom:
        return
    rows = await (await raw(session)).fetch(OWN_CUSTOM, athlete.athlete_id, custom)
    if strange := set(custom) - {row["id"] for row in rows}:
        raise _unknown_exercises(draft, strange)


def _custom_exercises(draft: WorkoutDraft) -> list[int]:
    """The distinct custom exercises of a draft; raises Invalid for a catalogue id that does not exist."""
    used = {entry.exercise_id for entry in draft.sets}
    custom = {number for number in used if number >= FIRST_CUSTOM_EXERCISE_ID}
    if unknown := used - custom - load_catalogue().by_id.keys():
        raise _unknown_exercises(draft, unknown)
    return sorted(custom)


def _unknown_exercises(draft: WorkoutDraft, unknown: set[int]) -> Invalid:
    return Invalid(
        [
            Fault(path=f"$.sets[{at}].exercise_id", message="There is no such exercise.")
            for at, entry in enumerate(draft.sets)
            if entry.exercise_id in unknown
        ]
    )


def _detail_arrays(record: WorkoutRecord) -> tuple[list[Any], ...]:
    details = detail_rows(record.sets)
    return ([row[0] for row in details], [row[1] for row in details], [row[2] for row in details])


def _source(row: Any) -> workouts.WorkoutSource | None:
    return None if row["source_app"] is None else workouts.WorkoutSource(app=row["source_app"], key=row["source_key"])
