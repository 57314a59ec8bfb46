"""Tuchscherer's RPE chart: the percentage of the maximum by reps and RPE (RTS)."""

# Percent by x = reps + 10 - RPE from 1 in halves. Public copies disagree from x = 11 on; these are ours (FORMULAS).
_PERCENT = (
    *(100, 97.8, 95.5, 93.9, 92.2, 90.7, 89.2, 87.8, 86.3, 85.0, 83.7, 82.4, 81.1, 79.9, 78.6, 77.4),
    *(76.2, 75.1, 73.9, 72.3, 70.7, 69.4, 68.0, 66.7, 65.3, 64.0, 62.6, 61.3, 59.9, 58.6, 57.4),
)


def percent(reps: int, rpe: float) -> float | None:
    """Percent of the maximum; null off the chart (x = reps + 10 - RPE in 1..16, in halves).

    >>> percent(5, 8), percent(8, 8), percent(20, 10)
    (81.1, 73.9, None)
    """
    halves = (reps + 10 - rpe - 1) * 2
    if reps < 1 or halves != int(halves) or not 0 <= halves < len(_PERCENT):
        return None
    return _PERCENT[int(halves)]


def e1rm(load: float, reps: int, rpe: float) -> float | None:
    """100w / percent, in the unit of the load; null off the chart.

    >>> round(e1rm(100, 5, 8), 3)
    123.305
    """
    share = percent(reps, rpe)
    return None if share is None or load <= 0 else 100 * load / share


def load_for(maximum: float, reps: int, rpe: float) -> float | None:
    """The load for reps at an RPE, in the unit of the maximum, before any rounding to plates.

    >>> round(load_for(200, 5, 8), 1)
    162.2
    """
    share = percent(reps, rpe)
    return None if share is None else maximum * share / 100
