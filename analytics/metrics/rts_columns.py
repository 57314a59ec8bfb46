"""The RPE chart over columns: what `rts.e1rm` says of one set, for every row of a frame."""

import polars as pl

from analytics.metrics.e1rm import MOST_LOAD
from analytics.metrics.outcome import Why
from analytics.metrics.rts import MAX_RPE, PERCENT

_BY_HALVES = {float(halves): percent for halves, percent in enumerate(PERCENT)}


def value(load: str = "load", reps: str = "reps", rpe: str = "rpe") -> pl.Expr:
    """The e1RM in the unit of the load (Float64); null off the chart. See `reason`.

    `load` and `rpe` are Float64, `reps` an integer; null is not recorded.

    >>> five = {"load": pl.lit(100.0), "reps": pl.lit(5), "rpe": pl.lit(8.0)}
    >>> pl.select(**five).select(value().round(3)).item()
    123.305
    """
    return pl.when(reason(load, reps, rpe).is_null()).then(100 * pl.col(load) / _percent(reps, rpe)).alias("rts")


def reason(load: str = "load", reps: str = "reps", rpe: str = "rpe") -> pl.Expr:
    """Why there is no e1RM, as Why names it; null where there is one."""
    lifted = (pl.col(load) > 0) & pl.col(load).is_finite()
    return (
        pl.when(lifted.fill_null(value=False).not_())
        .then(pl.lit(Why.NOT_POSITIVE.value))
        .when(_percent(reps, rpe).is_null() | (pl.col(load) > MOST_LOAD))
        .then(pl.lit(Why.OUT_OF_RANGE.value))
    )


def _percent(reps: str, rpe: str) -> pl.Expr:
    felt = pl.col(rpe).fill_null(MAX_RPE)
    halves = 2 * (pl.col(reps).cast(pl.Float64) + MAX_RPE - felt - 1)
    on_chart = (pl.col(reps) >= 1) & felt.is_between(0, MAX_RPE)
    return pl.when(on_chart).then(halves.replace_strict(_BY_HALVES, default=None, return_dtype=pl.Float64))
