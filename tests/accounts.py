"""Whole accounts for round trips: anything that an athlete may have recorded, and all of it as clients read it."""

import io
from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

import msgspec
from msgspec import Struct, structs
from sqlalchemy.ext.asyncio import AsyncSession

from models import db, ids, readers
from models.db import Sessions, raw
from models.domain import workouts as workout_rules
from models.domain.accounts import AccountChanges
from models.domain.exclusions import EXCLUSION, ExclusionDraft, ExclusionKind
from models.domain.goals import GOAL, GoalDraft, LiftGoal
from models.domain.items import Noun
from models.domain.measurements import MEASUREMENT, MeasurementDraft, MeasurementKind, MeasurementUnit
from models.domain.merges import MergeDraft
from models.domain.nouns import NOUNS
from models.domain.profile import PROFILE, ProfileDraft, Sex
from models.domain.receipts import Receipt
from models.domain.units import MassUnit
from models.domain.workouts import WorkoutDraft, WorkoutSource
from models.queries import accounts as account_queries
from models.queries import exercises as exercise_queries
from models.queries import items as item_queries
from models.queries import merges as merge_queries
from models.queries import workouts as workout_queries
from models.queries.visibility import VisibleAthlete
from models.readers.parsed import ParsedLog
from models.services import (
    accounts,
    bulk,
    exercises,
    exports,
    import_jobs,
    import_publishing,
    import_staging,
    imports,
    items,
    merges,
    restore,
    workouts,
)
from models.services.exports import ExportFormat
from models.services.import_jobs import Job
from models.services.imports import Upload
from tests.anything import Made
from tests.factories import BACK_SQUAT, BENCH_PRESS, NOW, a_full_set, a_workout, an_athlete

LEFT_OUT = {"data_version", "created_at", "updated_at"}
LATER = NOW + timedelta(days=30)


async def make(session: AsyncSession, made: Made) -> VisibleAthlete:
    """The account, with something deleted, something edited and one of each kind of item."""
    athlete = await an_athlete(session)
    await accounts.change_account(
        session, athlete, AccountChanges(time_zone="Asia/Tokyo", mass_unit=MassUnit.LB), now=NOW
    )
    own = [
        (await exercises.create_custom(session, draft, athlete=athlete, public_id=ids.new(), now=NOW)).id
        for draft in made.exercises
    ]
    numbers = {10_000 + at: exercise_id for at, exercise_id in enumerate(own)}
    await _record(session, athlete, made, numbers)
    await _state(session, athlete, made, own[0] if own else BACK_SQUAT)
    if len(own) > 1:
        await merges.merge(session, MergeDraft(exercise_id=own[0], target_id=own[1]), athlete=athlete, now=NOW)
        await merges.merge(session, MergeDraft(exercise_id=own[1], target_id=BENCH_PRESS), athlete=athlete, now=NOW)
    return athlete


async def _record(session: AsyncSession, athlete: VisibleAthlete, made: Made, numbers: dict[int, int]) -> None:
    deleted, actor_id = ids.new(), athlete.athlete_id
    drafts = [(ids.new(), draft) for draft in [*made.workouts, a_workout(sets=(a_full_set(),))]]
    for workout_id, draft in [*drafts, (deleted, a_workout())]:
        own = restore.renumbered(draft, numbers)
        await workouts.record_workout(session, own, athlete=athlete, workout_id=workout_id, actor_id=actor_id, now=NOW)
    await workouts.delete_workout(session, athlete=athlete, workout_id=deleted, actor_id=actor_id, now=NOW)
    imported = [
        (ids.new(), restore.renumbered(draft, numbers), WorkoutSource(app="strong", key=f"=key {at}"))
        for at, draft in enumerate(made.imported)
    ]
    await copy_in(session, athlete, imported)


Item = tuple[UUID, WorkoutDraft, WorkoutSource | None]
PRESENT = "SELECT id, source_app, source_key FROM workouts WHERE athlete_id = $1"
CLOCK = "SELECT data_version FROM athlete_clocks WHERE athlete_id = $1 FOR UPDATE"
RAISE = "UPDATE athlete_clocks SET data_version = $2 WHERE athlete_id = $1"


async def copy_in(session: Any, athlete: VisibleAthlete, found: Sequence[Item]) -> None:
    """Record the workouts whose id and source are new, as a publishing import does."""
    connection, owner = await raw(session), athlete.athlete_id
    version = await connection.fetchval(CLOCK, owner)
    rows = await connection.fetch(PRESENT, owner)
    known = {row["id"] for row in rows} | {WorkoutSource(app=row[1] or "", key=row[2] or "") for row in rows}
    new = [item for item in found if item[0] not in known and item[2] not in known]
    records = [workout_rules.record(draft, workout_id=item_id, source=source) for item_id, draft, source in new]
    await bulk.copy_records(connection, records, first_version=version + 1, athlete=athlete, actor_id=owner, now=NOW)
    await connection.execute(RAISE, owner, version + len(records))


