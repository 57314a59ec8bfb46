"""The frames of training histories, of one athlete or of many: their schemas and their digest."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import numpy as np
import polars as pl

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

# The columns that identify a row, first in the order of the canonical bytes.
_KEYS = {
    "sets": ("session", "position"),
    "workouts": ("session",),
    "exercises": ("exercise_id",),
    "muscles": ("exercise_id", "muscle"),
    "bodyweights": ("athlete", "day"),
    "athletes": ("athlete",),
}
# Little-endian of the declared width, and the least of it for null.
_INTEGERS: dict[pl.DataType, tuple[str, int]] = {
    dtype: (f"<i{width}", -(2 ** (8 * width - 1)))
    for dtype, width in ((pl.Int8(), 1), (pl.Int16(), 2), (pl.Int32(), 4), (pl.Int64(), 8))
}


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
    """sha256 of the history's frames, whatever the order of their rows; `as_of` is lineage of its own.

    The bytes are ours, not polars': columns in the schema's order, rows by key, little-endian integers of the declared
    width with the least one for null, strings as JSON.
    """
    digested = hashlib.sha256(b"loadstone history 2")
    for name, schema in SCHEMAS.items():
        rows: pl.DataFrame = getattr(history, name)
        digested.update(f"\n{name} {rows.height}\n".encode())
        for column in _canonical_columns(rows, schema, _KEYS[name]):
            digested.update(column)
    return digested.hexdigest()


def _canonical_columns(rows: pl.DataFrame, schema: Schema, keys: Sequence[str]) -> Iterator[bytes | memoryview]:
    if not _strictly_sorted(rows, keys):
        rows = rows.sort([*keys, *(name for name in schema if name not in keys)])
    for name in schema:
        yield _canonical_bytes(rows.get_column(name))


def _strictly_sorted(rows: pl.DataFrame, keys: Sequence[str]) -> bool:
    if any(rows.schema[key] == pl.String or rows.schema[key] == pl.Date for key in keys):
        return False
    key = np.zeros(rows.height, dtype=np.int64)
    for name in keys:
        key = key * 65536 + rows.get_column(name).to_numpy()
    return bool(np.all(key[1:] > key[:-1]))


def _canonical_bytes(column: pl.Series) -> bytes | memoryview:
    if column.dtype == pl.String:
        return msgspec.json.encode(column.to_list())
    if column.dtype not in _INTEGERS:
        column = column.cast(pl.Int8) if column.dtype == pl.Boolean else column.to_physical()
    layout, least = _INTEGERS[column.dtype]
    if column.null_count() == len(column):
        return np.full(len(column), least, dtype=layout).data
    numbers = column.fill_null(least) if column.null_count() else column
    return np.ascontiguousarray(numbers.to_numpy(), dtype=layout).data
