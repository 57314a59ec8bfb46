"""What differs between two outputs of a step for one athlete: a row a changed number, or a row come or gone."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import polars as pl
from msgspec import Struct

from workflows.steps import flatten
from workflows.steps.flatten import Rows, Scalar

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
# A row that came or went has no column, and all its cells as JSON in the text. A change from 0 has no relative one.
CHANGES: dict[str, type[pl.DataType]] = {
    "athlete": pl.String,
    "table": pl.String,
    "row": pl.String,
    "column": pl.String,
    "change": pl.String,
    "before": pl.Float64,
    "after": pl.Float64,
    "relative": pl.Float64,
    "before_text": pl.String,
    "after_text": pl.String,
}
Row = tuple[Any, ...]


class Compared(Struct, frozen=True, kw_only=True):
    """An athlete's two outputs beside each other, or which of them could not be made and why."""

    athlete: str
    failed_before: bool = False
    failed_after: bool = False
    documents: int = 0
    identical: int = 0
    changes: pl.DataFrame = pl.DataFrame(schema=CHANGES)
    problem: str | None = None

    @property
    def same(self) -> bool:
        return self.problem is None and self.identical == self.documents


def compare(athlete: str, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Compared:
    """Document by document; those of equal bytes are not looked into."""
    names = sorted(before.keys() | after.keys())
    differing = [name for name in names if before.get(name) != after.get(name)]
    rows = [row for name in differing for row in _document(athlete, name, before.get(name), after.get(name))]
    return Compared(
        athlete=athlete,
        documents=len(names),
        identical=len(names) - len(differing),
        changes=pl.DataFrame(rows, schema=CHANGES, orient="row"),
    )


def relative(before: Scalar, after: Scalar) -> float | None:
    """The change as a share of the number before; null where one of them is no number, or that one is 0.

    >>> relative(80.0, 82.0)
    0.025
    """
    old, new = _float(before), _float(after)
    return None if old is None or new is None or old == 0 else (new - old) / abs(old)


def _document(athlete: str, name: str, before: bytes | None, after: bytes | None) -> Iterator[Row]:
    tables = flatten.flatten(
        name, *(msgspec.json.decode(body or b"{}", type=dict[str, Any]) for body in (before, after))
    )
    old, new = ({} if body is None else found for body, found in zip((before, after), tables, strict=True))
    for table in sorted(old.keys() | new.keys()):
        for row in _rows(old.get(table, {}), new.get(table, {})):
            yield (athlete, table, *row)


def _rows(old: Rows, new: Rows) -> Iterator[Row]:
    for key, cells in old.items():
        if key not in new:
            yield (flatten.text(key), None, REMOVED, None, None, None, _json(cells), None)
        elif cells != new[key]:
            yield from _cells(flatten.text(key), cells, new[key])
    for key, cells in new.items():
        if key not in old:
            yield (flatten.text(key), None, ADDED, None, None, None, None, _json(cells))


def _cells(row: str, old: Mapping[str, Scalar], new: Mapping[str, Scalar]) -> Iterator[Row]:
    for column in dict.fromkeys((*old, *new)):
        before, after = old.get(column), new.get(column)
        if before != after:
            numbers = (_float(before), _float(after), relative(before, after))
            yield (row, column, CHANGED, *numbers, _text(before), _text(after))


def _float(value: Scalar) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(value: Scalar) -> str | None:
    return value if value is None or isinstance(value, str) else _json(value)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
