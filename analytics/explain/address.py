"""Addresses: which number of a document is meant, its rows named by what they say and never by their position.

`progress/weekly/week_start=2026-11-16/tonnage_kg`: a document, then names of fields. A row of a list is named by fields
of it, several joined by commas; an entry of columns by the value of one of them; an entry of a daily or weekly series
without a column of days by `day=` or `week_start=`. In names and values `/`, `,`, `=` and `%` are percent-encoded.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from analytics.explain.errors import CannotExplain

Scalar = str | int | float | bool | None

_SHOWN = 10
# A series without a column of days says its first one, and each entry is so many days after the one before.
_GRIDS = {"day": ("first_day", 1), "week_start": ("first_week_start", 7)}


class Part(Struct, frozen=True):
    """One part: the name of a field, or the fields that name a row."""

    text: str
    name: str | None
    row: tuple[tuple[str, str], ...] = ()


class Address(Struct, frozen=True):
    """A document and the way to a number in it."""

    text: str
    document: str
    parts: tuple[Part, ...]


def parse(text: str) -> Address:
    """Read an address; raises CannotExplain where it is none.

    >>> [part.row or part.name for part in parse("progress/weekly/week_start=2026-11-16/sets").parts]
    ['weekly', (('week_start', '2026-11-16'),), 'sets']
    """
    document, *parts = text.split("/")
    if not document or not parts or not all(parts):
        raise CannotExplain(f"{text!r} is no address: write a document and the way to a number, joined by `/`.")
    return Address(text, unquote(document), tuple(_part(part) for part in parts))


def find(content: Any, address: Address) -> Scalar:
    """What stands at the address in a document made of plain objects; raises CannotExplain where nothing does."""
    at, way = content, address.document
    for part in address.parts:
        at = _into(at, part, way)
        way = f"{way}/{part.text}"
    if _is_list(at) or isinstance(at, Mapping):
        raise CannotExplain(f"`{way}` is no single number: {_go_on(at)}.")
    return at


def _part(text: str) -> Part:
    if "=" not in text:
        return Part(text, unquote(text))
    pairs = [one.split("=") for one in text.split(",")]
    if not all(len(pair) == 2 and pair[0] for pair in pairs):
        raise CannotExplain(f"`{text}` names no row: write field=value, several joined by commas.")
    return Part(text, None, tuple((unquote(field), unquote(value)) for field, value in pairs))


def _into(at: Any, part: Part, way: str) -> Any:
    if isinstance(at, Mapping):
        fields = cast(Mapping[str, Any], at)
        return _entry(fields, part, way) if part.name is None else _field(fields, part.name, way)
    if _is_list(at) and part.row:
        return _row(at, part, way)
    raise CannotExplain(f"`{way}` has no `{part.text}`: {_go_on(at)}.")


def _field(fields: Mapping[str, Any], name: str, way: str) -> Any:
    if name not in fields:
        raise CannotExplain(f"`{way}` has no `{name}`: {_go_on(fields)}.")
    return fields[name]


def _row(rows: Sequence[Any], part: Part, way: str) -> Any:
    known: list[Mapping[str, Any]] = [row for row in rows if isinstance(row, Mapping)]
    found = [row for row in known if all(_says(row, *pair) for pair in part.row)]
    if len(found) == 1:
        return found[0]
    if found:
        raise CannotExplain(f"`{way}` has {len(found)} rows with `{part.text}`: {_apart(found)}.")
    there = [",".join(f"{field}={_text(row.get(field))}" for field, _ in part.row) for row in known]
    raise CannotExplain(f"`{way}` has no row with `{part.text}`: {_listed(there)}.")


def _entry(columns: Mapping[str, Any], part: Part, way: str) -> Mapping[str, Any]:
    """The entry of columns of equal length, as a row of its own."""
    lists: dict[str, Sequence[Any]] = {name: column for name, column in columns.items() if _is_list(column)}
    keys = {field: lists[field] if field in lists else _grid(columns, lists, field) for field, _ in part.row}
    if missing := [field for field, key in keys.items() if key is None]:
        raise CannotExplain(f"`{way}` has no column `{missing[0]}`: {_listed(sorted(lists))}.")
    entries: list[dict[str, Any]] = [
        dict(zip(keys, row, strict=True)) for row in zip(*(key or () for key in keys.values()), strict=False)
    ]
    found = [at for at, entry in enumerate(entries) if all(_says(entry, *pair) for pair in part.row)]
    if len(found) != 1:
        there = [",".join(f"{field}={_text(value)}" for field, value in entry.items()) for entry in entries]
        raise CannotExplain(f"`{way}` has {len(found)} entries with `{part.text}`: {_listed(there)}.")
    return {name: column[found[0]] for name, column in lists.items() if len(column) == len(entries)}


def _grid(columns: Mapping[str, Any], lists: Mapping[str, Sequence[Any]], field: str) -> Sequence[Any] | None:
    first, step = _GRIDS.get(field, ("", 0))
    if not isinstance(columns.get(first), str) or any(map(_has_days, lists.values())):
        return None
    begins = date.fromisoformat(columns[first])
    longest = max((len(column) for column in lists.values()), default=0)
    return [(begins + timedelta(days=step * at)).isoformat() for at in range(longest)]


def _has_days(column: Sequence[Any]) -> bool:
    """A series with a column of its own for the days is no grid, even if it says its first day."""
    first = column[0] if column else None
    return isinstance(first, str) and len(first) == 10 and first[4:8:3] == "--"


def _says(row: Mapping[str, Any], field: str, text: str) -> bool:
    return field in row and _text(row[field]) == text


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _apart(rows: Sequence[Mapping[str, Any]]) -> str:
    differing = [field for field in rows[0] if len({_text(row.get(field)) for row in rows}) > 1]
    return f"they differ in {', '.join(differing)}" if differing else "they are alike"


def _go_on(value: Any) -> str:
    if isinstance(value, Mapping):
        return _listed(list(cast(Mapping[str, Any], value)))
    if _is_list(value):
        return "name one of its rows by field=value"
    return f"there is {_text(value)}"


def _listed(names: Sequence[str]) -> str:
    if not names:
        return "there is none"
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"there is {', '.join(names[:_SHOWN])}{more}"
