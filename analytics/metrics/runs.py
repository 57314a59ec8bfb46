"""Sums and maxima by key of rows that mostly come in the order of their keys: neighbours merge without a hash table.

All integers, so no order of rows changes a digit. Rows in any other order are sorted first, which costs more.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.integer]
Columns = Mapping[str, Integers]
Keys = NDArray[np.int64]
Starts = NDArray[np.intp]
# The lower half of a key is moved up, so that negative numbers (days before 1970) keep their order.
_HALF, _MOVED = 32, 2**31


def packed(high: Integers, low: Integers) -> Keys:
    """Two Int32s in one key that sorts as the pair does; the higher one is not negative.

    >>> [int(part[0]) for part in unpacked(packed(np.array([3]), np.array([-1])))]
    [3, -1]
    """
    return (high.astype(np.int64) << _HALF) + (low.astype(np.int64) + _MOVED)


def unpacked(keys: Keys) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The pairs that were packed."""
    return (keys >> _HALF).astype(np.int32), ((keys & (2**_HALF - 1)) - _MOVED).astype(np.int32)


def starts(keys: Integers) -> Starts:
    """Where each run of equal keys begins.

    >>> starts(np.array([7, 7, 2, 7])).tolist()
    [0, 2, 3]
    """
    return np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.intp)


def sums(columns: Columns, first: Starts) -> dict[str, Integers]:
    """The Int64 sum of each run of each column."""
    if not len(first):
        return {name: values.astype(np.int64) for name, values in columns.items()}
    return {name: np.add.reduceat(values, first, dtype=np.int64) for name, values in columns.items()}


def maxima(columns: Columns, first: Starts) -> dict[str, Integers]:
    """The greatest value of each run of each column."""
    if not len(first):
        return dict(columns)
    return {name: np.maximum.reduceat(values, first) for name, values in columns.items()}


def grouped(keys: Keys, summed: Columns, greatest: Columns) -> tuple[Keys, Columns]:
    """The distinct keys in order, with the Int64 sums and the maxima of their rows.

    >>> distinct, columns = grouped(np.array([7, 7, 2, 7]), {"reps": np.array([1, 2, 3, 4])}, {})
    >>> distinct.tolist(), columns["reps"].tolist()
    ([2, 7], [3, 7])
    """
    keys, summed, greatest = _merged(keys, summed, greatest)
    if not np.all(keys[1:] > keys[:-1]):
        order = np.argsort(keys, kind="stable")
        taken = ({name: values[order] for name, values in columns.items()} for columns in (summed, greatest))
        keys, summed, greatest = _merged(keys[order], *taken)
    return keys, {**summed, **greatest}


def _merged(keys: Keys, summed: Columns, greatest: Columns) -> tuple[Keys, Columns, Columns]:
    first = starts(keys)
    if len(first) == len(keys):
        return keys, summed, greatest
    return keys[first], sums(summed, first), maxima(greatest, first)
