"""Writing a batch: every item is answered by itself, and all that is written is committed together."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct, structs

from models.db import Session, raw
from models.domain import batches, workout_view
from models.domain import workouts as rules
from models.domain.batches import BatchItem, Operation
from models.domain.errors import Conflict, Gone, LoadstoneError, NotFound, Stale
from models.domain.events import Topic
from models.domain.workouts import WorkoutDraft, WorkoutRecord
from models.queries import workouts as queries
from models.queries.visibility import VisibleAthlete
from models.services import bulk, workout_checks, workouts

# FOR UPDATE first: whatever follows in this transaction sees every write that came before, and none comes between.
LOCK = "SELECT data_version FROM athlete_clocks WHERE athlete_id = $1 FOR UPDATE"
TAKEN = "SELECT id FROM workouts WHERE athlete_id = $1 AND id = ANY ($2::uuid[])"
RAISE = "UPDATE athlete_clocks SET data_version = $2, changed_at = $3, last_recorded_at = $3 WHERE athlete_id = $1"
EVENT = "INSERT INTO outbox (athlete_id, topic, created_at) VALUES ($1, $2, $3)"
# So much of current states is told in one answer; a client reads those beyond it one by one.
MOST_BYTES = 8 * 2**20
# Fewer are cheaper one by one.
FEWEST_COPIED = 3


class Done(StrEnum):
    CREATED = "created"
    CURRENT = "current"
    EDITED = "edited"
    DELETED = "deleted"
    REFUSED = "refused"


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of an item; `body` is the workout as it is now, beside a refusal too if it is there."""

    workout_id: UUID | None
    done: Done
    data_version: int | None = None
    body: bytes | None = None
    error: LoadstoneError | None = None


class Writer(Struct, frozen=True, kw_only=True):
    """Whose batch it is, who sends it and when."""

    athlete: VisibleAthlete
    actor_id: UUID
    now: datetime


async def write(
    session: Session,
    items: Sequence[BatchItem | LoadstoneError],
    *,
    athlete: VisibleAthlete,
    actor_id: UUID,
    now: datetime,
) -> list[Outcome]:
    """The outcome of each item in its order; an item that is an error already is told as refused.

    An item that comes after another of the same workout sees what that one wrote. Needs a transaction.
    """
    writer = Writer(athlete=athlete, actor_id=actor_id, now=now)
    version: int | None = await (await raw(session)).fetchval(LOCK, athlete.athlete_id)
    if version is None:
        raise NotFound("There is no such athlete.")
    outcomes: dict[int, Outcome] = {}
    for at, item in enumerate(items):
        if error := item if isinstance(item, LoadstoneError) else _fault(item):
            known = None if isinstance(item, LoadstoneError) else item.id
            outcomes[at] = Outcome(workout_id=known, done=Done.REFUSED, error=error)
    left = [(at, item) for at, item in enumerate(items) if at not in outcomes and isinstance(item, BatchItem)]
    outcomes |= await _create_new(session, left, writer, version=version)
    for at, item in left:
        if at not in outcomes:
            outcomes[at] = await _one(session, item, writer)
    return list(_within_bounds([outcomes[at] for at in range(len(items))]))


