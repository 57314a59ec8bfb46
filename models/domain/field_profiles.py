"""Field profiles: which optional fields of sets and workouts an athlete is shown, by level and by own choice.

They gate what clients show and what generation may use, never what is stored or read: stepping down loses nothing.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Literal

from msgspec import Struct


class Level(StrEnum):
    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class Exposure(StrEnum):
    SHOWN = "shown"
    HIDDEN = "hidden"


class Field(StrEnum):
    """An optional field, or a kind of set. What a workout cannot be without is always shown and not listed."""

    SET_LOAD = "set.load"
    SET_REPS = "set.reps"
    SET_NOTE = "set.note"
    SET_DURATION = "set.duration_s"
    SET_DISTANCE = "set.distance_m"
    SET_RPE = "set.rpe"
    SET_RIR = "set.rir"
    SET_REST = "set.rest_s"
    SET_SUPERSET = "set.superset"
    SET_LOAD_MODE = "set.load_mode"
    SET_CIRCUIT = "set.circuit"
    SET_CHAIN = "set.chain"
    SET_SIDE = "set.side"
    SET_TEMPO = "set.tempo"
    SET_TARGET = "set.target"
    KIND_WARM_UP = "set.kind.warm_up"
    KIND_WORKING = "set.kind.working"
    KIND_DROP = "set.kind.drop"
    KIND_FAILURE = "set.kind.failure"
    KIND_TOP = "set.kind.top"
    KIND_BACK_OFF = "set.kind.back_off"
    KIND_AMRAP = "set.kind.amrap"
    KIND_MYO_REP = "set.kind.myo_rep"
    KIND_CLUSTER = "set.kind.cluster"
    KIND_PARTIAL = "set.kind.partial"
    WORKOUT_ENDED_AT = "workout.ended_at"
    WORKOUT_TITLE = "workout.title"
    WORKOUT_NOTES = "workout.notes"
    WORKOUT_SESSION_RPE = "workout.session_rpe"
    WORKOUT_BODYWEIGHT = "workout.bodyweight"


LEVELS = tuple(Level)
# Each field with the level from which it is shown. A unit goes with its value.
FIELDS: tuple[tuple[Field, Level], ...] = (
    (Field.SET_LOAD, Level.BEGINNER),
    (Field.SET_REPS, Level.BEGINNER),
    (Field.SET_NOTE, Level.BEGINNER),
    (Field.SET_DURATION, Level.BEGINNER),
    (Field.SET_DISTANCE, Level.BEGINNER),
    (Field.KIND_WARM_UP, Level.BEGINNER),
    (Field.KIND_WORKING, Level.BEGINNER),
    (Field.WORKOUT_ENDED_AT, Level.BEGINNER),
    (Field.WORKOUT_TITLE, Level.BEGINNER),
    (Field.WORKOUT_NOTES, Level.BEGINNER),
    (Field.SET_RPE, Level.INTERMEDIATE),
    (Field.SET_RIR, Level.INTERMEDIATE),
    (Field.SET_REST, Level.INTERMEDIATE),
    (Field.SET_SUPERSET, Level.INTERMEDIATE),
    (Field.KIND_DROP, Level.INTERMEDIATE),
    (Field.KIND_FAILURE, Level.INTERMEDIATE),
    (Field.WORKOUT_SESSION_RPE, Level.INTERMEDIATE),
    (Field.WORKOUT_BODYWEIGHT, Level.INTERMEDIATE),
    (Field.SET_LOAD_MODE, Level.ADVANCED),
    (Field.SET_CIRCUIT, Level.ADVANCED),
    (Field.SET_CHAIN, Level.ADVANCED),
    (Field.SET_SIDE, Level.ADVANCED),
    (Field.SET_TEMPO, Level.ADVANCED),
    (Field.SET_TARGET, Level.ADVANCED),
    (Field.KIND_TOP, Level.ADVANCED),
    (Field.KIND_BACK_OFF, Level.ADVANCED),
    (Field.KIND_AMRAP, Level.ADVANCED),
    (Field.KIND_MYO_REP, Level.ADVANCED),
    (Field.KIND_CLUSTER, Level.ADVANCED),
    (Field.KIND_PARTIAL, Level.ADVANCED),
)


class FieldExposure(Struct, frozen=True, kw_only=True):
    """Whether a field is shown, and what decided it. `from_level` is where the profiles begin to show it."""

    field: Field
    shown: bool
    why: Literal["level", "override"]
    from_level: Level


class FieldProfile(Struct, frozen=True, kw_only=True):
    """Which fields to show at a level. `field_overrides` of the athlete's profile are part of it."""

    level: Level
    fields: tuple[FieldExposure, ...]


class FieldProfiles(Struct, frozen=True, kw_only=True):
    """What each level shows without overrides."""

    profiles: tuple[FieldProfile, ...]


def effective(level: Level, overrides: Mapping[Field, Exposure]) -> FieldProfile:
    """The profile of a level with overrides.

    >>> profile = effective(Level.BEGINNER, {Field.SET_TEMPO: Exposure.SHOWN})
    >>> [shown.field.value for shown in profile.fields if shown.why == "override"]
    ['set.tempo']
    """
    return FieldProfile(level=level, fields=tuple([_exposure(*stated, level, overrides) for stated in FIELDS]))


def profiles() -> FieldProfiles:
    """The profiles of all levels."""
    return FieldProfiles(profiles=tuple([effective(level, {}) for level in LEVELS]))


def may_use(profile: FieldProfile, *fields: Field) -> bool:
    """Whether generation may put these fields into what it writes for the athlete.

    >>> beginner = effective(Level.BEGINNER, {})
    >>> may_use(beginner, Field.SET_LOAD, Field.SET_REPS), may_use(beginner, Field.SET_LOAD, Field.SET_RIR)
    (True, False)
    """
    return _shown(profile.fields).issuperset(fields)


def _exposure(field: Field, from_level: Level, level: Level, overrides: Mapping[Field, Exposure]) -> FieldExposure:
    chosen = overrides.get(field)
    by_level = LEVELS.index(level) >= LEVELS.index(from_level)
    return FieldExposure(
        field=field,
        shown=by_level if chosen is None else chosen is Exposure.SHOWN,
        why="level" if chosen is None else "override",
        from_level=from_level,
    )


def _shown(fields: Iterable[FieldExposure]) -> frozenset[Field]:
    return frozenset(entry.field for entry in fields if entry.shown)
