"""Digests of histories: one of each workout's content, and of these one of all that an athlete has recorded.

The bytes are ours, not polars': rows by key, columns in the frame's order, little-endian integers of the declared
width with the least one for null, strings as JSON. A workout's digest depends on nothing outside of it, not even on its
number in the frame: what was not changed keeps its digest.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np
import polars as pl

FORMAT = b"loadstone history 3"
# Little-endian of the declared width, and the least of it for null.
_INTEGERS: dict[pl.DataType, tuple[str, int]] = {
    dtype: (f"<i{width}", -(2 ** (8 * width - 1)))
    for dtype, width in ((pl.Int8(), 1), (pl.Int16(), 2), (pl.Int32(), 4), (pl.Int64(), 8))
}
_NUMBERS = ("athlete", "session")


def of_workouts(workouts: pl.DataFrame, sets: pl.DataFrame) -> list[bytes]:
    """sha256 of the content of each workout with its sets, in the order of the workouts' rows."""
    if not _is_sorted(sets):
        sets = sets.sort("session", "position")
    numbers = workouts.get_column("session").to_numpy()
    session, heads = sets.get_column("session").to_numpy(), _packed(workouts, without="workout_id")
    rows = _packed(sets)
    bounds = zip(*(np.searchsorted(session, numbers, side).tolist() for side in ("left", "right")), strict=True)
    head, width = heads.itemsize, rows.itemsize
    of_heads, of_rows = memoryview(heads.tobytes()), memoryview(rows.tobytes())
    return [
        hashlib.sha256(bytes(of_heads[at * head : (at + 1) * head]) + of_rows[first * width : last * width]).digest()
        for at, (first, last) in enumerate(bounds)
    ]


def of_history(
    workout_ids: Sequence[str], contents: Sequence[bytes], others: Mapping[str, tuple[pl.DataFrame, Sequence[str]]]
) -> str:
    """One athlete's digest: from those of the workouts, and the other frames, each with the columns of its key."""
    digested = hashlib.sha256(FORMAT + b"\nworkouts %d\n" % len(workout_ids))
    pairs = sorted(zip(workout_ids, contents, strict=True))
    digested.update(b"".join([workout_id.encode() + content for workout_id, content in pairs]))
    for name, (rows, keys) in others.items():
        digested.update(f"\n{name} {rows.height}\n".encode())
        for column in _canonical(rows, keys):
            digested.update(column)
    return digested.hexdigest()


def _canonical(rows: pl.DataFrame, keys: Sequence[str]) -> Iterator[bytes]:
    """The columns' bytes, without the athlete's number."""
    for column in rows if _is_in_order(rows, keys) else rows.sort(keys):
        if column.name not in _NUMBERS:
            yield msgspec.json.encode(column.to_list()) if column.dtype == pl.String else _numbers(column).tobytes()


def _is_in_order(rows: pl.DataFrame, keys: Sequence[str]) -> bool:
    """Whether there is nothing to sort, as far as that is told at once: rows mostly come as they were read."""
    if len(keys) != 1:
        return rows.height <= 1
    values = _numbers(rows.get_column(keys[0]))
    return bool((values[1:] > values[:-1]).all())


def _packed(rows: pl.DataFrame, without: str = "") -> np.ndarray:
    """The rows, one after the other, without a gap, and without the numbers that they have in the frame."""
    columns = {column.name: _numbers(column) for column in rows if column.name not in (*_NUMBERS, without)}
    packed = np.empty(rows.height, dtype=[(name, numbers.dtype) for name, numbers in columns.items()])
    for name, numbers in columns.items():
        packed[name] = numbers
    return packed


def _numbers(column: pl.Series) -> np.ndarray:
    if column.dtype not in _INTEGERS:
        column = column.cast(pl.Int8) if column.dtype == pl.Boolean else column.to_physical()
    layout, least = _INTEGERS[column.dtype]
    if not column.null_count():
        return column.to_numpy().astype(layout, copy=False)
    if column.dtype == pl.Int64:
        return column.fill_null(least).to_numpy().astype(layout, copy=False)
    # With null as NaN, in floats that hold every narrower integer.
    numbers = column.to_numpy()
    return np.where(np.isnan(numbers), least, numbers).astype(layout)


def _is_sorted(sets: pl.DataFrame) -> bool:
    key = sets.get_column("session").to_numpy().astype(np.int64) * 65536 + sets.get_column("position").to_numpy()
    return bool(np.all(key[1:] > key[:-1]))
