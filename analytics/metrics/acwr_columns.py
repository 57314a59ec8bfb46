"""The workload ratios over a grid of days: what `acwr` says of the days up to each, for every row of a frame.

The rows are athlete by athlete one a calendar day from the first workout on, rest days as zeros (see `load.daily`). The
same caveat holds: a description, off by default.
"""

from collections.abc import Callable, Mapping

import polars as pl

from analytics.metrics.acwr import ACUTE_DAYS, CHRONIC_DAYS
from analytics.metrics.outcome import Why

Means = Callable[[pl.Expr], tuple[pl.Expr, pl.Expr]]


def _coupled(load: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    return _mean(load, 0, ACUTE_DAYS), _mean(load, 0, CHRONIC_DAYS)


def _uncoupled(load: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    return _mean(load, 0, ACUTE_DAYS), _mean(load, ACUTE_DAYS, CHRONIC_DAYS)


def _ewma(load: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    acute, chronic = (load.ewm_mean(alpha=2 / (days + 1), adjust=False) for days in (ACUTE_DAYS, CHRONIC_DAYS))
    return acute, chronic


# Acute and chronic mean by the name of the form.
FORMS: Mapping[str, Means] = {"coupled": _coupled, "uncoupled": _uncoupled, "ewma": _ewma}


def value(name: str, load: str = "load", athlete: str = "athlete") -> pl.Expr:
    """The ratio of each day by the form of that name (Float64, no unit); null where `reason` is none.

    >>> days = pl.DataFrame({"athlete": [1] * 28, "load": [100.0] * 21 + [200.0] * 7})
    >>> days.select(value("coupled")).to_series().to_list()[-2:]
    [None, 1.6]
    """
    found = pl.when(_reason(name, pl.col(load)).is_null()).then(_ratio(name, pl.col(load)))
    return found.over(athlete).alias(name)


def reason(name: str, load: str = "load", athlete: str = "athlete") -> pl.Expr:
    """Why there is no ratio, as Why names it; null where there is one."""
    return _reason(name, pl.col(load)).over(athlete)


def _reason(name: str, load: pl.Expr) -> pl.Expr:
    known = (load.is_finite() & (load >= 0)).fill_null(value=False)
    _, chronic = FORMS[name](load)
    needs = (
        (pl.int_range(1, pl.len() + 1) < CHRONIC_DAYS, Why.TOO_FEW_DAYS),
        (known.not_().cum_sum() > 0, Why.OUT_OF_RANGE),
        (chronic <= 0, Why.NO_LOAD_BEFORE),
        (_ratio(name, load).is_finite().not_(), Why.OUT_OF_RANGE),
    )
    return pl.coalesce(pl.when(fails).then(pl.lit(why.value)) for fails, why in needs)


def _ratio(name: str, load: pl.Expr) -> pl.Expr:
    acute, chronic = FORMS[name](load)
    return acute / chronic


def _mean(load: pl.Expr, since: int, until: int) -> pl.Expr:
    """Of the days `until` - 1 to `since` ago, summed anew for each: a rolling sum leaves crumbs where all are zeros."""
    back = range(until - 1, since - 1, -1)
    return sum((load.shift(days) for days in back), pl.lit(0.0)) / (until - since)
