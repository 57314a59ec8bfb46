"""Restoring what is no workout from Loadstone's own export: settings, own exercises, merges and items.

What an account has already, or has deleted, stays as it is: restoring again changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID

import msgspec
from msgspec import structs

from models.db import Driver, Session, raw
from models.domain import items
from models.domain.errors import Fault, Invalid
from models.domain.events import Topic
from models.domain.exercises import LOAD_MODE_CODES, CustomExerciseDraft
from models.domain.exports import OwnExercise, OwnItem, OwnMerge, Rest, Settings
from models.domain.nouns import NOUNS_BY_KIND
from models.domain.profile import PROFILE
from models.domain.units import MASS_UNIT_CODES
from models.domain.workouts import WorkoutDraft, WorkoutSource
from models.queries.visibility import VisibleAthlete
from models.readers.loadstone_workouts import FORMAT
from models.readers.parsed import ImportedWorkout
from models.services.exercises import REVISION

LOCK = "SELECT data_version FROM athlete_clocks WHERE athlete_id = $1 FOR UPDATE"
RAISE = "UPDATE athlete_clocks SET data_version = $2, changed_at = $3 WHERE athlete_id = $1"
EVENT = "INSERT INTO outbox (athlete_id, topic, created_at) VALUES ($1, $2, $3)"
SET = "UPDATE accounts SET time_zone = $2, mass_unit = $3, settings_version = $4 WHERE id = $1"
# By public id first; by name else, as an account has a name only once.
FOUND = """
SELECT wanted.number, own.id FROM unnest($2::int[], $3::uuid[], $4::text[]) AS wanted (number, public_id, name)
CROSS JOIN LATERAL (
    SELECT id FROM exercises WHERE owner_id = $1 AND (public_id = wanted.public_id OR lower(name) = lower(wanted.name))
    ORDER BY public_id = wanted.public_id DESC LIMIT 1
) AS own
"""
NEW_IDS = "SELECT nextval('custom_exercise_ids')::int AS id FROM generate_series(1, $1::int)"
MAKE = """
INSERT INTO exercises (id, owner_id, public_id, name, aliases, muscles, pattern, equipment, mechanics, load_mode,
    unilateral, implements, bodyweight_permille, joint_tags, substitutions, data_version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING RETURNING id
"""
MERGED = "SELECT exercise_id, target_id, undone_at FROM exercise_merges WHERE athlete_id = $1"
PRESENT = "SELECT kind, id FROM athlete_items WHERE athlete_id = $1"

MERGE_COLUMNS = ("athlete_id", "exercise_id", "target_id", "data_version", "merged_at")
ITEM_COLUMNS = (
    *("athlete_id", "kind", "id", "data_version", "schema_version", "record", "create_digest"),
    *("created_at", "updated_at"),
)
REVISION_COLUMNS = (
    *("athlete_id", "kind", "item_id", "data_version", "action", "schema_version", "record"),
    *("recorded_at", "actor_id"),
)

Numbers = Mapping[int, int]


async def restore(
    session: Session, rest: bytes, *, athlete: VisibleAthlete, actor_id: UUID, now: datetime
) -> dict[int, int]:
    """Restore what the account lacks; the exercise of this account for each own one of the file, by its number there.

    Each row gets a version of its own. Raises Invalid where an item breaks a rule today. Needs a transaction.
    """
    told = msgspec.json.decode(rest, type=Rest)
    connection, owner = await raw(session), athlete.athlete_id
    before: int = await connection.fetchval(LOCK, owner)
    versions = count(before + 1)
    if before == 0 and told.settings is not None:
        await _set(connection, owner, told.settings, next(versions))
    numbers = await _exercises(connection, owner, told.exercises, versions, actor_id, now)
    await _merges(connection, owner, told.merges, numbers, versions, now)
    await _items(connection, owner, told.items, numbers, versions, actor_id, now)
    after = next(versions) - 1
    if after > before:
        await connection.execute(RAISE, owner, after, now)
        await connection.execute(EVENT, owner, Topic.ATHLETE_CHANGED, now)
    return numbers


def renumbered(draft: WorkoutDraft, numbers: Numbers) -> WorkoutDraft:
    """The draft of a file with the exercises of the account that it comes to."""
    sets = [
        structs.replace(entry, exercise_id=numbers.get(entry.exercise_id, entry.exercise_id)) for entry in draft.sets
    ]
    return structs.replace(draft, sets=tuple(sets))


def kept_source(item: ImportedWorkout, workout_id: UUID) -> WorkoutSource | None:
    """The source to record: none for what was recorded in Loadstone itself and has its id again, which says it all."""
    own = item.source.app == FORMAT and item.source.key == str(workout_id)
    return None if own else item.source


async def _set(connection: Driver, owner: UUID, settings: Settings, version: int) -> None:
    await connection.execute(SET, owner, settings.time_zone, MASS_UNIT_CODES[settings.mass_unit], version)


async def _exercises(
    connection: Driver,
    owner: UUID,
    exercises: tuple[OwnExercise, ...],
    versions: Iterator[int],
    actor_id: UUID,
    now: datetime,
) -> dict[int, int]:
    wanted = [[getattr(item, name) for item in exercises] for name in ("id", "public_id", "name")]
    numbers: dict[int, int] = {row["number"]: row["id"] for row in await connection.fetch(FOUND, owner, *wanted)}
    new = [item for item in exercises if item.id not in numbers]
    made = await connection.fetch(NEW_IDS, len(new))
    numbers |= {item.id: row["id"] for item, row in zip(new, made, strict=True)}
    for item in new:
        # The database's lower case is the judge of names that only it takes for one.
        version, number = next(versions), numbers[item.id]
        if await connection.fetchval(MAKE, *_exercise_row(owner, item, numbers, version)) is None:
            raise Invalid([Fault(path="$.exercises", message=f"`{item.name}` is the name of another exercise.")])
        record = msgspec.json.encode(_exercise_draft(item)).decode()
        await connection.execute(REVISION, owner, number, version, "create", record, now, actor_id)
    return numbers


def _exercise_draft(exercise: OwnExercise) -> CustomExerciseDraft:
    return CustomExerciseDraft(**{name: getattr(exercise, name) for name in CustomExerciseDraft.__struct_fields__})


def _exercise_row(owner: UUID, exercise: OwnExercise, numbers: Numbers, version: int) -> tuple[Any, ...]:
    return (
        *(numbers[exercise.id], owner, exercise.public_id, exercise.name, list(exercise.aliases)),
        *(msgspec.json.encode(exercise.muscles).decode(), exercise.pattern.value),
        [kind.value for kind in exercise.equipment],
        None if exercise.mechanics is None else exercise.mechanics.value,
        *(LOAD_MODE_CODES[exercise.load_mode], exercise.unilateral, exercise.implements),
        round(exercise.bodyweight_fraction * 1000),
        [tag.value for tag in exercise.joint_tags],
        [numbers.get(other, other) for other in exercise.substitutions],
        version,
    )


async def _merges(
    connection: Driver,
    owner: UUID,
    merges: tuple[OwnMerge, ...],
    numbers: Numbers,
    versions: Iterator[int],
    now: datetime,
) -> None:
    rows = await connection.fetch(MERGED, owner)
    known = {row["exercise_id"] for row in rows}
    in_force = {row["exercise_id"]: row["target_id"] for row in rows if row["undone_at"] is None}
    new: list[tuple[Any, ...]] = []
    for merge in merges:
        start, target = numbers[merge.exercise_id], numbers.get(merge.target_id, merge.target_id)
        if start not in known and not _leads_to(target, start, in_force):
            known.add(start)
            in_force[start] = target
            new.append((owner, start, target, next(versions), min(merge.merged_at, now)))
    await connection.copy_records_to_table("exercise_merges", columns=MERGE_COLUMNS, records=new)


def _leads_to(exercise_id: int, end: int, merges: Mapping[int, int]) -> bool:
    """Whether following the merges from an exercise comes to this one: one that did would go round for ever."""
    met: set[int] = set()
    while exercise_id != end and exercise_id in merges and exercise_id not in met:
        met.add(exercise_id)
        exercise_id = merges[exercise_id]
    return exercise_id == end


async def _items(
    connection: Driver,
    owner: UUID,
    stated: tuple[OwnItem, ...],
    numbers: Numbers,
    versions: Iterator[int],
    actor_id: UUID,
    now: datetime,
) -> None:
    present = {(row["kind"], row["id"]) for row in await connection.fetch(PRESENT, owner)}
    new = [item for item in stated if (item.kind, _item_id(item, owner)) not in present]
    rows = [_item_row(item, owner, next(versions), lambda number: numbers.get(number, number), now) for item in new]
    await connection.copy_records_to_table("athlete_items", columns=ITEM_COLUMNS, records=rows)
    await connection.copy_records_to_table(
        "athlete_item_revisions",
        columns=REVISION_COLUMNS,
        records=[(*row[:4], "create", *row[4:6], now, actor_id) for row in rows],
    )


def _item_id(item: OwnItem, owner: UUID) -> Any:
    return owner if item.kind == PROFILE.kind else item.id


def _item_row(
    item: OwnItem, owner: UUID, version: int, renumber: Callable[[int], int], now: datetime
) -> tuple[Any, ...]:
    noun = NOUNS_BY_KIND[item.kind]
    draft: Any = noun.renumbered(msgspec.convert(item.record, noun.draft), renumber)
    items.check(noun, draft, now=now)
    record = items.encode(noun, draft)
    return (
        *(owner, item.kind, _item_id(item, owner), version, noun.schema_version, record.decode()),
        *(sha256(record).digest(), now, now),
    )
