"""A document as flat tables whose rows are keyed by what they mean, so that two versions of it compare row by row.

An object's numbers are columns, of objects inside it too (`today.fitness`). A list of objects is a table of its own,
keyed by the first names of IDENTITY that tell its rows apart; so is an object of named objects, and so are columns of
equal length with a column of dates among them. Rows below a row carry its key before their own.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, cast

from msgspec import Struct

Scalar = str | int | float | bool | None
Key = tuple[tuple[str, Scalar], ...]
Rows = dict[Key, dict[str, Scalar]]
Tables = dict[str, Rows]

_TIMES = ("week_start", "performed_on", "day")
# The order matters: a row is keyed by as few of them as tell it apart from those beside it.
IDENTITY = (
    *("exercise_id", "muscle", "lift", "id", "kind", "code", "formula.name", "name", "author", "reps", "first"),
    *(*_TIMES, "first_day", "workout_id"),
)
# Reps tell records of one kind apart; elsewhere they are a number like others.
_WITHOUT_KIND = tuple(name for name in IDENTITY if name != "reps")
SERIES = (*_TIMES, "workout_id")
# Columns without one of dates begin on a day that stands beside them: its name, theirs, and the days between.
STARTS = {"first_day": ("day", 1), "first_week_start": ("week_start", 7)}
_NAME, _VALUE, _PLACE = ("named",), ("value",), "place"


class Node(Struct, frozen=True):
    """An object: its own cells, those of the objects in it that are no rows, and the rows below it."""

    cells: dict[str, Scalar]
    groups: list["Group"]


class Group(Struct, frozen=True):
    """Objects that are rows of one table, and by what they may be told apart."""

    table: str
    names: tuple[str, ...]
    rows: list[Node]


def flatten(name: str, *documents: Mapping[str, Any]) -> tuple[Tables, ...]:
    """The tables of versions of one document, as plain values; the same row has the same key in each of them.

    >>> (tables,) = flatten("e1rm", {"as_of": "2026-11-20", "exercises": [{"exercise_id": 100, "sessions": 3}]})
    >>> tables["e1rm.exercises"]
    {(('exercise_id', 100),): {'sessions': 3}}
    """
    nodes = [_node(name, document) for document in documents]
    uses: dict[str, int] = {}
    for node in nodes:
        _count(node, uses)
    return tuple(_tables(name, node, uses) for node in nodes)


def text(key: Key) -> str:
    """The key as people read it, without what is null; a document's own row has none.

    >>> text((("exercise_id", 100), ("performed_on", "2026-11-20")))
    'exercise_id=100 performed_on=2026-11-20'
    """
    return " ".join(f"{name}={value}" for name, value in key if value is not None)


def _tables(name: str, node: Node, uses: Mapping[str, int]) -> Tables:
    tables: Tables = {name: {(): node.cells}}
    for group in node.groups:
        _collect(tables, group, (), uses)
    return tables


def _collect(tables: Tables, group: Group, above: Key, uses: Mapping[str, int]) -> None:
    names, rows = group.names[: uses[group.table]], tables.setdefault(group.table, {})
    ambiguous = uses[group.table] > len(group.names)
    places: dict[Key, int] = {}
    for node in group.rows:
        told = ((name, node.cells[name]) for name in names if name in node.cells)
        key = (*above, *(pair for pair in told if pair not in above))
        if ambiguous:
            places[key] = place = places.get(key, 0) + 1
            key = key if place == 1 else (*key, (_PLACE, place))
        rows[key] = {name: cell for name, cell in node.cells.items() if name not in names}
        for below in node.groups:
            _collect(tables, below, key, uses)


def _count(node: Node, uses: dict[str, int]) -> None:
    """How many of the names of IDENTITY each table needs, over all lists that it is made of."""
    for group in node.groups:
        uses[group.table] = max(uses.get(group.table, 1), _needed(group))
        for row in group.rows:
            _count(row, uses)


def _needed(group: Group) -> int:
    """As few names as tell the rows apart, at least one that they have; more than there are where none do."""
    for count in range(1, len(group.names) + 1):
        used = group.names[:count]
        known = any(name in row.cells for name in used for row in group.rows[:1])
        if known and len({tuple([row.cells.get(name) for name in used]) for row in group.rows}) == len(group.rows):
            return count
    return len(group.names) + 1


def _node(table: str, value: Mapping[str, Any], prefix: str = "") -> Node:
    node = Node({}, [])
    arrays: dict[str, list[Any]] = {}
    for name, field in value.items():
        column = prefix + name
        if isinstance(field, list):
            arrays[name] = field
        elif not isinstance(field, dict):
            node.cells[column] = field
        elif (named := _named(cast(dict[str, Any], field))) is not None:
            node.groups.append(_named_group(f"{table}.{column}", named))
        else:
            inner = _node(table, cast(dict[str, Any], field), f"{column}.")
            node.cells.update(inner.cells)
            node.groups.extend(inner.groups)
    if arrays:
        node.groups.extend(_groups(f"{table}.{prefix}", value, arrays))
    return node


def _named(value: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]] | None:
    """Objects of one kind by their names, such as exercises by their ids; None for the fields of an object."""
    fields = {_fields(each) for each in value.values()}
    return value if len(fields) == 1 and None not in fields else None


def _fields(value: object) -> tuple[str, ...] | None:
    return tuple(cast(dict[str, Any], value)) if isinstance(value, dict) else None


def _named_group(table: str, named: Mapping[str, Mapping[str, Any]]) -> Group:
    """The objects are told apart by the field that says their name, where they have one."""
    for name in IDENTITY:
        if all(str(each.get(name)) == key for key, each in named.items()):
            return Group(table, (name,), [_node(table, each) for each in named.values()])
    return Group(table, _NAME, [_node(table, {_NAME[0]: key, **each}) for key, each in named.items()])


def _groups(path: str, value: Mapping[str, Any], arrays: Mapping[str, list[Any]]) -> Iterator[Group]:
    lists = {name: array for name, array in arrays.items() if array and isinstance(array[0], dict)}
    for name, items in lists.items():
        names = IDENTITY if "kind" in items[0] else _WITHOUT_KIND
        yield Group(path + name, names, [_node(path + name, item) for item in items])
    plain = {name: array for name, array in arrays.items() if name not in lists}
    times, series = _series(value, plain)
    if times:
        rows = [Node(dict(zip(series, cells, strict=True)), []) for cells in zip(*series.values(), strict=True)]
        yield Group(f"{path}by_{times}", SERIES, rows)
    for name, array in plain.items():
        if name not in series:
            yield Group(path + name, _VALUE, [Node({_VALUE[0]: each}, []) for each in array])


def _series(value: Mapping[str, Any], arrays: Mapping[str, list[Any]]) -> tuple[str, dict[str, list[Any]]]:
    """Columns that belong together, with the name of the one that says their days; none without such a name."""
    if times := next((name for name in _TIMES if name in arrays), ""):
        return times, {name: array for name, array in arrays.items() if len(array) == len(arrays[times])}
    start = next((name for name in STARTS if isinstance(value.get(name), str)), None)
    if start is None or not arrays:
        return "", {}
    times, step = STARTS[start]
    length = max(len(array) for array in arrays.values())
    first = date.fromisoformat(value[start])
    days = [(first + timedelta(days=step * number)).isoformat() for number in range(length)]
    return times, {times: days, **{name: array for name, array in arrays.items() if len(array) == length}}