def _within_bounds(outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    """A state is told once, by the last item of its workout, and not beyond the bytes that an answer may have."""
    last = {(outcome.workout_id, outcome.data_version): at for at, outcome in enumerate(outcomes)}
    left = MOST_BYTES
    for at, outcome in enumerate(outcomes):
        size = len(outcome.body or b"")
        if last[outcome.workout_id, outcome.data_version] != at or size > left:
            yield structs.replace(outcome, body=None)
        else:
            left -= size
            yield outcome


def _fault(item: BatchItem) -> LoadstoneError | None:
    try:
        batches.check(item)
    except LoadstoneError as error:
        return error
    return None


async def _create_new(
    session: Session, items: Sequence[tuple[int, BatchItem]], writer: Writer, *, version: int
) -> dict[int, Outcome]:
    """Copy, in a few statements, what is certainly new; the rest takes its turn one by one."""
    taken = await (await raw(session)).fetch(TAKEN, writer.athlete.athlete_id, [item.id for _, item in items])
    new = list(_first_creates(items, {row["id"] for row in taken}))
    drafts = {at: item for at, item in new if await _is_valid(session, item.workout, writer)}
    if len(drafts) < FEWEST_COPIED:
        return {}
    records = {at: rules.record(_given(item.workout), workout_id=item.id) for at, item in drafts.items()}
    await _copy(session, list(records.values()), writer, version=version)
    return {at: _created(record, writer, number) for number, (at, record) in enumerate(records.items(), version + 1)}


def _first_creates(items: Sequence[tuple[int, BatchItem]], taken: set[UUID]) -> Iterator[tuple[int, BatchItem]]:
    seen = set(taken)
    for at, item in items:
        if item.operation is Operation.PUT and item.if_match is None and item.id not in seen:
            yield at, item
        seen.add(item.id)


async def _is_valid(session: Session, draft: WorkoutDraft | None, writer: Writer) -> bool:
    try:
        await workout_checks.check(session, _given(draft), athlete=writer.athlete, now=writer.now)
    except LoadstoneError:
        return False
    return True


async def _copy(session: Session, records: Sequence[WorkoutRecord], writer: Writer, *, version: int) -> None:
    connection, owner = await raw(session), writer.athlete.athlete_id
    await bulk.copy_records(
        connection,
        records,
        first_version=version + 1,
        athlete=writer.athlete,
        actor_id=writer.actor_id,
        now=writer.now,
    )
    await connection.execute(RAISE, owner, version + len(records), writer.now)
    await connection.execute(EVENT, owner, Topic.ATHLETE_CHANGED, writer.now)


def _created(record: WorkoutRecord, writer: Writer, version: int) -> Outcome:
    body = workout_view.body(record, created_at=writer.now, updated_at=writer.now)
    return Outcome(
        workout_id=record.workout_id,
        done=Done.CREATED,
        data_version=version,
        body=workout_view.with_version(body, version),
    )


async def _one(session: Session, item: BatchItem, writer: Writer) -> Outcome:
    write_one = _delete if item.operation is Operation.DELETE else _put
    try:
        # A savepoint: a write that is refused leaves the clock as it was.
        async with (await raw(session)).transaction():
            return await write_one(session, item, writer)
    except (Conflict, Stale) as error:
        current = await queries.get_workout(session, writer.athlete, item.id)
        return Outcome(
            workout_id=item.id,
            done=Done.REFUSED,
            data_version=current.data_version,
            body=current.body,
            error=error,
        )
    except Gone as error:
        version = await queries.version(session, writer.athlete, item.id)
        return Outcome(workout_id=item.id, done=Done.REFUSED, data_version=version, error=error)
    except LoadstoneError as error:
        return Outcome(workout_id=item.id, done=Done.REFUSED, error=error)


async def _delete(session: Session, item: BatchItem, writer: Writer) -> Outcome:
    version = await workouts.delete_workout(
        session,
        athlete=writer.athlete,
        workout_id=item.id,
        actor_id=writer.actor_id,
        now=writer.now,
        expected_version=item.if_match,
    )
    return Outcome(workout_id=item.id, done=Done.DELETED, data_version=version)


async def _put(session: Session, item: BatchItem, writer: Writer) -> Outcome:
    if item.if_match is None:
        recorded = await workouts.record_workout(
            session,
            _given(item.workout),
            athlete=writer.athlete,
            workout_id=item.id,
            actor_id=writer.actor_id,
            now=writer.now,
        )
        done = Done.CREATED if recorded.created else Done.CURRENT
    else:
        recorded = await workouts.edit_workout(
            session,
            _given(item.workout),
            athlete=writer.athlete,
            workout_id=item.id,
            actor_id=writer.actor_id,
            now=writer.now,
            expected_version=item.if_match,
        )
        done = Done.EDITED
    return Outcome(workout_id=item.id, done=done, data_version=recorded.data_version, body=recorded.body)


def _given(draft: WorkoutDraft | None) -> WorkoutDraft:
    """A put's workout: batches.check has seen it."""
    if draft is None:
        raise LookupError("A put without a workout.")
    return draft