async def _state(session: AsyncSession, athlete: VisibleAthlete, made: Made, exercise_id: int) -> None:
    weighed = MeasurementDraft(
        measured_at=NOW,
        time_zone="UTC",
        kind=MeasurementKind.BODYWEIGHT,
        value=80.12345,
        unit=MeasurementUnit.KG,
    )
    lift = LiftGoal(exercise_id=exercise_id, load=225, load_unit=MassUnit.LB, reps=5)
    stated: list[tuple[Noun, Struct]] = [
        (GOAL, GoalDraft(target=lift, start_on=date(2026, 1, 1))),
        (EXCLUSION, ExclusionDraft(kind=ExclusionKind.INJURY, from_on=date(2026, 1, 1), exercise_ids=(exercise_id,))),
        *((MEASUREMENT, structs.replace(weighed, note=note)) for note in [None, *made.notes]),
    ]
    for noun, draft in stated:
        await _item(session, athlete, noun, draft, ids.new())
    await _item(session, athlete, PROFILE, ProfileDraft(sex=Sex.FEMALE, birth_year=1990), athlete.athlete_id)


async def _item(session: AsyncSession, athlete: VisibleAthlete, noun: Noun, draft: Struct, item_id: UUID) -> None:
    await items.create_item(
        session, noun, draft, athlete=athlete, item_id=item_id, actor_id=athlete.athlete_id, now=NOW
    )


async def exported(sessions: Sessions, athlete: VisibleAthlete, form: ExportFormat) -> bytes:
    """The file, whole."""
    async with db.transaction(sessions) as session:
        return await joined(exports.export(session, athlete, form, now=NOW))


async def joined(pieces: Any) -> bytes:
    async with aclosing(pieces) as open_pieces:
        return b"".join([piece async for piece in _typed(open_pieces)])


def _typed(pieces: AsyncIterable[bytes]) -> AsyncIterable[bytes]:
    return pieces


def read(data: bytes) -> ParsedLog:
    return readers.read(io.BytesIO(data), time_zone="America/New_York")


async def take_in(session: AsyncSession, data: bytes, athlete: VisibleAthlete) -> Receipt:
    """Import an export, as the steps of its run do; its receipt."""
    actor_id = athlete.athlete_id
    order = Upload(file_name=None, size_bytes=len(data), sha256=b"", time_zone="America/New_York", unit=None)
    import_id = await imports.upload(
        session, io.BytesIO(data), order, athlete=athlete, requested_by=actor_id, now=LATER
    )
    for write in (_stage(data), import_publishing.publish):
        job = await import_jobs.begin(session, athlete, import_id, now=LATER)
        assert job is not None
        await write(session, job, athlete=athlete, now=LATER)
    statement = "SELECT receipt::text FROM imports WHERE athlete_id = $1 AND id = $2"
    return msgspec.json.decode(await (await raw(session)).fetchval(statement, actor_id, import_id), type=Receipt)


def _stage(data: bytes) -> Callable[..., Awaitable[None]]:
    async def stage(session: AsyncSession, job: Job, **terms: Any) -> None:
        await import_staging.stage(session, read(data), job, **terms)

    return stage


async def state(session: AsyncSession, athlete: VisibleAthlete) -> dict[str, Any]:
    """Everything that clients read, but for what is the account's: its id, its versions, and when it was written."""
    own = await _own_exercises(session, athlete)
    numbers = {exercise.id: str(exercise.public_id) for exercise in own}
    account = await account_queries.get_account(session, athlete)
    listed = await workout_queries.list_workouts(session, athlete, after=None, limit=200)
    return _plain(
        {
            "settings": (account.time_zone, account.mass_unit),
            "exercises": own,
            "merges": await merge_queries.list_merges(session, athlete),
            "workouts": [msgspec.json.decode(stored.body) for stored in listed],
            "items": [await _items(session, athlete, noun) for noun in NOUNS],
        },
        numbers,
        athlete.athlete_id,
    )


async def _own_exercises(session: AsyncSession, athlete: VisibleAthlete) -> list[Any]:
    statement = f"SELECT {exercise_queries.COLUMNS} FROM exercises WHERE owner_id = $1 ORDER BY public_id"
    rows = await (await raw(session)).fetch(statement, athlete.athlete_id)
    return [exercise_queries.exercise(row) for row in rows]


async def _items(session: AsyncSession, athlete: VisibleAthlete, noun: Noun) -> list[Any]:
    listed = await item_queries.list_items(session, athlete, noun, after=None, limit=200)
    return sorted((msgspec.json.decode(stored.body) for stored in listed), key=lambda item: item["id"])


def _plain(value: Any, numbers: dict[int, str], athlete_id: UUID) -> Any:
    """The value as plain JSON, with own exercises by their public ids."""
    plain: dict[str, Any] = _walked("", msgspec.to_builtins(value), numbers, str(athlete_id))
    merges: list[dict[str, Any]] = plain["merges"]
    return {**plain, "merges": sorted(merges, key=_exercise_of)}


def _exercise_of(merge: dict[str, Any]) -> str:
    return merge["exercise_id"]


def _walked(name: str, found: Any, numbers: dict[int, str], athlete_id: str) -> Any:
    if isinstance(found, dict):
        fields: dict[str, Any] = cast(Any, found)
        return {key: _walked(key, fields[key], numbers, athlete_id) for key in fields if key not in LEFT_OUT}
    if isinstance(found, list | tuple):
        entries: list[Any] = list(cast(Any, found))
        return [_walked(name, entry, numbers, athlete_id) for entry in entries]
    if name in {"exercise_id", "exercise_ids", "target_id", "id"} and found in numbers:
        return numbers[found]
    return "the athlete" if found == athlete_id else found
