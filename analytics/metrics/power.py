"""Training load by power: iso power, intensity, load, critical power and the W' balance. Power in watts, one sample a
second.

Iso power and its relatives are Coggan's normalized power, intensity factor, variability index and training stress
score. Nothing stored feeds these yet: no endpoint serves them.
"""

from collections.abc import Sequence
from math import isfinite

from msgspec import Struct

from analytics.metrics.outcome import Outcome, Undefined, Why, demand, formula, positive

WINDOW_S = 30
# Nobody has reached a third of it.
MOST_W = 10_000.0


class CriticalPower(Struct, frozen=True, kw_only=True):
    """Critical power in watts and W' in joules, or null and why."""

    cp_w: float | None
    w_prime_j: float | None
    reason: Why | None = None


@formula
def iso_power_w(watts: Sequence[float]) -> float:
    """The fourth root of the mean fourth power of the 30 s rolling means, from the first full window on; watts.

    >>> iso_power_w([200.0] * 600).value, iso_power_w([200.0] * 29).reason
    (200.0, <Why.TOO_FEW_VALUES: 'too_few_values'>)
    """
    return _iso_power_w(watts)


@formula
def intensity(watts: Sequence[float], ftp_w: float) -> float:
    """Iso power / functional threshold power; without unit.

    >>> intensity([200.0] * 600, 250).value
    0.8
    """
    return _iso_power_w(watts) / positive(ftp_w)


@formula
def variability(watts: Sequence[float]) -> float:
    """Iso power / mean power; without unit.

    >>> variability([200.0] * 600).value
    1.0
    """
    return _iso_power_w(watts) / positive(sum(watts) / len(watts))


@formula
def load(watts: Sequence[float], ftp_w: float) -> float:
    """s x IP x IF / (FTP x 3600) x 100; points, 100 being an hour at threshold.

    >>> load([200.0] * 3600, 250).value
    64.0
    """
    iso, threshold = _iso_power_w(watts), positive(ftp_w)
    return len(watts) * iso * (iso / threshold) / (threshold * 3600) * 100


def critical_power(efforts: Sequence[tuple[float, float]]) -> CriticalPower:
    """The line of work over time through (seconds, watts) of efforts to exhaustion (Monod and Scherrer 1965).

    Its slope is CP, its intercept W'. Null for fewer than two different durations or a line that falls.

    >>> found = critical_power([(180, 400), (720, 300)])
    >>> round(found.cp_w, 3), round(found.w_prime_j, 3)
    (266.667, 24000.0)
    """
    try:
        cp_w, w_prime_j = _line([(positive(seconds), positive(watts) * seconds) for seconds, watts in efforts])
        return CriticalPower(cp_w=positive(cp_w), w_prime_j=positive(w_prime_j))
    except Undefined as undefined:
        return CriticalPower(cp_w=None, w_prime_j=None, reason=undefined.why)
    except (OverflowError, ZeroDivisionError):
        return CriticalPower(cp_w=None, w_prime_j=None, reason=Why.OUT_OF_RANGE)


def w_balance_j(watts: Sequence[float], cp_w: float, w_prime_j: float) -> tuple[Outcome, ...]:
    """W' left after each second, in joules, by the differential form (Froncioni, Skiba 2015).

    Above CP it is spent at P - CP, below it recovers at (CP - P)(W' - W) / W'. It may fall below zero: the constants
    then were too low. W' must hold a second at CP at least, or a recovery would overshoot; power up to 10 kW. The end
    and the least of all:

    >>> left = w_balance_j([350.0] * 180, 250, 20_000)
    >>> left[-1].value, min(second.value for second in left)
    (2000.0, 2000.0)
    """
    try:
        return tuple(Outcome(left) for left in _balances(watts, positive(cp_w), positive(w_prime_j)))
    except Undefined as undefined:
        return (Outcome(None, undefined.why),) * len(watts)


def _balances(watts: Sequence[float], cp_w: float, w_prime_j: float) -> list[float]:
    demand(cp_w <= w_prime_j)
    left, balances = float(w_prime_j), list[float]()
    for power in watts:
        demand(0 <= power <= MOST_W)
        left += cp_w - power if power > cp_w else (cp_w - power) * (w_prime_j - left) / w_prime_j
        balances.append(left)
    return balances


def _iso_power_w(watts: Sequence[float]) -> float:
    demand(len(watts) >= WINDOW_S, Why.TOO_FEW_VALUES)
    demand(all(isfinite(power) and power >= 0 for power in watts))
    window, fourths = sum(watts[:WINDOW_S]), list[float]()
    fourths.append((window / WINDOW_S) ** 4)
    for leaving, entering in zip(watts, watts[WINDOW_S:], strict=False):
        window += entering - leaving
        fourths.append((max(window, 0.0) / WINDOW_S) ** 4)
    return (sum(fourths) / len(fourths)) ** 0.25


def _line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Slope and intercept by least squares."""
    demand(len({at for at, _ in points}) >= 2, Why.TOO_FEW_VALUES)
    mean_x, mean_y = (sum(point[axis] for point in points) / len(points) for axis in (0, 1))
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    return slope, mean_y - slope * mean_x
