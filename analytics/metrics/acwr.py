"""Acute to chronic workload ratio (ACWR): the last seven days against the last twenty-eight.

A description, off by default: it predicts injury no better than chance (Impellizzeri 2020). Loads are one a calendar
day, oldest first, rest days as zeros, in any one unit; the ratio has none. Null in the first 28 days, and where there
was no load to compare with.
"""

from collections.abc import Callable, Sequence
from math import isfinite

from analytics.metrics.outcome import Outcome, Why, demand, formula

Form = Callable[[Sequence[float]], Outcome]

ACUTE_DAYS, CHRONIC_DAYS = 7, 28
CAVEAT = (
    "A description of how this week's load compares with the last four weeks'. It foretells nothing about your health:"
    " in studies it predicts no better than chance (Impellizzeri 2020)."
)


@formula
def coupled(loads: Sequence[float]) -> float:
    """mean(7 days) / mean(28 days), the seven among the twenty-eight.

    >>> coupled([100.0] * 21 + [200.0] * 7).value, coupled([100.0] * 27).reason
    (1.6, <Why.TOO_FEW_DAYS: 'too_few_days'>)
    """
    _long_enough(loads)
    return _ratio(sum(loads[-ACUTE_DAYS:]) / ACUTE_DAYS, sum(loads[-CHRONIC_DAYS:]) / CHRONIC_DAYS)


@formula
def uncoupled(loads: Sequence[float]) -> float:
    """mean(7 days) / mean(the 21 days before them).

    >>> uncoupled([100.0] * 21 + [200.0] * 7).value, uncoupled([0.0] * 28).reason
    (2.0, <Why.NO_LOAD_BEFORE: 'no_load_before'>)
    """
    _long_enough(loads)
    before = loads[-CHRONIC_DAYS:-ACUTE_DAYS]
    return _ratio(sum(loads[-ACUTE_DAYS:]) / ACUTE_DAYS, sum(before) / len(before))


@formula
def ewma(loads: Sequence[float]) -> float:
    """Exponentially weighted means of 7 and 28 days, lambda = 2 / (N + 1), from the first load (Williams 2017).

    >>> round(ewma([100.0] * 28).value, 4)
    1.0
    """
    _long_enough(loads)
    return _ratio(_weighted(loads, ACUTE_DAYS), _weighted(loads, CHRONIC_DAYS))


def _weighted(loads: Sequence[float], days: int) -> float:
    share, mean = 2 / (days + 1), loads[0]
    for load in loads[1:]:
        mean += share * (load - mean)
    return mean


def _long_enough(loads: Sequence[float]) -> None:
    demand(len(loads) >= CHRONIC_DAYS, Why.TOO_FEW_DAYS)
    demand(all(isfinite(load) and load >= 0 for load in loads))


def _ratio(acute: float, chronic: float) -> float:
    demand(chronic > 0, Why.NO_LOAD_BEFORE)
    return acute / chronic
