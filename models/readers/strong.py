"""Strong's exports of every age: comma or semicolon, with and without header and units, in several languages."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from models.domain.units import MassUnit
from models.domain.workouts import SetKind
from models.readers import cells, clock, headers
from models.readers.cells import BadCell
from models.readers.gather import Gathering, Pending
from models.readers.parsed import ParsedLog, ParsedSet, Terms
from models.readers.rows import Dialect, Row
from models.readers.table import Cells, Table, columns_of, read_each

FORMAT: str = "strong"
KINDS = {"w": SetKind.WARM_UP, "d": SetKind.DROP, "f": SetKind.FAILURE}
NUMBERED = re.compile(r"\d{1,4}(\.0)?", re.ASCII)
RESTS = frozenset(
    {"rest timer", "ruhezeit", "minuteur de repos", "temporizador de descanso", "timer di riposo"}
    | {"休息计时器", "休息定时器", "休息时间", "休息"}
)
NOTES = frozenset({"note", "notes", "notiz", "notizen", "remarque", "nota", "备注", "笔记", "注释"})


def recognises(first: Sequence[Sequence[str]], dialect: Dialect) -> Table | None:
    """The table that these first rows open, if it is one of Strong's."""
    if not first:
        return None
    columns = headers.Columns(first[0])
    if headers.REQUIRED.issubset(columns.fields):
        return _with_header(first, columns, dialect)
    if dialect.encoding not in ("utf-8", "utf-8-sig", "utf-16"):
        return None
    return _by_layout(first, dialect)


def _with_header(first: Sequence[Sequence[str]], columns: headers.Columns, dialect: Dialect) -> Table:
    found = columns_of(columns.fields)
    resaved = len(first) > 1 and "/" in first[1][found["date"]] if len(first[-1]) == len(columns.fields) else False
    return Table(
        dialect=dialect,
        columns=found,
        width=len(columns.fields),
        header_rows=1,
        variant=_variant(columns, dialect, resaved=resaved),
        weight_unit=columns.weight_unit,
        distance_metres=columns.distance_metres,
    )


def _variant(columns: headers.Columns, dialect: Dialect, *, resaved: bool) -> str:
    known = {"number": "numbered workouts", "unit": "unit column", "duration": "duration", "rpe": "RPE"}
    traits = [
        "semicolons" if dialect.delimiter == ";" else "commas",
        *(words for field, words in known.items() if field in columns.fields),
        *([f"{columns.weight_unit} in the header"] if columns.weight_unit else []),
        *([f"localised {columns.language}"] if columns.language != "en" else []),
        *(["re-saved"] if resaved else []),
    ]
    return ", ".join(traits)


def _by_layout(first: Sequence[Sequence[str]], dialect: Dialect) -> Table | None:
    """Files without a header, or with one in a language that is not known, by the shape of their first rows."""
    for header_rows, row in enumerate(first[:2]):
        layout = headers.layout_of(row, decimal_comma=dialect.delimiter != ",")
        if layout is not None and (header_rows == 0 or len(first[0]) == len(layout)):
            variant = "localised, columns by their order" if header_rows else "without header"
            return Table(
                dialect=dialect,
                columns=columns_of(layout),
                width=len(layout),
                header_rows=header_rows,
                variant=f"{'semicolons' if dialect.delimiter == ';' else 'commas'}, {variant}",
            )
    return None


def read(rows: Iterator[Row], table: Table, terms: Terms) -> ParsedLog:
    """Every row after the header, each accounted for."""
    gathering = Gathering(FORMAT, terms)
    read_each(rows, table, gathering, record=partial(_record, gathering, table))
    return gathering.finish(table.variant)


def _record(gathering: Gathering, table: Table, line: int, row: Cells) -> None:
    order = row["order"].strip().casefold()
    if order in RESTS:
        gathering.non_set_rows["rest_timer"] += 1
    elif order in NOTES:
        _record_note(gathering, line, row)
    else:
        _record_set(gathering, table, line, row, _kind(order))


def _record_note(gathering: Gathering, line: int, row: Cells) -> None:
    pending = _workout(gathering, line, row)
    if text := cells.note(row.get("notes", "")):
        pending.note_exercise(cells.name(row["exercise"], "exercise"), text)
    gathering.non_set_rows["note"] += 1


def _record_set(gathering: Gathering, table: Table, line: int, row: Cells, kind: SetKind) -> None:
    entry = _entry(gathering, table, line, row, kind)
    pending = _workout(gathering, line, row)
    gathering.record(pending, entry)
    pending.note_workout(cells.note(row.get("workout_notes", "")))
    gathering.set_length(pending, line, _length(gathering, line, row.get("duration", "")))


def _workout(gathering: Gathering, line: int, row: Cells) -> Pending:
    start: datetime = clock.local_time(row["date"])
    return gathering.workout(line, start, cells.note(row.get("title", "")))


def _entry(gathering: Gathering, table: Table, line: int, row: Cells, kind: SetKind) -> ParsedSet:
    comma = table.decimal_comma
    load = cells.load(row["weight"], decimal_comma=comma)
    return ParsedSet(
        line=line,
        exercise=cells.name(row["exercise"], "exercise"),
        kind=kind,
        load=None if load is None else abs(load),
        load_unit=None if load is None else _load_unit(table, row, load),
        load_mode=cells.load_mode(load),
        reps=cells.reps(row["reps"], decimal_comma=comma),
        rpe=cells.rpe(row.get("rpe", ""), decimal_comma=comma),
        duration_s=cells.duration_s(row.get("seconds", ""), decimal_comma=comma),
        distance_m=_distance_m(gathering, table, row),
        note=cells.note(row.get("notes", "")),
    )


def _kind(order: str) -> SetKind:
    if NUMBERED.fullmatch(order):
        return SetKind.WORKING
    if order not in KINDS:
        raise BadCell("set_order", f"{cells.shown(order)} is neither a set's number nor a kind of row that is known.")
    return KINDS[order]


def _load_unit(table: Table, row: Cells, load: float) -> MassUnit | None:
    """The row's unit, else the header's, else null: the file's unit, found at its end."""
    if "unit" not in row:
        return table.weight_unit
    unit = cells.mass_unit(row["unit"])
    return unit or (MassUnit.KG if load == 0 else None)


def _distance_m(gathering: Gathering, table: Table, row: Cells) -> float | None:
    """Without a unit kilometres are meant: such files hold 1.609 where their owners ran a mile."""
    unit = row.get("distance_unit", "").strip().casefold()
    if unit and unit not in cells.METRES_BY_UNIT:
        raise BadCell("distance_unit", f"{cells.shown(unit)} is no unit of distance.")
    metres = cells.METRES_BY_UNIT[unit] if unit else table.distance_metres or 1000.0
    distance = cells.distance_m(row.get("distance", ""), metres, decimal_comma=table.decimal_comma)
    if distance and not unit and table.distance_metres is None:
        gathering.warn(None, "distance", "The file states no unit of distance; kilometres were taken.")
    return distance


def _length(gathering: Gathering, line: int, cell: str) -> timedelta | None:
    seconds = cells.clock_seconds(cell)
    if seconds is None and cell.strip():
        gathering.warn(line, "duration", f"{cells.shown(cell)} is not understood as a duration.")
    return None if seconds is None else timedelta(seconds=min(seconds, 10**9))
