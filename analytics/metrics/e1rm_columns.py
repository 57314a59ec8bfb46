"""The e1RM formulas over columns: what `e1rm.estimate` says of one set, for every row of a frame."""

from collections.abc import Callable, Mapping

import polars as pl

from analytics.metrics import e1rm
from analytics.metrics.e1rm import MAX_EFFECTIVE_REPS, MOST_LOAD, NoEstimate

Expression = Callable[[pl.Expr, pl.Expr], pl.Expr]

EXPRESSIONS: Mapping[str, Expression] = {
    e1rm.epley.__name__: lambda load, reps: load * (1 + reps / 30),
    e1rm.brzycki.__name__: lambda load, reps: 36 * load / (37 - reps),
    e1rm.lombardi.__name__: lambda load, reps: load * reps.pow(0.10),
    e1rm.oconner.__name__: lambda load, reps: load * (1 + 0.025 * reps),
    e1rm.wathan.__name__: lambda load, reps: 100 * load / (48.8 + 53.8 * (-0.075 * reps).exp()),
    e1rm.mayhew.__name__: lambda load, reps: 100 * load / (52.2 + 41.9 * (-0.055 * reps).exp()),
    e1rm.lander.__name__: lambda load, reps: 100 * load / (101.3 - 2.67123 * reps),
}


def value(name: str, load: str = "load", reps: str = "reps", rir: str = "rir") -> pl.Expr:
    """The estimate by the formula of that name, in the unit of the load (Float64); null outside the domain.

    `load` is Float64, `reps` an integer, `rir` Float64; null is not recorded. See `reason`.

    >>> five = {"load": pl.lit(100.0), "reps": pl.lit(5), "rir": pl.lit(None, pl.Float64)}
    >>> pl.select(**five).select(value("epley").round(4)).item()
    116.6667
    """
    effective = _effective(reps, rir)
    estimate = pl.when(effective == 1).then(pl.col(load)).otherwise(EXPRESSIONS[name](pl.col(load), effective))
    return pl.when(reason(load, reps, rir).is_null()).then(estimate).alias(name)


def reason(load: str = "load", reps: str = "reps", rir: str = "rir") -> pl.Expr:
    """Why there is no estimate, as NoEstimate names it; null where there is one. NaN is greater than any number."""
    reserve = pl.col(rir).fill_null(0.0)
    return (
        pl.when((pl.col(load) > 0).fill_null(False).not_())
        .then(pl.lit(NoEstimate.NO_LOAD.value))
        .when((pl.col(reps) >= 1).fill_null(False).not_())
        .then(pl.lit(NoEstimate.NO_REPS.value))
        .when((pl.col(load) > MOST_LOAD) | (reserve < 0) | reserve.is_nan())
        .then(pl.lit(NoEstimate.OUT_OF_RANGE.value))
        .when(_effective(reps, rir) > MAX_EFFECTIVE_REPS)
        .then(pl.lit(NoEstimate.TOO_MANY_REPS.value))
    )


def _effective(reps: str, rir: str) -> pl.Expr:
    return pl.col(reps).cast(pl.Float64) + pl.col(rir).fill_null(0.0)
