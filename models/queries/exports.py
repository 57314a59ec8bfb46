"""Reads for an export: everything that an athlete recorded, in one snapshot, a page at a time."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from models.db import Session, raw
from models.domain import items as rules
from models.domain import revisions, workout_view
from models.domain.bounds import FIRST_CUSTOM_EXERCISE_ID
from models.domain.errors import NotFound
from models.domain.exercises import LOAD_MODES_BY_CODE, Equipment, JointTag, Mechanics, MuscleShare, Pattern
from models.domain.exports import OwnExercise, OwnItem, OwnMerge, Settings, WrittenWorkout
from models.domain.items import Stamp
from models.domain.nouns import NOUNS_BY_KIND
from models.domain.profile import PROFILE
from models.domain.units import MASS_UNITS_BY_CODE
from models.queries.visibility import VisibleAthlete

# A page ends before it is larger than this; one record always fits.
PAGE_BYTES = 128 * 1024
PAGE_ROWS = 200

SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
ACCOUNT = """
SELECT accounts.time_zone, accounts.mass_unit, clock.data_version
FROM accounts JOIN athlete_clocks AS clock ON clock.athlete_id = accounts.id WHERE accounts.id = $1
"""
EXERCISES = """
SELECT id, public_id, name, aliases, muscles::text AS muscles, pattern, equipment, mechanics, load_mode, unilateral,
    implements, bodyweight_permille, joint_tags, substitutions
FROM exercises WHERE owner_id = $1 ORDER BY public_id
"""
MERGES = """
SELECT exercise_id, target_id, merged_at FROM exercise_merges WHERE athlete_id = $1 AND undone_at IS NULL
"""
# In the order of their last changes, for where several may count it is the last one that does.
ITEMS = """
SELECT kind, id, data_version, created_at, updated_at, schema_version, record::text AS record FROM (
    SELECT *, sum(octet_length(record::text)) OVER (ORDER BY data_version) - octet_length(record::text) AS reached
    FROM athlete_items WHERE athlete_id = $1 AND deleted_at IS NULL AND data_version > $2
    ORDER BY data_version LIMIT $3
) AS page WHERE reached <= $4 ORDER BY data_version
"""
# The size of the cached response tells that of the record, which would have to be read for it.
WORKOUTS = """
SELECT page.id, page.started_at, page.created_at, page.updated_at, revision.schema_version,
    revision.record::text AS record
FROM (
    SELECT *, sum(octet_length(body)) OVER (ORDER BY started_at, id) - octet_length(body) AS reached FROM workouts
    WHERE athlete_id = $1 AND deleted_at IS NULL AND ($2::timestamptz IS NULL OR (started_at, id) > ($2, $3))
    ORDER BY started_at, id LIMIT $4
) AS page
JOIN workout_revisions AS revision ON revision.athlete_id = $1 AND revision.workout_id = page.id
    AND revision.data_version = page.data_version
WHERE reached <= $5 ORDER BY page.started_at, page.id
"""

_workout = msgspec.json.Decoder(WrittenWorkout)


class Opening(Struct, frozen=True, kw_only=True):
    """What an export begins with. `numbers` gives each own exercise its number in the file.

    They count from the first own id in the order of the public ids: so an account that was made from an export gives
    the same export again.
    """

    data_version: int
    settings: Settings
    exercises: tuple[OwnExercise, ...]
    merges: tuple[OwnMerge, ...]
    numbers: dict[int, int]


async def opening(session: Session, athlete: VisibleAthlete) -> Opening:
    """The beginning of an export, and of the snapshot that all its pages are read in: a transaction's first read."""
    connection = await raw(session)
    await connection.execute(SNAPSHOT)
    account = await connection.fetchrow(ACCOUNT, athlete.athlete_id)
    if account is None:
        raise NotFound("There is no such athlete.")
    rows = await connection.fetch(EXERCISES, athlete.athlete_id)
    numbers: dict[int, int] = {row["id"]: FIRST_CUSTOM_EXERCISE_ID + at for at, row in enumerate(rows)}
    merges = [_merge(row, numbers) for row in await connection.fetch(MERGES, athlete.athlete_id)]
    return Opening(
        data_version=account["data_version"],
        settings=Settings(
            time_zone=account["time_zone"],
            mass_unit=MASS_UNITS_BY_CODE[account["mass_unit"]],
        ),
        exercises=tuple([_exercise(row, numbers) for row in rows]),
        merges=tuple(sorted(merges, key=lambda merge: merge.exercise_id)),
        numbers=numbers,
    )


