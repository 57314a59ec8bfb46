"""Medians, spreads and percentiles of what was measured."""

from collections.abc import Sequence
from math import inf
from statistics import median, quantiles

__all__ = ["median", "percentile", "ratios", "spread"]


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that `percent` of the values do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def ratios(these: Sequence[float], those: Sequence[float]) -> list[float]:
    """Pair by pair: both of a pair were measured in the same round, so the machine's moods cancel out."""
    return [this / that if that else inf for this, that in zip(these, those, strict=True)]


def spread(values: Sequence[float], digits: int = 2) -> str:
    """From the first to the third quartile."""
    return f"{percentile(values, 25):.{digits}f}-{percentile(values, 75):.{digits}f}"
