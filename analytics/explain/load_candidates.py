"""Which workouts can move a day's load, fitness, fatigue or form by as much as a document shows of it."""

from collections.abc import Set
from datetime import date

import polars as pl

from analytics.metrics import load
from analytics.training import Training

AVERAGES = ("fitness", "fatigue", "form")
# The averages are sums of floats: without a workout they are known to far less than this.
_DOUBT = 1e-6


def sessions(training: Training, field: str, day: date) -> Set[int]:
    """The sessions without which the number of that day may be another one."""
    loads = load.sessions(training.atoms, training.workouts).select(
        "session", age=(pl.lit(day) - pl.col("performed_on")).dt.total_days(), load=pl.col("effort") / _UNIT
    )
    if field not in AVERAGES:
        return set(loads.filter(pl.col("age") == 0).get_column("session"))
    without = _value(training, field, day) - pl.col("load") * _weight(field)
    low, high = ((without + doubt).round(2) for doubt in (-_DOUBT, _DOUBT))
    shown = round(_value(training, field, day), 2)
    moves = (low != high) | ((low - shown).abs() > _DOUBT)
    return set(loads.filter(moves & (pl.col("age") >= 0)).get_column("session"))


def _value(training: Training, field: str, day: date) -> float:
    averages = training.days
    value: float = averages.filter(pl.col("day") == day).item(0, field)
    return value


def _weight(field: str) -> pl.Expr:
    """What a unit of load of so many days ago is in the average; form is the averages of the day before."""
    if field == "form":
        earlier = pl.col("age") - 1
        share = _decayed(load.FITNESS_DAYS, earlier) - _decayed(load.FATIGUE_DAYS, earlier)
        return pl.when(earlier >= 0).then(share).otherwise(0.0)
    return _decayed(load.FITNESS_DAYS if field == "fitness" else load.FATIGUE_DAYS, pl.col("age"))


def _decayed(days: int, age: pl.Expr) -> pl.Expr:
    return (1 - 1 / days) ** age / days


_UNIT = load.EFFORT_PER_UNIT
