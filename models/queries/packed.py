"""Rows of fixed width by binary COPY: a few packed 64-bit integers each, which numpy takes apart by the million.

Every field of COPY costs the server about as much as any other, so several columns share one. Null is -1.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from models.db import Driver

NULL = -1
_HEADER, _TRAILER = 19, 2
# Instants and dates are counted from 2000 on, in microseconds and in days; the least one is -infinity.
_KINDS = {"uuid": "V16", "bigint": ">i8", "int": ">i4", "timestamptz": ">i8", "date": ">i4"}


class Part(Struct, frozen=True):
    """A column's place in a packed integer: so many bits, from the lowest bit on."""

    column: str
    bits: int
    nullable: bool = False


def packing(parts: Sequence[Part]) -> str:
    """The expression that packs the columns, the first into the lowest bits; at most 63 bits.

    >>> packing((Part("kind", 4), Part("reps", 14, True)))
    "kind * 1::bigint + coalesce(reps, '-1') * 16::bigint"
    """
    if (bits := sum(part.bits for part in parts)) > 63:
        raise ValueError(f"{bits} bits do not fit into a bigint beside its sign.")
    values = [f"coalesce({part.column}, '{NULL}')" if part.nullable else part.column for part in parts]
    return " + ".join(f"{value} * {1 << at}::bigint" for value, at in zip(values, _places(parts), strict=True))


def unpacked(packed: np.ndarray, parts: Sequence[Part]) -> dict[str, np.ndarray]:
    """The columns as 64-bit integers, NULL for null.

    >>> unpacked(np.array([5 + 16 * -1]), (Part("kind", 4), Part("reps", 14, True)))
    {'kind': array([5]), 'reps': array([-1])}
    """
    places = _places(parts)
    # Without a part below none it cannot take away from the part above.
    lifted = packed + sum(1 << at for part, at in zip(parts, places, strict=True) if part.nullable)
    columns: dict[str, np.ndarray] = {}
    for part, at in zip(parts, places, strict=True):
        value = (lifted >> at) & ((1 << part.bits) - 1)
        columns[part.column] = value - 1 if part.nullable else value
    return columns


def _places(parts: Sequence[Part]) -> list[int]:
    return [sum(part.bits for part in parts[:number]) for number in range(len(parts))]


async def copied(connection: Driver, query: str, *arguments: Any, fields: Mapping[str, str]) -> dict[str, np.ndarray]:
    """The rows of a query whose fields are of these kinds and never null, by column."""
    chunks: list[bytes] = []

    async def take(chunk: bytes) -> None:
        chunks.append(chunk)

    await connection.copy_from_query(query, *arguments, output=take, format="binary")
    layout: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in fields.items():
        layout += [(f"{name}_length", ">i4"), (name, _KINDS[kind])]
    row = np.dtype(layout)
    content = b"".join(chunks)
    count, odd = divmod(len(content) - _HEADER - _TRAILER, row.itemsize)
    if odd:
        raise ValueError("A row was not of the width that was asked for.")
    rows = np.frombuffer(content, dtype=row, count=count, offset=_HEADER)
    return {name: _native(rows[name]) for name in fields}


def _native(column: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(column if column.dtype.kind == "V" else column.astype(column.dtype.newbyteorder("=")))
