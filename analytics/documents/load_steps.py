"""The steps in which an athlete loads an exercise: plates, a stack or dumbbells, as their own log shows them."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

_RECENT = 40
_GRAM_NOISE = 10


def usual_step_g(loads_g: Sequence[int]) -> int | None:
    """The most frequent difference between neighbouring loads lately used; of equally frequent ones the least.

    Differences are compared to 10 g, since pounds stored in grams differ by single ones. Null below three loads.

    >>> usual_step_g([100_000, 102_500, 105_000, 107_500, 115_000])
    2500
    >>> usual_step_g([20_412, 22_680, 24_948])
    2270
    """
    used = sorted(set(loads_g[-_RECENT:]))
    differences = [round((above - below) / _GRAM_NOISE) * _GRAM_NOISE for below, above in pairwise(used)]
    counted = Counter(difference for difference in differences if difference >= 100)
    if counted.total() < 2:
        return None
    return min(counted, key=lambda difference: (-counted[difference], difference))
