"""Loadstone's own export as CSV: a row a set, and rows of other records with their JSON in `data`."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Raw, Struct

from models.domain.exports import (
    COLUMNS,
    NUMBERS,
    SET_FIELDS,
    TARGET_COLUMNS,
    TEXTS,
    Head,
    OwnExercise,
    OwnItem,
    OwnMerge,
    Settings,
    WorkoutHead,
    unguarded,
)
from models.domain.sets import SetDraft
from models.readers import loadstone_log
from models.readers.cells import BadCell, shown
from models.readers.loadstone_log import Assembly, converted, decoded
from models.readers.loadstone_workouts import FORMAT as OWN
from models.readers.loadstone_workouts import Workout
from models.readers.parsed import ParsedLog, Terms
from models.readers.rows import Dialect, Row, refuse
from models.readers.table import Table

FORMAT: str = OWN
SIGNATURE = frozenset({"record", "workout_id", "set", "exercise_id", "data"})
NUMBER = re.compile(r"\d{1,15}(\.\d{1,30})?([eE][+-]?\d{1,3})?", re.ASCII)
# What every row of a workout repeats; `performed_on` follows from the start.
HEAD_COLUMNS = ("workout_id", "started_at", "ended_at", "time_zone", "session_rpe", "bodyweight", "bodyweight_unit")

Cells = Mapping[str, str]


class Texts(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Text that no cell of its row could hold."""

    title: str | None = None
    note: str | None = None
    workout_notes: str | None = None
    source_app: str | None = None
    source_key: str | None = None


def recognises(first: Sequence[Sequence[str]], dialect: Dialect) -> Table | None:
    """The table that these first rows open, if they are Loadstone's."""
    header = [cell.strip() for cell in first[0]] if first else []
    if not SIGNATURE.issubset(header):
        return None
    columns = {name: at for at, name in enumerate(header)}
    return Table(dialect=dialect, columns=columns, width=len(header), header_rows=1, variant="CSV")


def read(rows: Iterator[Row], table: Table, terms: Terms) -> ParsedLog:
    """Every row after the header, each accounted for. It states its own units and time zones."""
    if set(table.columns) != set(COLUMNS) or table.width != len(COLUMNS):
        lost, strange = set(COLUMNS) - set(table.columns), set(table.columns) - set(COLUMNS)
        raise refuse(f"The columns are not those of an export: missing {sorted(lost)}, unknown {sorted(strange)}.")
    assembly = Assembly()
    for row in rows:
        assembly.rows_read += 1
        try:
            _take(assembly, row, table)
        except BadCell as fault:
            assembly.reject(row.line, fault.field, fault.reason)
    return assembly.finish(table.variant)


def _take(assembly: Assembly, row: Row, table: Table) -> None:
    if row.fault is not None:
        raise BadCell("row", row.fault)
    if not any(cell.strip() for cell in row.cells):
        assembly.count("blank")
        return
    if len(row.cells) != table.width:
        raise BadCell("row", f"{len(row.cells)} cells where the header has {table.width}.")
    cells = {name: row.cells[at] for name, at in table.columns.items()}
    kind = cells["record"].strip()
    if kind == "set":
        _take_set(assembly, row.line, cells, decimal_comma=table.decimal_comma)
    elif kind in OTHERS:
        assembly.count(OTHERS[kind](assembly, row.line, Raw(cells["data"].encode())) or kind)
    else:
        raise BadCell("record", f"{shown(kind)} is no record of an export.")


def _head(_assembly: Assembly, _line: int, data: Raw) -> None:
    loadstone_log.check_version(decoded(data, Head).export)


def _settings(assembly: Assembly, _line: int, data: Raw) -> None:
    assembly.settings(decoded(data, Settings))


def _exercise(assembly: Assembly, line: int, data: Raw) -> None:
    assembly.exercise(line, decoded(data, OwnExercise))


def _merge(assembly: Assembly, line: int, data: Raw) -> None:
    assembly.merge(line, decoded(data, OwnMerge))


def _item(assembly: Assembly, line: int, data: Raw) -> str:
    item = decoded(data, OwnItem)
    assembly.item(line, item)
    return item.kind


OTHERS: Mapping[str, Callable[[Assembly, int, Raw], str | None]] = {
    "loadstone": _head,
    "settings": _settings,
    "exercise": _exercise,
    "merge": _merge,
    "item": _item,
}


def _take_set(assembly: Assembly, line: int, cells: Cells, *, decimal_comma: bool) -> None:
    texts = _texts(cells)
    values = {name: _value(name, cells[name], decimal_comma=decimal_comma) for name in COLUMNS if name not in TEXTS}
    workout = _workout(assembly, values, texts)
    number = values["set"]
    if not isinstance(number, int) or number in workout.sets:
        raise BadCell("set", "A set has a number of its own in its workout.")
    workout.sets[number] = (line, converted(_set(values, texts), SetDraft))


def _texts(cells: Cells) -> dict[str, str]:
    """The texts of a row, without the guard against formulas; what is in `data` is the whole of it."""
    texts = {name: unguarded(cells[name]) for name in TEXTS if cells[name]}
    if data := cells["data"].strip():
        whole = decoded(Raw(data.encode()), Texts)
        texts |= {name: text for name in TEXTS if (text := getattr(whole, name)) is not None}
    return texts


def _value(name: str, cell: str, *, decimal_comma: bool) -> Any:
    text = cell.strip()
    if not text:
        return None
    if name not in NUMBERS:
        return text
    plain = text.replace(",", ".") if decimal_comma else text
    if not NUMBER.fullmatch(plain):
        raise BadCell(name, f"{shown(cell)} is not a number.")
    value = float(plain)
    return int(value) if value.is_integer() else value


def _workout(assembly: Assembly, values: Mapping[str, Any], texts: Mapping[str, str]) -> Workout:
    stated = {name: values[name] for name in HEAD_COLUMNS if values[name] is not None}
    source = {name: texts[f"source_{name}"] for name in ("app", "key") if f"source_{name}" in texts}
    named = {"id": stated.pop("workout_id", None), **({"source": source} if source else {})}
    title = {"title": texts["title"]} if "title" in texts else {}
    head = converted({**stated, **named, **title}, WorkoutHead)
    return _with_notes(assembly, head, texts.get("workout_notes"))


def _with_notes(assembly: Assembly, head: WorkoutHead, notes: str | None) -> Workout:
    """The workout of a row: whichever row has the notes, for a spreadsheet may have sorted them."""
    if notes is not None:
        converted({"id": str(head.id), "started_at": head.started_at, "time_zone": "UTC", "notes": notes}, WorkoutHead)
    known = assembly.workouts.get(head.id)
    if known is None:
        return assembly.workouts.new(msgspec.structs.replace(head, notes=notes))
    if msgspec.structs.replace(known.head, notes=None) != head:
        raise BadCell("workout_id", "Another row says otherwise of this workout.")
    if notes is not None and known.head.notes not in (None, notes):
        raise BadCell("workout_notes", "Another row says otherwise of this workout.")
    if notes is not None:
        known.head = msgspec.structs.replace(known.head, notes=notes)
    return known


def _set(values: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    stated = {name: values[name] for name in ("exercise_id", *SET_FIELDS) if values[name] is not None}
    target = {name.removeprefix("target_"): values[name] for name in TARGET_COLUMNS if values[name] is not None}
    note = {"note": texts["note"]} if "note" in texts else {}
    return {**stated, **note, **({"target": target} if target else {})}
