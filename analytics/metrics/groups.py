"""Sums and maxima by key without a hash table: rows are numbered by key, then each adds to the total of its number.

Rows mostly come in the order of their keys, so that few keys are sorted and totals stay near each other; rows in any
other order cost more and give the same. All integers, so no order changes a digit.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

# Of any width: numpy's types cannot say which a column has.
Integers = NDArray[Any]
Columns = Mapping[str, Integers]
# Rows as polars or as numpy holds them; the latter knows dates as days since 1970 and no null.
Rows = pl.DataFrame | Columns
Keys = NDArray[np.int64]
Numbers = NDArray[np.int64]
# The lower half of a key is moved up, so that negative numbers (days before 1970) keep their order.
_HALF, _MOVED = 32, 2**31
# Below every value there is: the maximum of nothing.
NOTHING = -1
_LARGEST_TABLE = 2**20


def arrays(rows: Rows, *names: str, absent: int = NOTHING) -> tuple[Integers, ...]:
    """Columns of integers or dates (as days since 1970), `absent` for null."""
    if not isinstance(rows, pl.DataFrame):
        return tuple(rows[name] for name in names)
    columns = {name: rows.get_column(name) for name in names}
    if lacking := [name for name, column in columns.items() if column.null_count()]:
        columns |= rows.select_seq(pl.col(lacking).fill_null(absent)).to_dict()
    return tuple(_array(columns[name]) for name in names)


def framed(columns: Mapping[str, Any], day: str | None = None) -> pl.DataFrame:
    """A frame of columns of equal length, NaN as null; the one named `day` holds days since 1970 and becomes a date.

    It takes less time than a frame of a mapping and of numpy's dates, most of what a small frame takes.

    >>> framed({"on": np.array([0, 1]), "load": np.array([0.5, np.nan])}, "on").rows()
    [(datetime.date(1970, 1, 1), 0.5), (datetime.date(1970, 1, 2), None)]
    """
    series = [pl.Series(name, values, nan_to_null=True) for name, values in columns.items()]
    return pl.DataFrame([one.cast(pl.Int32).cast(pl.Date) if one.name == day else one for one in series])


def packed(high: Integers, low: Integers) -> Keys:
    """Two Int32s in one key that sorts as the pair does; the higher one is not negative.

    >>> [int(part[0]) for part in unpacked(packed(np.array([3]), np.array([-1])))]
    [3, -1]
    """
    return (high.astype(np.int64) << _HALF) + (low.astype(np.int64) + _MOVED)


def unpacked(keys: Keys) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The pairs that were packed."""
    return (keys >> _HALF).astype(np.int32), ((keys & (2**_HALF - 1)) - _MOVED).astype(np.int32)


def starts(keys: Integers) -> Numbers:
    """Where each run of equal neighbours begins.

    >>> starts(np.array([7, 7, 2, 7])).tolist()
    [0, 2, 3]
    """
    begins = np.empty(len(keys), dtype=np.bool_)
    begins[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=begins[1:])
    return begins.nonzero()[0]


def spread(values: Integers, first: Numbers, length: int) -> Integers:
    """The value of each run for each of its rows.

    >>> spread(np.array([5, 6]), np.array([0, 2]), 3).tolist()
    [5, 5, 6]
    """
    return values.repeat(lengths(first, length))


def lengths(first: Numbers, length: int) -> Numbers:
    """How many rows each run has."""
    end = np.empty_like(first)
    end[:-1], end[-1:] = first[1:], length
    return end - first


def numbered(keys: Integers) -> tuple[Keys, Numbers]:
    """The distinct keys in order, and which of them each row has.

    >>> [part.tolist() for part in numbered(np.array([5, 5, 8, 5]))]
    [[5, 8], [0, 0, 1, 0]]
    """
    first = starts(keys)
    distinct, number = keys[first], np.arange(len(first))
    if not (distinct[1:] > distinct[:-1]).all():
        order = np.argsort(distinct)
        ordered = distinct[order]
        begin = starts(ordered)
        distinct, number[order] = ordered[begin], spread(np.arange(len(begin)), begin, len(ordered))
    return distinct, spread(number, first, len(keys))


def sums(values: Integers, number: Numbers, count: int) -> NDArray[np.int64]:
    """The Int64 sum of each number's values."""
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, number, values.astype(np.int64, copy=False))
    return total


def maxima(values: Integers, number: Numbers, count: int) -> Integers:
    """The greatest of each number's values."""
    greatest = np.full(count, NOTHING, dtype=values.dtype)
    np.maximum.at(greatest, number, values)
    return greatest


def summed(keys: Integers, columns: Columns) -> tuple[Keys, dict[str, NDArray[np.int64]]]:
    """The distinct keys in order with the sums of their rows.

    >>> distinct, columns = summed(np.array([7, 7, 2, 7]), {"reps": np.array([1, 2, 3, 4])})
    >>> distinct.tolist(), columns["reps"].tolist()
    ([2, 7], [3, 7])
    """
    distinct, number = numbered(keys)
    return distinct, {name: sums(values, number, len(distinct)) for name, values in columns.items()}


def positions(ids: Integers, wanted: Integers) -> Numbers:
    """Where each wanted id stands among the sorted ids, or their number where it does not.

    >>> positions(np.array([3, 5]), np.array([5, 4, 3, 9])).tolist()
    [1, 2, 0, 2]
    """
    if len(ids) and ids[0] >= 0 and ids[-1] < _LARGEST_TABLE:
        table = np.full(int(ids[-1]) + 2, len(ids))
        table[ids] = np.arange(len(ids))
        return table[np.minimum(wanted, ids[-1] + 1)]
    found = np.searchsorted(ids, wanted)
    return np.where(np.append(ids, NOTHING)[found] == wanted, found, len(ids))


def _array(column: pl.Series) -> Integers:
    values = column.to_numpy()
    return values.view(np.int64) if column.dtype == pl.Date else values
