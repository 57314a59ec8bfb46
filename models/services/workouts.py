"""Recording, editing and deleting one workout: the truth, its history and its event in one transaction."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from asyncpg import UniqueViolationError
from msgspec import Struct, structs

from models.db import Session, raw
from models.domain import revisions, workout_view, workouts
from models.domain.errors import Conflict, Gone, NotFound, Stale
from models.domain.workouts import RECORD_SCHEMA_VERSION, WorkoutDraft, WorkoutRecord
from models.queries import revisions as history
from models.queries import workouts as queries
from models.queries.visibility import VisibleAthlete
from models.services.workout_checks import custom_exercises, refuse_strange
from models.services.workout_rows import detail_rows, set_arrays, workout_row
from models.services.workout_sql import CLEAR_SETS, DELETE, EDIT, RECORD, RESTORE, Replacement

LOCK = "SELECT data_version FROM athlete_clocks WHERE athlete_id = $1 FOR UPDATE"
TAKE_SOURCE = "UPDATE workouts SET source_app = $3, source_key = $4 WHERE athlete_id = $1 AND id = $2"


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
    custom = custom_exercises(draft)
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
    await refuse_strange(session, custom_exercises(draft), draft, athlete=athlete)
    current = await _current(session, athlete, workout_id)
    record = workouts.record(draft, workout_id=workout_id, source=_source(current))
    body = workout_view.body(record, created_at=current["created_at"], updated_at=now)
    version = await replace(
        session, record, body, expected_version, action=EDIT, athlete=athlete, actor_id=actor_id, now=now
    )
    if version is None:
        raise await _stale(session, athlete, workout_id, expected_version)
    complete = workout_view.with_version(body, version)
    return Recorded(workout_id=workout_id, data_version=version, body=complete, created=False)


async def restore_workout(
    session: Session,
    *,
    athlete: VisibleAthlete,
    workout_id: UUID,
    revision: int,
    actor_id: UUID,
    now: datetime,
    expected_version: int | None = None,
) -> Recorded:
    """Make a revision the current state again, that of a deleted workout too; history only grows.

    Raises NotFound where there is no such revision or it is a deletion, Stale where the workout has moved on, Conflict
    where it was imported, undone and imported again: then its source is another workout by now. In a transaction.
    """
    await (await raw(session)).execute(LOCK, athlete.athlete_id)
    earlier = await history.content(session, athlete, workout_id, revision)
    current = await _row(session, athlete, workout_id)
    expected = current["data_version"] if expected_version is None else expected_version
    source = _source(current) or earlier.source
    record = structs.replace(earlier, schema_version=RECORD_SCHEMA_VERSION, source=source)
    body = workout_view.body(record, created_at=current["created_at"], updated_at=now)
    version = await replace(
        session, record, body, expected, action=RESTORE, athlete=athlete, actor_id=actor_id, now=now
    )
    if version is None:
        raise _moved_on(await _row(session, athlete, workout_id), expected)
    if source is not None:
        await _take_source(session, athlete, workout_id, source)
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
        await refuse_strange(session, custom, draft, athlete=athlete)
        raise NotFound("There is no such athlete.")
    if row["deleted_at"] is not None:
        raise Gone("This workout was deleted.")
    if row["create_digest"] != sha256(canonical).digest():
        raise Conflict("This id already holds another workout. Send If-Match to edit it.")
    current = await queries.stored(session, athlete, row)
    return Recorded(workout_id=workout_id, data_version=current.data_version, body=current.body, created=False)


async def replace(
    session: Session,
    record: WorkoutRecord,
    body: bytes,
    expected_version: int,
    *,
    action: Replacement,
    athlete: VisibleAthlete,
    actor_id: UUID,
    now: datetime,
) -> int | None:
    """Put a record in the place of the state at `expected_version`; its version, None where that is not the state."""
    connection = await raw(session)
    key = (athlete.athlete_id, record.workout_id)
    version = await connection.fetchval(
        action.workout, *key, expected_version, workout_view.REPRESENTATION, now, body, *workout_row(record)[:-2]
    )
    if version is None:
        return None
    await connection.execute(CLEAR_SETS, *key)
    return await connection.fetchval(
        action.sets,
        *(*key, record.performed_on, actor_id, now, record.schema_version, revisions.encode(record).decode(), version),
        *set_arrays(record.sets),
        *_detail_arrays(record),
    )


async def _take_source(
    session: Session, athlete: VisibleAthlete, workout_id: UUID, source: workouts.WorkoutSource
) -> None:
    """What was imported stands for its source again, so that its file brings it no second time."""
    try:
        await (await raw(session)).execute(TAKE_SOURCE, athlete.athlete_id, workout_id, source.app, source.key)
    except UniqueViolationError:
        raise Conflict("This workout was imported again since: another one has its place.") from None


async def _row(session: Session, athlete: VisibleAthlete, workout_id: UUID) -> Any:
    """The row's columns, of a tombstone too; raises NotFound."""
    statement = (
        "SELECT created_at, deleted_at, data_version, source_app, source_key"
        " FROM workouts WHERE athlete_id = $1 AND id = $2"
    )
    row = await (await raw(session)).fetchrow(statement, athlete.athlete_id, workout_id)
    if row is None:
        raise NotFound("There is no such workout.")
    return row


async def _current(session: Session, athlete: VisibleAthlete, workout_id: UUID) -> Any:
    """The live row's columns; raises NotFound or Gone."""
    row = await _row(session, athlete, workout_id)
    if row["deleted_at"] is not None:
        raise Gone("This workout was deleted.")
    return row


async def _stale(session: Session, athlete: VisibleAthlete, workout_id: UUID, given_version: int) -> Stale:
    return _moved_on(await _current(session, athlete, workout_id), given_version)


def _moved_on(row: Any, given_version: int) -> Stale:
    return Stale(
        "The workout has changed since the version you edited.",
        current_version=row["data_version"],
        given_version=given_version,
    )


def _detail_arrays(record: WorkoutRecord) -> tuple[list[Any], ...]:
    details = detail_rows(record.sets)
    return tuple([row[at] for row in details] for at in range(4))


def _source(row: Any) -> workouts.WorkoutSource | None:
    return None if row["source_app"] is None else workouts.WorkoutSource(app=row["source_app"], key=row["source_key"])
