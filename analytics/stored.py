"""From stored columns to the frames of a history: the one mapping, for all who load an athlete's history."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import msgspec
import numpy as np
import polars as pl

from analytics.frames import ATHLETES, BODYWEIGHTS, EXERCISES, MUSCLES, SETS, WORKOUTS, History, Schema, frame
from models.domain.exercises import MuscleShare

Columns = Mapping[str, Sequence[Any]]

# Bodyweights that were measured beside workouts.
WEIGHED: Schema = {
    "athlete": pl.Int32,
    "id": pl.String,
    "measured_on": pl.Date,
    "measured_at": pl.Datetime("us", "UTC"),
    "bodyweight_g": pl.Int32,
}
_shares = msgspec.json.Decoder(list[MuscleShare])


class Told(Protocol):
    """What an athlete tells of themself."""

    @property
    def sex(self) -> str | None: ...
    @property
    def birth_year(self) -> int | None: ...
    @property
    def level(self) -> str: ...
    @property
    def show_acwr(self) -> bool: ...


class Stored(Protocol):
    """One athlete's history as plain columns, the workouts in the order of their sessions."""

    @property
    def workouts(self) -> Columns: ...
    @property
    def sets(self) -> Columns: ...
    @property
    def exercises(self) -> Columns: ...
    @property
    def weighed(self) -> Columns: ...
    @property
    def told(self) -> Told: ...


class Population(Protocol):
    """The histories of athletes, numbered from 0; in the arrays -1 is null."""

    @property
    def told(self) -> Sequence[Told]: ...
    @property
    def workout_ids(self) -> Sequence[str]: ...
    @property
    def workouts(self) -> Mapping[str, np.ndarray]: ...
    @property
    def sets(self) -> Mapping[str, np.ndarray]: ...
    @property
    def exercises(self) -> Columns: ...
    @property
    def weighed(self) -> Columns: ...


def to_frames(stored: Stored, as_of: date) -> History:
    """The frames; the digest of the history covers the exercises and muscles of the catalogue that it uses."""
    count = len(stored.workouts["performed_on"])
    workouts = frame(WORKOUTS, {"athlete": [0] * count, "session": range(count), **stored.workouts})
    return History(
        sets=frame(SETS, stored.sets),
        workouts=workouts,
        exercises=frame(EXERCISES, stored.exercises),
        muscles=muscles(stored.exercises),
        bodyweights=bodyweights(workouts, weighed(stored.weighed)),
        athletes=athletes([stored.told]),
        as_of=as_of,
    )


def population(stored: Population, as_of: date) -> History:
    """The frames of many athletes; an athlete's rows are those that the own history has, but for the numbers."""
    ids = pl.Series("workout_id", stored.workout_ids, dtype=pl.String)
    numbered = {**stored.workouts, "session": np.arange(len(ids))}
    columns = [_column(name, dtype, numbered[name]) for name, dtype in WORKOUTS.items() if name in numbered]
    workouts = pl.DataFrame([*columns, ids]).select(*WORKOUTS)
    return History(
        sets=pl.DataFrame([_column(name, dtype, stored.sets[name]) for name, dtype in SETS.items()]),
        workouts=workouts,
        exercises=frame(EXERCISES, stored.exercises),
        muscles=muscles(stored.exercises),
        bodyweights=bodyweights(workouts, frame(WEIGHED, stored.weighed)),
        athletes=athletes(stored.told),
        as_of=as_of,
    )


def _column(name: str, dtype: Any, values: np.ndarray) -> pl.Series:
    """Days and instants may lie before 1970; of all else -1 is null."""
    if dtype in (pl.Date, pl.Datetime):
        return pl.Series(name, values).cast(pl.Int32 if dtype == pl.Date else pl.Int64).cast(dtype)
    column = pl.Series(name, values).cast(dtype)
    return column.set(column == -1, None) if values.min(initial=0) < 0 else column


def weighed(columns: Columns) -> pl.DataFrame:
    """One athlete's measured bodyweights."""
    return frame(WEIGHED, {"athlete": [0] * len(columns["id"]), **columns})


def bodyweights(workouts: pl.DataFrame, measured: pl.DataFrame) -> pl.DataFrame:
    """The last bodyweight of each day that has one, whether a workout recorded it or it was measured by itself."""
    ordered = weighings(workouts, measured)
    return ordered.unique(["athlete", "day"], keep="last", maintain_order=True).select(*BODYWEIGHTS)


def weighings(workouts: pl.DataFrame, measured: pl.DataFrame) -> pl.DataFrame:
    """Every bodyweight in the order in which the last of a day counts; `by` is 0 where the workout `id` recorded it.

    Of one instant a measurement counts, of several the one of the greatest id.
    """
    recorded = workouts.filter(pl.col("bodyweight_g").is_not_null()).select(
        "athlete", "bodyweight_g", day="performed_on", at="started_at", by=pl.lit(0, pl.Int8), id="workout_id"
    )
    beside = measured.select(
        "athlete", "bodyweight_g", day="measured_on", at="measured_at", by=pl.lit(1, pl.Int8), id="id"
    )
    return pl.concat([recorded, beside]).sort("athlete", "day", "at", "by", "id")


def muscles(exercises: Columns) -> pl.DataFrame:
    """The muscles of exercises, whose column `muscles` says them as JSON."""
    rows = [
        (exercise_id, target.muscle.value, round(target.share * 1000))
        for exercise_id, shares in zip(exercises["exercise_id"], exercises["muscles"], strict=True)
        for target in _shares.decode(shares)
    ]
    return frame(MUSCLES, {name: [row[at] for row in rows] for at, name in enumerate(MUSCLES)})


def athletes(told: Iterable[Told]) -> pl.DataFrame:
    """One row an athlete, numbered from 0."""
    rows = [(number, each.sex, each.birth_year, each.level, each.show_acwr) for number, each in enumerate(told)]
    return frame(ATHLETES, {name: [row[at] for row in rows] for at, name in enumerate(ATHLETES)})