async def items(session: Session, athlete: VisibleAthlete, numbers: dict[int, int]) -> AsyncGenerator[list[OwnItem]]:
    """The athlete's items in the order of their last changes, page by page."""
    after = 0
    connection = await raw(session)
    while rows := await connection.fetch(ITEMS, athlete.athlete_id, after, PAGE_ROWS, PAGE_BYTES):
        after = rows[-1]["data_version"]
        yield [_item(row, numbers) for row in rows]


async def workouts(
    session: Session, athlete: VisibleAthlete, numbers: dict[int, int]
) -> AsyncGenerator[list[WrittenWorkout]]:
    """The athlete's workouts from the oldest on, page by page."""
    after: tuple[Any, UUID | None] = (None, None)
    connection = await raw(session)
    while rows := await connection.fetch(WORKOUTS, athlete.athlete_id, *after, PAGE_ROWS, PAGE_BYTES):
        after = (rows[-1]["started_at"], rows[-1]["id"])
        yield [_written(row, numbers) for row in rows]


def _exercise(row: Any, numbers: dict[int, int]) -> OwnExercise:
    return OwnExercise(
        id=numbers[row["id"]],
        public_id=row["public_id"],
        name=row["name"],
        aliases=tuple(row["aliases"]),
        muscles=msgspec.json.decode(row["muscles"], type=tuple[MuscleShare, ...]),
        pattern=Pattern(row["pattern"]),
        equipment=tuple(Equipment(item) for item in row["equipment"]),
        mechanics=None if row["mechanics"] is None else Mechanics(row["mechanics"]),
        load_mode=LOAD_MODES_BY_CODE[row["load_mode"]],
        unilateral=row["unilateral"],
        implements=row["implements"],
        bodyweight_fraction=row["bodyweight_permille"] / 1000,
        joint_tags=tuple(JointTag(tag) for tag in row["joint_tags"]),
        substitutions=tuple(_numbered(row["substitutions"], numbers)),
    )


def _numbered(exercise_ids: list[int], numbers: dict[int, int]) -> list[int]:
    return [numbers.get(exercise_id, exercise_id) for exercise_id in exercise_ids]


def _merge(row: Any, numbers: dict[int, int]) -> OwnMerge:
    target: int = row["target_id"]
    return OwnMerge(
        exercise_id=numbers[row["exercise_id"]], target_id=numbers.get(target, target), merged_at=row["merged_at"]
    )


def _item(row: Any, numbers: dict[int, int]) -> OwnItem:
    noun = NOUNS_BY_KIND[row["kind"]]
    kept = rules.decode(noun, row["record"], row["schema_version"])
    stamp = Stamp(**{name: row[name] for name in Stamp.__struct_fields__})
    stated = rules.draft_of(noun, msgspec.json.decode(rules.body(noun, kept, stamp)))
    draft = noun.renumbered(stated, lambda number: numbers.get(number, number))
    return OwnItem(kind=noun.kind, id=None if noun is PROFILE else row["id"], record=msgspec.to_builtins(draft))


def _written(row: Any, numbers: dict[int, int]) -> WrittenWorkout:
    record = revisions.decode(row["record"], row["schema_version"])
    body = workout_view.body(record, created_at=row["created_at"], updated_at=row["updated_at"])
    workout = _workout.decode(body)
    sets = workout.sets
    if any(entry.exercise_id in numbers for entry in sets):
        sets = tuple(
            [
                structs.replace(entry, exercise_id=numbers.get(entry.exercise_id, entry.exercise_id))
                for entry in workout.sets
            ]
        )
    # The record's own instants: a response cannot say the odd seconds that some zones were off from UTC by.
    return structs.replace(workout, started_at=record.started_at, ended_at=record.ended_at, sets=sets)
