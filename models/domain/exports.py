"""Loadstone's own export, version 1: the shape of its JSON document and the columns of its CSV. Readable for ever."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from models.domain import bounds
from models.domain.exercises import Equipment, JointTag, LoadMode, Mechanics, Muscle, MuscleShare, Pattern
from models.domain.sets import SetKind, Side
from models.domain.units import MassUnit
from models.domain.workouts import WorkoutSource

VERSION = 1
# What a spreadsheet may take for the beginning of a formula; the apostrophe is what guards against it.
FORMULA = tuple("=+-@\t\n\r'\uff1d\uff0b\uff0d\uff20")
GUARD = "'"

_WORD = Annotated[str, Meta(min_length=1, max_length=64, pattern="^[a-z0-9_]+$(?!\\n)")]
_SOURCE_KEY = Annotated[str, Meta(min_length=1, max_length=1_000, pattern="^[^\\x00]*$")]
_CUSTOM_ID = Annotated[int, Meta(ge=bounds.FIRST_CUSTOM_EXERCISE_ID, le=2_147_483_647)]


class Head(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file is, and the state that it shows."""

    export: int
    exported_at: datetime
    data_version: int


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings that an empty account takes over."""

    time_zone: bounds.TimeZoneName
    mass_unit: MassUnit


class OwnExercise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An exercise of the athlete's own; `id` is its number in this file, `public_id` its name in the world."""

    id: _CUSTOM_ID
    public_id: UUID
    name: bounds.Title
    aliases: Annotated[tuple[bounds.Title, ...], Meta(max_length=100)] = ()
    muscles: Annotated[tuple[MuscleShare, ...], Meta(max_length=len(Muscle))]
    pattern: Pattern
    equipment: Annotated[tuple[Equipment, ...], Meta(max_length=len(Equipment))]
    mechanics: Mechanics | None
    load_mode: LoadMode
    unilateral: bool
    implements: Annotated[int, Meta(ge=1, le=2)]
    bodyweight_fraction: Annotated[float, Meta(ge=0, le=1)]
    joint_tags: Annotated[tuple[JointTag, ...], Meta(max_length=len(JointTag))] = ()
    substitutions: Annotated[tuple[bounds.ExerciseId, ...], Meta(max_length=100)] = ()


class OwnMerge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was done as one exercise counts as another."""

    exercise_id: _CUSTOM_ID
    target_id: bounds.ExerciseId
    merged_at: Annotated[datetime, Meta(tz=True)]


class OwnItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A measurement, goal or another thing stated beside workouts: `record` is what a client would send to state it.

    What an athlete has only one of, such as the profile, has no id of its own.
    """

    kind: _WORD
    id: UUID | None = None
    record: dict[str, Any]


class OwnSource(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The app that a workout came from, and its key there."""

    app: _WORD
    key: _SOURCE_KEY


class WorkoutHead(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A workout as it is read, but for its sets: the fields of a WorkoutDraft beside its id and source."""

    id: UUID
    source: OwnSource | None = None
    started_at: Annotated[datetime, Meta(tz=True)]
    time_zone: bounds.TimeZoneName
    ended_at: Annotated[datetime, Meta(tz=True)] | None = None
    title: bounds.Title | None = None
    notes: bounds.Note | None = None
    session_rpe: bounds.Rpe | None = None
    bodyweight: bounds.Bodyweight | None = None
    bodyweight_unit: MassUnit | None = None


class ReadWorkout(WorkoutHead, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A workout as it is read; its sets are read one by one, so that one bad set costs no other."""

    sets: Annotated[list[msgspec.Raw], Meta(max_length=bounds.MAX_SETS)]


class WrittenTarget(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A target as it is written: what was not recorded is left out, and no bound of today is asked of what is there."""

    reps_low: int | None = None
    reps_high: int | None = None
    load: float | None = None
    load_unit: MassUnit | None = None
    rpe: float | None = None
    rir: float | None = None
    duration_s: float | None = None
    distance_m: float | None = None


class WrittenSet(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A set as it is written."""

    exercise_id: int
    kind: SetKind
    load: float | None = None
    load_unit: MassUnit | None = None
    load_mode: LoadMode | None = None
    reps: int | None = None
    rpe: float | None = None
    rir: float | None = None
    duration_s: float | None = None
    distance_m: float | None = None
    rest_s: int | None = None
    superset: int | None = None
    circuit: int | None = None
    chain: int | None = None
    side: Side | None = None
    tempo: str | None = None
    target: WrittenTarget | None = None
    note: str | None = None


class WrittenWorkout(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A workout as it is written, decoded from the response that clients get."""

    id: UUID
    source: WorkoutSource | None = None
    started_at: datetime
    time_zone: str
    ended_at: datetime | None = None
    title: str | None = None
    notes: str | None = None
    session_rpe: float | None = None
    bodyweight: float | None = None
    bodyweight_unit: MassUnit | None = None
    sets: tuple[WrittenSet, ...]


class Rest(Struct, frozen=True, kw_only=True):
    """What is no workout, on its way from a file into an account."""

    settings: Settings | None
    exercises: tuple[OwnExercise, ...]
    merges: tuple[OwnMerge, ...]
    items: tuple[OwnItem, ...]


TARGET_COLUMNS = tuple(f"target_{name}" for name in WrittenTarget.__struct_fields__)
# `workout_notes` is the workout's `notes`, on the row of its first set; `performed_on` and `exercise` are for eyes.
WORKOUT_COLUMNS = (
    *("workout_id", "performed_on", "started_at", "ended_at", "time_zone", "title"),
    *("session_rpe", "bodyweight", "bodyweight_unit", "source_app", "source_key"),
)
SET_FIELDS = tuple(name for name in WrittenSet.__struct_fields__ if name not in ("exercise_id", "target", "note"))
COLUMNS = (
    *("record", *WORKOUT_COLUMNS, "set", "exercise_id", "exercise", *SET_FIELDS, *TARGET_COLUMNS),
    *("note", "workout_notes", "data"),
)
# Text that a person wrote: it may hold anything.
TEXTS = ("title", "note", "workout_notes", "source_app", "source_key")
# Columns that hold numbers, by the field's type and not by their looks.
NUMBERS = frozenset(
    {
        *("session_rpe", "bodyweight", "set", "exercise_id", "load", "reps", "rpe", "rir", "duration_s"),
        *("distance_m", "rest_s", "superset", "circuit", "chain"),
        *(name for name in TARGET_COLUMNS if name != "target_load_unit"),
    }
)


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula.

    >>> guarded("=1+1"), guarded("'tis"), guarded("Legs")
    ("'=1+1", "''tis", 'Legs')
    """
    return GUARD + text if text.startswith(FORMULA) else text


def unguarded(cell: str) -> str:
    """The text that a cell was made from.

    >>> unguarded("'=1+1"), unguarded("''tis"), unguarded("Legs")
    ('=1+1', "'tis", 'Legs')
    """
    return cell.removeprefix(GUARD)
