"""INOL, the number of lifts by intensity: how much a session of one exercise asked for (Hristov 2005)."""

from collections.abc import Iterable

from analytics.metrics.outcome import Why, demand, formula


@formula
def inol(sets: Iterable[tuple[int, float]]) -> float:
    """Sum of reps / (100 - percent of 1RM) over (reps, percent); without unit. Undefined from 100 % on.

    >>> round(inol([(5, 80.0)] * 5).value, 4), inol([(1, 100.0)]).reason, inol([]).reason
    (1.25, <Why.OUT_OF_RANGE: 'out_of_range'>, <Why.TOO_FEW_VALUES: 'too_few_values'>)
    """
    done = list(sets)
    demand(bool(done), Why.TOO_FEW_VALUES)
    demand(all(reps >= 0 and 0 < percent < 100 for reps, percent in done))
    return sum(reps / (100 - percent) for reps, percent in done)
