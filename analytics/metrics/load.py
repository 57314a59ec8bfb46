"""Training load by day, and what it leaves: fitness, fatigue, form, monotony and strain.

Session load = session RPE (CR-10) x minutes (Foster 2001), where both were recorded and the duration is above none and
below five hours (neither a clock that was never started nor a forgotten one tells of training). Else it is derived by
one rule: each set that is no warm-up stands for three minutes, or for its own duration where that is longer (at most
four hours), at its own RPE, 8 where none was recorded.
Inside, effort is an exact integer: milliseconds x tenths of RPE.
"""

from datetime import date
from statistics import fmean, pstdev

import numpy as np
import polars as pl
from msgspec import Struct

from analytics.metrics import grid, groups, volume

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
    recorded_ms, in_reserve = pl.col("duration_ms"), pl.col("rir_tenths")
    duration_ms = (
        pl.when(recorded_ms > _LONGEST_SET_MS)
        .then(_LONGEST_SET_MS)
        .when(recorded_ms > _SET_MS)
        .then(recorded_ms)
        .otherwise(_SET_MS)
    )
    by_reserve = pl.when(in_reserve > 100).then(0).otherwise(100 - in_reserve).cast(pl.Int16)
    rpe_tenths = pl.coalesce("rpe_tenths", by_reserve, pl.lit(_ASSUMED_RPE_TENTHS, pl.Int16))
    return pl.when(volume.is_working()).then(duration_ms * rpe_tenths).otherwise(0)


def daily(atoms: pl.DataFrame, workouts: pl.DataFrame, until: date) -> pl.DataFrame:
    """By athlete a row a calendar day, from the first workout to `until`, or the last workout.

    Columns: athlete, day, load in arbitrary units (CR-10 x minutes; 0 on rest days) and source: REST, DERIVED, RECORDED
    or MIXED.
    """
    return _grid(atoms, workouts, until).select("athlete", "day", "load", "source")


def days(atoms: pl.DataFrame, workouts: pl.DataFrame, until: date) -> pl.DataFrame:
    """The rows of `daily` with fitness, fatigue and form, and monotony and strain of the seven days up to each.

    To the bit the `averages` of each athlete: the state to start from is a day of no load before the first.
    """
    rows = _grid(atoms, workouts, until, before=1)
    alone = len(groups.starts(rows.get_column("athlete").to_numpy())) == 1
    values = (_decaying("load", FITNESS_DAYS).alias("fitness"), _decaying("load", FATIGUE_DAYS).alias("fatigue"))
    fitness, fatigue = (value if alone else value.over("athlete") for value in values)
    followed = rows.with_columns(fitness, fatigue).with_columns(form=(pl.col("fitness") - pl.col("fatigue")).shift(1))
    sameness, hardship = _of_weeks(rows)
    return (
        followed.with_columns(monotony=sameness, strain=hardship)
        .filter(pl.col("athlete") == pl.col("athlete").shift(1))
        .select("athlete", "day", "load", "source", "fitness", "fatigue", "form", "monotony", "strain")
    )


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
    session, effort = (atoms.get_column(name).to_numpy() for name in ("session", "effort"))
    keys, found = groups.summed(session, {"derived": effort})
    derived = pl.DataFrame({"session": keys, **found}, schema_overrides={"session": pl.Int32})
    recorded = pl.col("duration_s").cast(pl.Int64) * 1000 * pl.col("session_rpe_tenths")
    credible = pl.when(pl.col("duration_s").is_between(0, _LONGEST_SESSION_S, closed="none")).then(recorded)
    return workouts.join(derived, on="session", how="left").select(
        *("athlete", "session", "performed_on"),
        effort=pl.coalesce(credible, "derived", pl.lit(0, pl.Int64)),
        recorded=credible.is_not_null(),
    )


def _grid(atoms: pl.DataFrame, workouts: pl.DataFrame, until: date, before: int = 0) -> pl.DataFrame:
    """`athlete`, `day`, `effort`, `load` and `source`."""
    rows = sessions(atoms, workouts).with_columns(
        pl.col("performed_on").to_physical(), pl.col("recorded").cast(pl.UInt8), workouts=pl.lit(1, pl.UInt8)
    )
    columns = {name: rows.get_column(name).to_numpy() for name in rows.columns}
    summed = {name: columns[name] for name in ("effort", "recorded", "workouts")}
    days = grid.daily_sums(columns["athlete"], columns["performed_on"], summed, until, before=before)
    return days.with_columns(load=pl.col("effort") / EFFORT_PER_UNIT, source=_source())


def _source() -> pl.Expr:
    recorded, workouts = pl.col("recorded"), pl.col("workouts")
    return (
        pl.when(workouts == 0)
        .then(REST)
        .when(recorded == workouts)
        .then(RECORDED)
        .when(recorded > 0)
        .then(MIXED)
        .otherwise(DERIVED)
    )


def _decaying(column: str, days: int) -> pl.Expr:
    return pl.col(column).ewm_mean(alpha=1 / days, adjust=False)


def _of_weeks(rows: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """`monotony` and `strain` of the seven days up to each row of the grid, null before the athlete's seventh.

    Every row adds its seven days in the same order, so that no neighbour changes a bit.
    """
    athlete, load = rows.get_column("athlete").to_numpy(), rows.get_column("load").to_numpy()
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
    return pl.Series(monotony, nan_to_null=True), pl.Series(strain, nan_to_null=True)
