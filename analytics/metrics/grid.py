"""A row a calendar day, athlete by athlete: the grid that training load is followed on, rest days as zeros."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from analytics.metrics import groups

_EPOCH = date(1970, 1, 1)
Days = NDArray[np.int64]


def daily_sums(
    athlete: groups.Integers, day: groups.Integers, values: groups.Columns, until: date, *, before: int = 0
) -> dict[str, groups.Integers]:
    """`athlete`, `day` and the Int64 sums of each day, from each athlete's first day to `until`, or the last one.

    `before` so many empty days stand in front of the first.
    """
    keys, sums = groups.summed(groups.packed(athlete, day), values)
    athletes, days = (part.astype(np.int64) for part in groups.unpacked(keys))
    begin = groups.starts(athletes)
    first = days[begin] - before
    last = np.maximum(days[np.append(begin[1:], len(days)) - 1], (until - _EPOCH).days) if len(days) else days
    lengths: Days = last - first + 1
    offset = np.cumsum(lengths) - lengths
    trained = days + np.repeat(offset - first, groups.lengths(begin, len(days)))
    calendar: dict[str, groups.Integers] = {
        "athlete": np.repeat(athletes[begin], lengths).astype(np.int32),
        "day": np.arange(lengths.sum(), dtype=np.int32) + np.repeat(first - offset, lengths).astype(np.int32),
    }
    return {**calendar, **{name: _placed(values, trained, len(calendar["day"])) for name, values in sums.items()}}


def _placed(values: groups.Integers, positions: Days, length: int) -> Days:
    placed = np.zeros(length, dtype=np.int64)
    placed[positions] = values
    return placed
