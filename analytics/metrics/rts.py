"""Tuchscherer's RPE chart: the percentage of the maximum by reps and RPE (RTS).

Reps from 1, RPE 0..10 (10 where none was recorded), and x = reps + 10 - RPE in 1..16, in halves: as far as the chart
goes, which is further than the other e1RM formulas do. Loads in any one unit. Off the chart null and a reason.
"""

from analytics.metrics.e1rm import MOST_LOAD
from analytics.metrics.outcome import demand, formula, positive

# Percent by x = reps + 10 - RPE from 1 in halves. Public copies disagree from x = 11 on; these are ours (FORMULAS).
PERCENT = (
    *(100.0, 97.8, 95.5, 93.9, 92.2, 90.7, 89.2, 87.8, 86.3, 85.0, 83.7, 82.4, 81.1, 79.9, 78.6, 77.4),
    *(76.2, 75.1, 73.9, 72.3, 70.7, 69.4, 68.0, 66.7, 65.3, 64.0, 62.6, 61.3, 59.9, 58.6, 57.4),
)
MAX_RPE = 10.0


@formula
def percent(reps: int, rpe: float | None = None) -> float:
    """Percent of the maximum that so many reps at an RPE are done with.

    >>> percent(5, 8).value, percent(8, 8).value, percent(1).value, percent(20, 10).reason
    (81.1, 73.9, 100.0, <Why.OUT_OF_RANGE: 'out_of_range'>)
    """
    return _percent(reps, rpe)


@formula
def e1rm(load: float, reps: int, rpe: float | None = None) -> float:
    """100w / percent, in the unit of the load.

    >>> round(e1rm(100, 5, 8).value, 3), e1rm(0, 5, 8).reason
    (123.305, <Why.NOT_POSITIVE: 'not_positive'>)
    """
    return 100 * _lifted(load) / _percent(reps, rpe)


@formula
def load_for(maximum: float, reps: int, rpe: float | None = None) -> float:
    """The load for reps at an RPE, in the unit of the maximum, before any rounding to plates.

    >>> round(load_for(200, 5, 8).value, 1)
    162.2
    """
    return _lifted(maximum) * _percent(reps, rpe) / 100


def _lifted(load: float) -> float:
    demand(positive(load) <= MOST_LOAD)
    return load


def _percent(reps: int, rpe: float | None) -> float:
    felt = MAX_RPE if rpe is None else rpe
    demand(reps >= 1 and 0 <= felt <= MAX_RPE)
    halves = 2 * (reps + MAX_RPE - felt - 1)
    demand(halves.is_integer() and halves < len(PERCENT))
    return PERCENT[int(halves)]
