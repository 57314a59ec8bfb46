"""Training load by day, and what it leaves: fitness, fatigue, form, monotony and strain.

Session load = session RPE (CR-10) x minutes (Foster 2001), where both were recorded and the duration is above none and
below five hours (neither a clock that was never started nor a forgotten one tells of training). Else it is derived by
one rule: each set that is no warm-up stands for three minutes, or for its own duration where that is longer (at most
four hours), at its own RPE, 8 where none was recorded.
Inside, effort is an exact integer: milliseconds x tenths of RPE.
"""

from datetime import date
from functools import cache
from statistics import fmean, pstdev
from typing import Any

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from analytics.metrics import grid, groups, volume

Floats = NDArray[np.float64]
DERIVATION = "3 minutes a set, or its own duration if longer, x its RPE, 8 where unknown"
EFFORT_PER_UNIT = 600_000
FITNESS_DAYS, FATIGUE_DAYS = 42, 7
_WEEK = 7
REST, DERIVED, RECORDED, MIXED = 0, 1, 2, 3
_SET_MS, _LONGEST_SET_MS, _LONGEST_SESSION_S, _ASSUMED_RPE_TENTHS = 180_000, 14_400_000, 18_000, 80


class Averages(Struct, frozen=True):
    """Fitness (CTL) and fatigue (ATL) at the end of a day: all that is needed to go on from there."""

    fitness: float = 0.0
    fatigue: float = 0.0


def set_effort() -> pl.Expr:
    """The derived effort of a set: Int32 (four hours at RPE 10 fit it), milliseconds x tenths; 0 for a warm-up."""
    duration_ms = pl.col("duration_ms").clip(_SET_MS, _LONGEST_SET_MS).fill_null(_SET_MS)
    by_reserve = (100 - pl.col("rir_tenths")).clip(lower_bound=0)
    rpe_tenths = pl.coalesce("rpe_tenths", by_reserve, pl.lit(_ASSUMED_RPE_TENTHS, pl.Int16))
    return pl.when(volume.is_working()).then(duration_ms * rpe_tenths).otherwise(0)


def daily(atoms: pl.DataFrame, workouts: pl.DataFrame, until: date) -> pl.DataFrame:
    """By athlete a row a calendar day, from the first workout to `until`, or the last workout.

    Columns: athlete, day, load in arbitrary units (CR-10 x minutes; 0 on rest days) and source: REST, DERIVED, RECORDED
    or MIXED.
    """
    return groups.framed(_grid(atoms, workouts, until), "day")


def days(atoms: groups.Rows, workouts: pl.DataFrame, until: date) -> pl.DataFrame:
    """The rows of `daily` with fitness, fatigue and form, and monotony and strain of the seven days up to each.

    To the bit the `averages` of each athlete: the state to start from is a day of no load before the first.
    """
    columns = _grid(atoms, workouts, until, before=1)
    athlete, load = columns["athlete"], columns["load"]
    grid_rows = groups.framed({"athlete": athlete, "load": load})
    followed = grid_rows.select_seq(_following(alone=len(groups.starts(athlete)) == 1))
    columns["fitness"], columns["fatigue"] = (values.to_numpy() for values in followed)
    columns["form"] = np.roll(columns["fitness"] - columns["fatigue"], 1)
    columns["monotony"], columns["strain"] = _of_weeks(athlete, load)
    own = np.append(False, athlete[1:] == athlete[:-1])[: len(load)]
    return groups.framed({name: values[own] for name, values in columns.items()}, "day")


def averages(load: pl.Series, before: Averages = Averages()) -> pl.DataFrame:  # noqa: B008 (frozen)
    """`fitness`, `fatigue`, `form` by day: x += (load - x) / tau from the state before the first day.

    Going on from the last row's state gives the very same bits as one run over all days.

    >>> rows = averages(pl.Series([100.0] * 7))
    >>> [round(value, 4) for value in rows.row(-1)]
    [15.5223, 66.0083, -46.8812]
    """
    loads = load.cast(pl.Float64).to_frame("load")
    carried = pl.concat(
        [
            pl.DataFrame({"fitness": [before.fitness], "fatigue": [before.fatigue]}),
            loads.select(fitness="load", fatigue="load"),
        ]
    )
    followed = carried.select(_decaying("fitness", FITNESS_DAYS), _decaying("fatigue", FATIGUE_DAYS))
    form = (pl.col("fitness") - pl.col("fatigue")).shift(1)
    return followed.with_columns(form=form).slice(1)


