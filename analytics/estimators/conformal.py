"""Split-conformal quantiles: an interval from past errors that covers the next one as often as it says.

Vovk et al. 2005; Romano et al. 2019 for unequal tails. Holds for exchangeable errors of any shape. Training changes
over time, so the caller hands in recent errors only, and the backtest has the last word.
"""

from collections.abc import Sequence
from math import ceil, floor


def quantiles(scores: Sequence[float], coverage: float) -> tuple[float, float] | None:
    """The lower and the upper quantile with the (n + 1) correction; null where there are too few scores for it.

    >>> quantiles([-4, -3, -2, -1, 0, 1, 2, 3, 4], 0.8)
    (-4, 4)
    >>> quantiles([0.0] * 8, 0.8) is None
    True
    """
    tail, n = (1 - coverage) / 2, len(scores)
    # Rounding keeps 0.1 * 10 from becoming 0.9999999999999998.
    low, high = floor(round(tail * (n + 1), 9)), ceil(round((1 - tail) * (n + 1), 9))
    if low < 1 or high > n:
        return None
    ordered = sorted(scores)
    return ordered[low - 1], ordered[high - 1]
