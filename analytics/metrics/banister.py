"""Banister's impulse-response model: performance as what training built less what it wore down (Banister 1975)."""

from collections.abc import Sequence
from math import exp, isfinite

from msgspec import Struct

from analytics.metrics.outcome import Outcome, demand, formula


class Response(Struct, frozen=True, kw_only=True):
    """The athlete's constants: performance without training, gains, and time constants in days."""

    baseline: float = 0.0
    fitness_gain: float = 1.0
    fatigue_gain: float = 2.0
    fitness_days: float = 42.0
    fatigue_days: float = 7.0


def performance(loads: Sequence[float], on: int, response: Response = Response()) -> Outcome:  # noqa: B008 (frozen)
    """p0 + k1 fitness - k2 fatigue on day `on`, loads one a day from day 0; in the unit of performance.

    >>> round(performance([100.0], on=1).value, 4), performance([100.0], on=-1).reason
    (-75.7284, <Why.OUT_OF_RANGE: 'out_of_range'>)
    """
    return _performance(loads, on, response)


@formula
def accumulated(loads: Sequence[float], on: int, days: float) -> float:
    """Sum of w(i) e^(-(n - i) / t) over the days i before n; in the unit of the loads.

    >>> round(accumulated([100.0], 1, 42).value, 4)
    97.6472
    """
    return _accumulated(loads, on, days)


@formula
def _performance(loads: Sequence[float], on: int, response: Response) -> float:
    fitness, fatigue = (_accumulated(loads, on, days) for days in (response.fitness_days, response.fatigue_days))
    return response.baseline + response.fitness_gain * fitness - response.fatigue_gain * fatigue


def _accumulated(loads: Sequence[float], on: int, days: float) -> float:
    demand(on >= 0 and days > 0 and all(isfinite(load) and load >= 0 for load in loads))
    return sum(load * exp(-(on - day) / days) for day, load in enumerate(loads) if day < on)
