"""Training load by heart rate: reserve, zones, TRIMP and hrTSS. Heart rates in beats a minute.

Nothing stored feeds these yet: no endpoint serves them.
"""

from collections.abc import Sequence
from math import exp

from analytics.metrics.outcome import Why, demand, formula, positive

# Weight and exponent of Banister's TRIMP by sex (Morton 1990).
_TRIMP = {"male": (0.64, 1.92), "female": (0.86, 1.67)}
LEAST_BPM, MOST_BPM = 20.0, 250.0
OLDEST_YEARS = 120.0


@formula
def maximum_bpm(age_years: float) -> float:
    """208 - 0.7 age (Tanaka 2001, JACC 37(1) 153-156); beats a minute; 0 < age <= 120.

    >>> maximum_bpm(40).value, maximum_bpm(-1).reason
    (180.0, <Why.NOT_POSITIVE: 'not_positive'>)
    """
    demand(positive(age_years) <= OLDEST_YEARS)
    return 208 - 0.7 * age_years


@formula
def karvonen_bpm(share: float, rest_bpm: float, max_bpm: float) -> float:
    """rest + share x (max - rest) (Karvonen 1957); share of the reserve 0..1; beats a minute.

    >>> karvonen_bpm(0.7, 60, 190).value
    151.0
    """
    demand(0 <= share <= 1)
    return rest_bpm + share * _range(rest_bpm, max_bpm)


@formula
def trimp(minutes: float, mean_bpm: float, rest_bpm: float, max_bpm: float, sex: str | None) -> float:
    """minutes x x x a e^(b x), x the share of the reserve (Banister 1991, weights by Morton 1990); arbitrary units.

    >>> round(trimp(60, 150, 60, 190, "male").value, 4), trimp(60, 150, 60, 190, None).reason
    (100.4403, <Why.SEX_UNKNOWN: 'sex_unknown'>)
    """
    return positive(minutes) * _trimp_a_minute(mean_bpm, rest_bpm, max_bpm, sex)


@formula
def edwards(zone_minutes: Sequence[float]) -> float:
    """Sum of zone x minutes over zones 1..5, of 50 to 100 % of the maximum in tenths (Edwards 1993); arbitrary units.

    >>> edwards([10, 20, 15, 10, 5]).value
    160
    """
    demand(len(zone_minutes) == 5, Why.TOO_FEW_VALUES)
    demand(all(0 <= minutes < float("inf") for minutes in zone_minutes))
    return sum(zone * minutes for zone, minutes in enumerate(zone_minutes, 1))


@formula
def hrtss(
    minutes: float, mean_bpm: float, rest_bpm: float, max_bpm: float, threshold_bpm: float, sex: str | None
) -> float:
    """TRIMP as a share of that of one hour at threshold, times 100; points.

    >>> round(hrtss(60, 160, 50, 190, 165, "male").value, 3)
    89.313
    """
    hour = 60 * _trimp_a_minute(threshold_bpm, rest_bpm, max_bpm, sex)
    return 100 * positive(minutes) * _trimp_a_minute(mean_bpm, rest_bpm, max_bpm, sex) / positive(hour)


def _trimp_a_minute(bpm: float, rest_bpm: float, max_bpm: float, sex: str | None) -> float:
    demand(sex in _TRIMP, Why.SEX_UNKNOWN)
    share = (bpm - rest_bpm) / _range(rest_bpm, max_bpm)
    demand(0 <= share <= 1)
    weight, exponent = _TRIMP[sex or ""]
    return share * weight * exp(exponent * share)


def _range(rest_bpm: float, max_bpm: float) -> float:
    demand(LEAST_BPM <= rest_bpm < max_bpm <= MOST_BPM)
    return max_bpm - rest_bpm
