"""Running: the cost of slopes, pace on the flat, VDOT, predicted times and load. Paces in seconds a kilometre.

Nothing stored feeds these yet: no endpoint serves them.
"""

from math import exp, isfinite

from analytics.metrics.outcome import demand, formula, positive

STEEPEST = 0.45
RIEGEL_EXPONENT = 1.06
# The durations that Daniels and Gilbert fitted their curve on.
SHORTEST_MIN, LONGEST_MIN = 3.5, 360.0


@formula
def cost_j_kg_m(grade: float) -> float:
    """155.4i^5 - 30.4i^4 - 43.3i^3 + 46.3i^2 + 19.5i + 3.6 (Minetti 2002); J/(kg m); |grade| <= 0.45.

    >>> cost_j_kg_m(0.0).value, round(cost_j_kg_m(0.1).value, 4), cost_j_kg_m(0.5).reason
    (3.6, 5.9682, <Why.OUT_OF_RANGE: 'out_of_range'>)
    """
    return _cost(grade)


@formula
def grade_adjusted_pace_s_km(pace_s_km: float, grade: float) -> float:
    """The pace on the flat of the same cost: pace x C(0) / C(grade); seconds a kilometre.

    >>> round(grade_adjusted_pace_s_km(300, 0.05).value, 3)
    230.513
    """
    return positive(pace_s_km) * _cost(0.0) / _cost(grade)


@formula
def vdot(distance_m: float, minutes: float) -> float:
    """Oxygen uptake at race speed by the share of the maximum kept so long (Daniels and Gilbert 1979); ml/(kg min).

    Efforts of 3.5 minutes to 6 hours.

    >>> round(vdot(5000, 20).value, 4)
    49.8062
    """
    demand(SHORTEST_MIN <= minutes <= LONGEST_MIN)
    speed = positive(distance_m) / minutes
    uptake = -4.60 + 0.182258 * speed + 0.000104 * speed**2
    share = 0.8 + 0.1894393 * exp(-0.012778 * minutes) + 0.2989558 * exp(-0.1932605 * minutes)
    return positive(uptake / share)


@formula
def riegel_s(seconds: float, distance: float, to_distance: float) -> float:
    """t (d2 / d1)^1.06 (Riegel 1981); seconds; distances in one unit.

    >>> round(riegel_s(1200, 5, 10).value, 2)
    2501.92
    """
    return positive(seconds) * (positive(to_distance) / positive(distance)) ** RIEGEL_EXPONENT


@formula
def rtss(seconds: float, pace_s_km: float, threshold_s_km: float) -> float:
    """Hours x (threshold pace / grade-adjusted pace)^2 x 100; points, 100 being an hour at threshold.

    >>> round(rtss(3600, 300, 270).value, 4)
    81.0
    """
    return positive(seconds) / 3600 * (positive(threshold_s_km) / positive(pace_s_km)) ** 2 * 100


def _cost(grade: float) -> float:
    demand(isfinite(grade) and abs(grade) <= STEEPEST)
    return 155.4 * grade**5 - 30.4 * grade**4 - 43.3 * grade**3 + 46.3 * grade**2 + 19.5 * grade + 3.6
