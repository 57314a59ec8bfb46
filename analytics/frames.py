"""The frames of training histories, of one athlete or of many: their schemas and their digest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import polars as pl

from analytics import digests

Schema = dict[str, type[pl.DataType] | pl.DataType]

# `session` implies the athlete and the day: they stand in the workouts, not beside each set.
SETS: Schema = {
    "session": pl.Int32,
    "position": pl.Int16,
    "exercise_id": pl.Int32,
    "kind": pl.Int16,
    "load_mode": pl.Int16,
    "reps": pl.Int32,
    "load_g": pl.Int32,
    "rpe_tenths": pl.Int16,
    "rir_tenths": pl.Int16,
    "duration_ms": pl.Int32,
    "distance_mm": pl.Int32,
    "side": pl.Int16,
}
WORKOUTS: Schema = {
    "athlete": pl.Int32,
    "session": pl.Int32,
    "workout_id": pl.String,
    "performed_on": pl.Date,
    "started_at": pl.Datetime("us", "UTC"),
    "duration_s": pl.Int32,
    "session_rpe_tenths": pl.Int16,
    "bodyweight_g": pl.Int32,
}
EXERCISES: Schema = {
    "exercise_id": pl.Int32,
    "name": pl.String,
    "pattern": pl.String,
    "load_mode": pl.Int16,
    "unilateral": pl.Boolean,
    "implements": pl.Int16,
    "bodyweight_permille": pl.Int32,
}
MUSCLES: Schema = {"exercise_id": pl.Int32, "muscle": pl.String, "share_milli": pl.Int32}
BODYWEIGHTS: Schema = {"athlete": pl.Int32, "day": pl.Date, "bodyweight_g": pl.Int32}
ATHLETES: Schema = {
    "athlete": pl.Int32,
    "sex": pl.String,
    "birth_year": pl.Int16,
    "level": pl.String,
    "show_acwr": pl.Boolean,
}
SCHEMAS: dict[str, Schema] = {
    "sets": SETS,
    "workouts": WORKOUTS,
    "exercises": EXERCISES,
    "muscles": MUSCLES,
    "bodyweights": BODYWEIGHTS,
    "athletes": ATHLETES,
}

# The columns that identify a row within an athlete.
KEYS = {"exercises": ("exercise_id",), "muscles": ("exercise_id", "muscle"), "bodyweights": ("day",), "athletes": ()}


class Described(Protocol):
    """What a history says beside its sets."""

    @property
    def workouts(self) -> pl.DataFrame: ...
    @property
    def exercises(self) -> pl.DataFrame: ...
    @property
    def muscles(self) -> pl.DataFrame: ...
    @property
    def bodyweights(self) -> pl.DataFrame: ...
    @property
    def athletes(self) -> pl.DataFrame: ...


@dataclass(frozen=True, kw_only=True)
class History:
    """What was recorded, up to a local date, of one athlete or of many.

    `athlete` numbers the athletes from 0, `session` all their workouts from 0 by (athlete, started_at, workout_id).
    `workouts` say the bodyweight recorded with them; `bodyweights` the last one of each day, however it was recorded.
    `exercises` and `muscles` are those that occur. Null means not recorded. The rows may come in any order: no result
    depends on it.
    """

    sets: pl.DataFrame
    workouts: pl.DataFrame
    exercises: pl.DataFrame
    muscles: pl.DataFrame
    bodyweights: pl.DataFrame
    athletes: pl.DataFrame
    as_of: date


def frame(schema: Schema, columns: Mapping[str, Sequence[Any]]) -> pl.DataFrame:
    """A frame of the schema from plain columns, in the schema's order of columns.

    >>> frame(MUSCLES, {"exercise_id": [1], "muscle": ["chest"], "share_milli": [1000]}).shape
    (1, 3)
    """
    return pl.DataFrame({name: columns[name] for name in schema}, schema=schema)


def empty_history(as_of: date) -> History:
    """The history of an athlete who has not trained yet and has told nothing."""
    frames = {name: pl.DataFrame(schema=schema) for name, schema in SCHEMAS.items()}
    nothing = {"athlete": [0], "sex": [None], "birth_year": [None], "level": ["beginner"], "show_acwr": [False]}
    return History(**{**frames, "athletes": frame(ATHLETES, nothing)}, as_of=as_of)


def digest(history: History) -> str:
    """sha256 of one athlete's history, whatever the order of its rows; `as_of` is lineage of its own."""
    return digest_of(history, digests.of_workouts(history.workouts, history.sets))


def digest_of(history: Described, contents: Sequence[bytes]) -> str:
    """The history's digest from those of its workouts' contents, in the order of their rows."""
    others = {name: (getattr(history, name), keys) for name, keys in KEYS.items()}
    return digests.of_history(history.workouts.get_column("workout_id").to_list(), contents, others)