def monotony(week: list[float]) -> float | None:
    """Mean / population SD of seven days' loads, rest days as zeros (Foster 1998); null where the SD is 0.

    >>> round(monotony([420, 0, 360, 0, 405, 600, 0]), 4), monotony([500] * 7)
    (1.1019, None)
    """
    deviation = pstdev(week)
    return None if deviation == 0 else fmean(week) / deviation


def strain(week: list[float]) -> float | None:
    """The week's load x its monotony (Foster 1998); null where that is null.

    >>> round(strain([420, 0, 360, 0, 405, 600, 0]), 2)
    1966.97
    """
    sameness = monotony(week)
    return None if sameness is None else sum(week) * sameness


def sessions(atoms: pl.DataFrame, workouts: pl.DataFrame) -> pl.DataFrame:
    """One row a workout: `athlete`, `session`, `performed_on`, `effort` (Int64) and whether it was `recorded`."""
    effort, recorded = efforts(atoms, workouts)
    told = workouts.select("athlete", "session", "performed_on")
    return told.hstack([pl.Series("effort", effort), pl.Series("recorded", recorded)])


def efforts(atoms: groups.Rows, workouts: pl.DataFrame) -> tuple[groups.Integers, NDArray[np.bool_]]:
    """Of each workout its effort, and whether that was recorded."""
    session, effort = groups.arrays(atoms, "session", "effort")
    known, found = groups.summed(session, {"derived": effort})
    derived = np.append(found["derived"], 0)[groups.positions(known, *groups.arrays(workouts, "session"))]
    # With null as NaN, which is in no range; the products are integers far below 2^53.
    duration_s, rpe_tenths = (workouts.get_column(name).to_numpy() for name in ("duration_s", "session_rpe_tenths"))
    recorded = (duration_s > 0) & (duration_s < _LONGEST_SESSION_S) & (rpe_tenths >= 0)
    return np.where(recorded, duration_s * 1000.0 * rpe_tenths, derived).astype(np.int64), recorded


def _grid(atoms: groups.Rows, workouts: pl.DataFrame, until: date, before: int = 0) -> dict[str, NDArray[Any]]:
    """`athlete`, `day`, `load` and `source`."""
    effort, recorded = efforts(atoms, workouts)
    athlete, day = groups.arrays(workouts, "athlete", "performed_on")
    values = {"effort": effort, "recorded": recorded, "workouts": np.ones(len(day), dtype=np.int64)}
    found = grid.daily_sums(athlete, day, values, until, before=before)
    return {
        "athlete": found["athlete"],
        "day": found["day"],
        "load": found["effort"] / EFFORT_PER_UNIT,
        "source": _source(found["recorded"], found["workouts"]),
    }


def _source(recorded: groups.Integers, workouts: groups.Integers) -> NDArray[np.int32]:
    some = np.where(recorded == workouts, RECORDED, np.where(recorded > 0, MIXED, DERIVED))
    return np.where(workouts == 0, REST, some).astype(np.int32)


@cache
def _following(*, alone: bool) -> list[pl.Expr]:
    values = (_decaying("load", FITNESS_DAYS).alias("fitness"), _decaying("load", FATIGUE_DAYS).alias("fatigue"))
    return [value if alone else value.over("athlete") for value in values]


def _decaying(column: str, days: int) -> pl.Expr:
    return pl.col(column).ewm_mean(alpha=1 / days, adjust=False)


def _of_weeks(athlete: groups.Integers, load: Floats) -> tuple[Floats, Floats]:
    """`monotony` and `strain` of the seven days up to each row of the grid, NaN before the athlete's seventh.

    Every row adds its seven days in the same order, so that no neighbour changes a bit.
    """
    monotony, strain = np.full((2, len(load)), np.nan)
    if len(load) > _WEEK:
        week = [load[_WEEK - back : len(load) - back] for back in range(_WEEK)]
        total = sum(week[1:], week[0])
        mean = total / _WEEK
        squares = [(day - mean) ** 2 for day in week]
        # The row before the first day is none of the week's.
        known = (athlete[_WEEK:] == athlete[:-_WEEK]) & ~np.logical_and.reduce([day == week[0] for day in week[1:]])
        deviation = np.sqrt(sum(squares[1:], squares[0]) / _WEEK)
        np.divide(mean, deviation, out=monotony[_WEEK:], where=known)
        strain[_WEEK:] = total * monotony[_WEEK:]
    return monotony, strain
