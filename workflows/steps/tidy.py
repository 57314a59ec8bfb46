"""Documents as tidy tables: a table a kind of object, a column a field, and series of equal length side by side.

`progress` has one row an athlete, `progress.weekly` one an entry of the list `weekly`, `progress.muscles.series` one an
entry of the series inside those. Rows repeat the text, dates and ids of what they lie in, and its key where it has one.
The columns come from the document's type and never from its values, so every run of a step makes the same tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from itertools import zip_longest
from typing import Any
from uuid import UUID

import msgspec
import polars as pl
from msgspec import Struct, inspect

ATHLETE, POSITION, KEY, SERIES = "athlete", "position", "key", "series"
Row = dict[str, Any]
# The rows so far of each table.
Tables = dict[str, list[Row]]
Columns = dict[str, pl.DataType]

_DTYPES: dict[type[inspect.Type], pl.DataType] = {
    inspect.BoolType: pl.Boolean(),
    inspect.IntType: pl.Int64(),
    inspect.FloatType: pl.Float64(),
    inspect.DateType: pl.Date(),
    inspect.DateTimeType: pl.Datetime("us", "UTC"),
    inspect.StrType: pl.String(),
    inspect.UUIDType: pl.String(),
    inspect.EnumType: pl.String(),
    inspect.LiteralType: pl.String(),
}
_LISTS = (inspect.ListType, inspect.VarTupleType)
_LABELS = (pl.String, pl.Date, pl.Datetime)


class Shape(Struct, kw_only=True):
    """What the objects of one type hold: scalars, objects, series of scalars, and lists and maps of objects."""

    own: dict[str, pl.DataType] = {}
    nested: dict[str, "Shape"] = {}
    series: Columns = {}
    lists: dict[str, "Shape"] = {}
    maps: dict[str, "Shape"] = {}


def tables(documents: Iterable[tuple[str, Mapping[str, Struct]]]) -> dict[str, pl.DataFrame]:
    """The tables of the documents of some athletes, each athlete by the name to stand in the column `athlete`."""
    rows: Tables = {}
    columns: dict[str, Columns] = {}
    for athlete, by_name in documents:
        for name, document in by_name.items():
            shape = shape_of(type(document))
            for table, declared in _document(name, shape):
                columns.setdefault(table, declared)
                rows.setdefault(table, [])
            rows[name].append({ATHLETE: athlete, **_scalars(shape, document)})
            _gather_inner(rows, name, shape, document, {ATHLETE: athlete})
    return {name: pl.DataFrame(rows[name], schema=schema, orient="row") for name, schema in columns.items()}


def shape_of(kind: type[Struct]) -> Shape:
    """What the objects of a struct hold."""
    return _shape(inspect.type_info(kind))


def _shape(info: inspect.Type) -> Shape:
    shape = Shape()
    fields = info.fields if isinstance(info, inspect.StructType) else ()
    for field in fields:
        kind = _without_null(field.type)
        if isinstance(kind, inspect.StructType):
            shape.nested[field.name] = _shape(kind)
        elif isinstance(kind, _LISTS) and isinstance(kind.item_type, inspect.StructType):
            shape.lists[field.name] = _shape(kind.item_type)
        elif isinstance(kind, inspect.DictType) and isinstance(kind.value_type, inspect.StructType):
            shape.maps[field.name] = _shape(kind.value_type)
        elif isinstance(kind, _LISTS):
            shape.series[field.name] = _dtype(_without_null(kind.item_type))
        else:
            shape.own[field.name] = _dtype(kind)
    return shape


def _without_null(kind: inspect.Type) -> inspect.Type:
    """The type without its bounds and without null; a union of numbers is a float."""
    if isinstance(kind, inspect.Metadata):
        return _without_null(kind.type)
    if not isinstance(kind, inspect.UnionType):
        return kind
    kinds = [_without_null(one) for one in kind.types if not isinstance(one, inspect.NoneType)]
    if len(kinds) == 1:
        return kinds[0]
    numbers = all(isinstance(one, inspect.IntType | inspect.FloatType) for one in kinds)
    return inspect.FloatType() if numbers else inspect.AnyType()


def _dtype(kind: inspect.Type) -> pl.DataType:
    """The column's type; what is no scalar becomes JSON."""
    return _DTYPES.get(type(kind), pl.String())


