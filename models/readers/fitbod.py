"""Fitbod's CSV export: one row a set, instants with their offset, zeros for what was not recorded.

A load is that of one implement, as the athlete entered it: a pair of 35 lb dumbbells is 15.88 kg with the multiplier 2.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import msgspec

from models.domain.workouts import SetKind
from models.readers import cells, clock
from models.readers.cells import BadCell
from models.readers.gather import Gathering
from models.readers.parsed import ParsedLog, ParsedSet, Terms
from models.readers.remarks import joined, remark
from models.readers.rows import Dialect, Row
from models.readers.table import Cells, Table, columns_of, read_each

FORMAT: str = "fitbod"
WITH_UNIT = re.compile(r"(?P<name>weight|distance|duration)\s*\((?P<unit>[a-z]+)\)")
KNOWN = frozenset({"date", "exercise", "reps", "weight", "duration", "distance", "iswarmup", "note", "multiplier"})
REQUIRED = frozenset({"date", "exercise", "reps", "weight", "iswarmup"})
WARM_UP: Mapping[str, SetKind] = {"true": SetKind.WARM_UP, "false": SetKind.WORKING, "": SetKind.WORKING}
SINGLE = frozenset({"", "1", "1.0"})
MOST_COMMAS = 20


def recognises(first: Sequence[Sequence[str]], dialect: Dialect) -> Table | None:
    """The table that these first rows open, if it is one of Fitbod's."""
    header = [cell.strip().strip("\ufeff") for cell in first[0]] if first else []
    stated = {match["name"]: match["unit"] for cell in header if (match := WITH_UNIT.fullmatch(cell.casefold()))}
    names = [_column(cell) for cell in header]
    if not REQUIRED.issubset(names) or stated.get("weight") not in cells.MASS_UNITS:
        return None
    return Table(
        dialect=dialect,
        columns=columns_of(names),
        width=len(header),
        header_rows=1,
        variant=", ".join((f"weight in {stated['weight']}", *["multiplier"] * ("multiplier" in names))),
        weight_unit=cells.MASS_UNITS[stated["weight"]],
        distance_metres=cells.METRES_BY_UNIT.get(stated.get("distance", "m")),
    )


def _column(cell: str) -> str:
    """The field of a header's cell; what is not known keeps its own name, for the note."""
    match = WITH_UNIT.fullmatch(cell.casefold())
    name = match["name"] if match else cell.casefold()
    return name if name in KNOWN else cell


def read(rows: Iterator[Row], table: Table, terms: Terms) -> ParsedLog:
    """Every row after the header, each accounted for."""
    gathering = Gathering(FORMAT, terms)
    record, repair = partial(_record, gathering, table), partial(_repaired, gathering, table)
    read_each(rows, table, gathering, record=record, repair=repair)
    return gathering.finish(table.variant)


def _record(gathering: Gathering, table: Table, line: int, row: Cells) -> None:
    entry = _entry(table, line, row)
    gathering.record(gathering.workout(line, clock.stated(row["date"]), None), entry)
    if entry.load and row.get("multiplier", "").strip() not in SINGLE:
        gathering.warn(
            None,
            "multiplier",
            "Loads are those of one implement, as entered; the multiplier, by which Fitbod counts both dumbbells or "
            "both sides, was left out.",
        )


def _entry(table: Table, line: int, row: Cells) -> ParsedSet:
    comma = table.decimal_comma
    duration_s = cells.duration_s(row.get("duration", ""), decimal_comma=comma)
    distance_m = _distance_m(table, row)
    load = cells.load(row["weight"], decimal_comma=comma)
    reps = cells.reps(row["reps"], decimal_comma=comma)
    # Beside a time or a distance a zero only fills its column.
    if duration_s or distance_m:
        load, reps = load or None, reps or None
    return ParsedSet(
        line=line,
        exercise=cells.name(row["exercise"], "exercise"),
        kind=warm_up(row["iswarmup"]),
        load=None if load is None else abs(load),
        load_unit=None if load is None else table.weight_unit,
        load_mode=cells.load_mode(load),
        reps=reps,
        duration_s=duration_s,
        distance_m=distance_m,
        note=note(row, KNOWN),
    )


def _distance_m(table: Table, row: Cells) -> float | None:
    metres = table.distance_metres or 1.0
    distance = cells.distance_m(row.get("distance", ""), metres, decimal_comma=table.decimal_comma)
    if distance and table.distance_metres is None:
        raise BadCell("distance", "The header states no unit of distance that is known.")
    return distance


def note(row: Cells, known: frozenset[str]) -> str | None:
    """The note, and every column that no field holds, such as incline and resistance."""
    others = (remark(name, cell) for name, cell in row.items() if name not in known)
    return joined(cells.note(row.get("note", "")), *others)


def warm_up(cell: str) -> SetKind:
    """The kind of a set, of the cell that says whether it is a warm-up."""
    kind = WARM_UP.get(cell.strip().casefold())
    if kind is None:
        raise BadCell("iswarmup", f"{cells.shown(cell)} is neither true nor false.")
    return kind


def _repaired(gathering: Gathering, table: Table, row: Row) -> Row:
    """Fitbod quotes neither names nor notes: a comma in one shifts the columns. Mended where one reading fits."""
    surplus = len(row.cells) - table.width
    tried = range(0 if row.fault or surplus > MOST_COMMAS else surplus + 1)
    readings = [found for at in tried if (found := _reading(table, row.cells, surplus, at))]
    if len(readings) != 1:
        return row
    gathering.warn(row.line, "row", "Commas outside quotes shifted the columns; they belong to the name or the note.")
    return msgspec.structs.replace(row, cells=readings[0])


def _reading(table: Table, row: list[str], surplus: int, in_name: int) -> list[str] | None:
    """The row's cells if `in_name` of the surplus commas are in the exercise and the others in the note."""
    if "note" not in table.columns and in_name < surplus:
        return None
    whole = _merged(row, table.columns["exercise"], in_name)
    whole = _merged(whole, table.columns.get("note", 0), surplus - in_name)
    try:
        _entry(table, 0, {name: whole[at] for name, at in table.columns.items()})
    except BadCell:
        return None
    return whole


def _merged(row: list[str], at: int, commas: int) -> list[str]:
    return [*row[:at], ",".join(row[at : at + commas + 1]), *row[at + commas + 1 :]]
