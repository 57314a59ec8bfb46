"""Training load by day, and what it leaves: fitness, fatigue, form, monotony and strain.

Session load = session RPE (CR-10) x minutes (Foster 2001), where both were recorded and the duration is above none and
below five hours (neither a clock that was never started nor a forgotten one tells of training). Else it is derived by
one rule: each set that is no warm-up stands for three minutes, or for its own duration where that is longer (at most
four hours), at its own RPE, 8 where none was recorded.
Inside, effort is an exact integer: milliseconds x tenths of RPE.
"""

from datetime import date
from statistics import fmean, pstdev

import polars as pl
from msgspec import Struct

from analytics.metrics import volume

DERIVATION = "3 minutes a set, or its own duration if longer, x its RPE, 8 where unknown"
EFFORT_PER_UNIT = 600_000
FITNESS_DAYS, FATIGUE_DAYS = 42, 7
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
    """One row a calendar day from the first workout to `until` (or the last workout): `day`, `load`, `source`.

    `load` in arbitrary units (CR-10 x minutes), rest days 0; `source` is REST, DERIVED, RECORDED or MIXED.
    """
    trained = sessions(atoms, workouts).group_by("performed_on").agg(pl.col("effort").sum(), _source())
    if workouts.is_empty():
        return pl.DataFrame(schema={"day": pl.Date, "load": pl.Float64, "source": pl.Int32})
    first, last = _day(workouts, pl.col("performed_on").min()), _day(workouts, pl.col("performed_on").max())
    grid = pl.DataFrame({"day": pl.date_range(first, max(last, until), "1d", eager=True)})
    filled = grid.join(trained, left_on="day", right_on="performed_on", how="left").sort("day")
    load = pl.col("effort").fill_null(0) / EFFORT_PER_UNIT
    return filled.select("day", load.alias("load"), pl.col("source").fill_null(REST))


def averages(load: pl.Series, before: Averages = Averages()) -> pl.DataFrame:  # noqa: B008 (frozen)
    """`fitness`, `fatigue`, `form` by day: x += (load - x) / tau from the state before the first day.

    Going on from the last row's state gives the very same bits as one run over all days.

    >>> rows = averages(pl.Series([100.0] * 7))
    >>> [round(value, 4) for value in rows.row(-1)]
    [15.5223, 66.0083, -46.8812]
    """
    fitness, fatigue = _ewm(load, FITNESS_DAYS, before.fitness), _ewm(load, FATIGUE_DAYS, before.fatigue)
    form = (fitness - fatigue)[:-1]
    return pl.DataFrame({"fitness": fitness[1:], "fatigue": fatigue[1:], "form": form})


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
    derived = atoms.group_by("session").agg(pl.col("effort").sum().alias("derived"))
    recorded = pl.col("duration_s").cast(pl.Int64) * 1000 * pl.col("session_rpe_tenths")
    credible = pl.when(pl.col("duration_s").is_between(0, _LONGEST_SESSION_S, closed="none")).then(recorded)
    return workouts.join(derived, on="session", how="left").select(
        *("athlete", "session", "performed_on"),
        effort=pl.coalesce(credible, "derived", pl.lit(0, pl.Int64)),
        recorded=credible.is_not_null(),
    )


def _source() -> pl.Expr:
    every, some = pl.col("recorded").all(), pl.col("recorded").any()
    return pl.when(every).then(RECORDED).when(some).then(MIXED).otherwise(DERIVED).alias("source")


def _ewm(load: pl.Series, days: int, before: float) -> pl.Series:
    carried = pl.concat([pl.Series([before], dtype=pl.Float64), load.cast(pl.Float64)])
    return carried.ewm_mean(alpha=1 / days, adjust=False)


def _day(workouts: pl.DataFrame, expression: pl.Expr) -> date:
    day: date = workouts.select(expression).item()
    return day