def _document(name: str, shape: Shape) -> Iterable[tuple[str, Columns]]:
    """The table of the documents themselves, and the others, which do not repeat its days and words."""
    yield name, {ATHLETE: pl.String(), **_flat(shape)}
    yield from _inner(name, shape, {ATHLETE: pl.String()})


def _declared(name: str, shape: Shape, keys: Columns) -> Iterable[tuple[str, Columns]]:
    """The table of the entries of a list, unless the tables inside repeat all of it, and those tables."""
    if not _is_repeated(shape):
        yield name, {**keys, **_flat(shape)}
    yield from _inner(name, shape, {**keys, **_labels(shape)})


def _inner(name: str, shape: Shape, keys: Columns) -> Iterable[tuple[str, Columns]]:
    if shape.series:
        yield f"{name}.{SERIES}", {**keys, POSITION: pl.Int64(), **shape.series}
    for field, nested in shape.nested.items():
        yield from _inner(f"{name}.{field}", nested, {**keys, **_labels(nested)})
    for field, entries in shape.lists.items():
        yield from _declared(f"{name}.{field}", entries, keys)
    for field, entries in shape.maps.items():
        yield from _declared(f"{name}.{field}", entries, {**keys, KEY: pl.String()})


def _flat(shape: Shape, prefix: str = "") -> Columns:
    """The scalars of an object and of the objects in it that are no lists."""
    columns = {prefix + name: dtype for name, dtype in shape.own.items()}
    for field, nested in shape.nested.items():
        columns |= _flat(nested, f"{prefix}{field}_")
    return columns


def _labels(shape: Shape) -> Columns:
    """What tells an object apart: its text, dates and ids, and no quantity."""
    return {name: dtype for name, dtype in shape.own.items() if isinstance(dtype, _LABELS) or name.endswith("_id")}


def _is_repeated(shape: Shape) -> bool:
    return _flat(shape).keys() == _labels(shape).keys() and bool(shape.series or shape.lists or shape.maps)


def _gather(rows: Tables, name: str, shape: Shape, found: Any, keys: Row) -> None:
    if not _is_repeated(shape):
        rows[name].append({**keys, **_scalars(shape, found)})
    _gather_inner(rows, name, shape, found, {**keys, **_values(_labels(shape), found)})


def _gather_inner(rows: Tables, name: str, shape: Shape, found: Any, keys: Row) -> None:
    columns: list[Sequence[Any]] = [getattr(found, field) or () for field in shape.series]
    for position, values in enumerate(zip_longest(*columns)):
        rows[f"{name}.{SERIES}"].append(
            {**keys, POSITION: position, **dict(zip(shape.series, map(_plain, values), strict=True))}
        )
    for field, nested in shape.nested.items():
        if (inside := getattr(found, field)) is not None:
            _gather_inner(rows, f"{name}.{field}", nested, inside, {**keys, **_values(_labels(nested), inside)})
    for field, entries in shape.lists.items():
        for entry in getattr(found, field) or ():
            _gather(rows, f"{name}.{field}", entries, entry, keys)
    for field, entries in shape.maps.items():
        by_key: Mapping[Any, Any] = getattr(found, field) or {}
        for key, entry in by_key.items():
            _gather(rows, f"{name}.{field}", entries, entry, {**keys, KEY: str(key)})


def _values(names: Iterable[str], found: Any) -> Row:
    return {name: _plain(getattr(found, name)) for name in names}


def _scalars(shape: Shape, found: Any, prefix: str = "") -> Row:
    row = {prefix + name: None if found is None else _plain(getattr(found, name)) for name in shape.own}
    for field, nested in shape.nested.items():
        row |= _scalars(nested, None if found is None else getattr(found, field), f"{prefix}{field}_")
    return row


def _plain(value: Any) -> Any:
    """The value as a cell: what is no scalar as JSON."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str | datetime | date):
        return value
    return str(value) if isinstance(value, UUID) else msgspec.json.encode(value, order="deterministic").decode()
