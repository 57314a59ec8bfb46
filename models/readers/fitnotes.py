"""FitNotes' CSV export: one row a set, the date alone, so that a day is a workout and starts at local noon."""

from collections.abc import Iterator, Sequence
from functools import partial

import msgspec

from models.domain.units import MassUnit
from models.readers import cells, clock
from models.readers.cells import BadCell
from models.readers.gather import Gathering
from models.readers.parsed import ParsedLog, ParsedSet, Terms
from models.readers.rows import Dialect, Row
from models.readers.table import Cells, Table, columns_of, read_each

FORMAT: str = "fitnotes"
REQUIRED = frozenset({"date", "exercise", "category", "reps"})
WEIGHTS = {
    "weight (lbs)": MassUnit.LB,
    "weight (lb)": MassUnit.LB,
    "weight (kgs)": MassUnit.KG,
    "weight (kg)": MassUnit.KG,
    "weight": None,
}
CATEGORIES = frozenset({"abs", "back", "biceps", "cardio", "chest", "legs", "shoulders", "triceps"})
METRES_BY_UNIT = {**cells.METRES_BY_UNIT, "": 1.0, "kms": 1000.0, "feet": 0.3048, "yards": 0.9144, "in": 0.0254}
SLOWEST_M_S = 0.05
MOST_COMMAS = 20


def recognises(first: Sequence[Sequence[str]], dialect: Dialect) -> Table | None:
    """The table that these first rows open, if it is one of FitNotes'."""
    header = [cell.strip().strip("\ufeff").casefold() for cell in first[0]] if first else []
    weight = next((name for name in header if name in WEIGHTS), None)
    if weight is None or not REQUIRED.issubset(header):
        return None
    names = {weight: "weight", "weight unit": "unit", "distance unit": "distance_unit", "notes": "comment"}
    traits = ["comments"] * ("comment" in header) + ["semicolons"] * (dialect.delimiter == ";")
    return Table(
        dialect=dialect,
        columns=columns_of([names.get(name, name) for name in header]),
        width=len(header),
        header_rows=1,
        variant=", ".join((f"{weight}{' with its unit' * ('weight unit' in header)}", *traits)),
        weight_unit=WEIGHTS[weight],
    )


def read(rows: Iterator[Row], table: Table, terms: Terms) -> ParsedLog:
    """Every row after the header, each accounted for."""
    gathering = Gathering(FORMAT, terms)
    categories = set(CATEGORIES)
    record = partial(_record, gathering, table, categories)
    read_each(rows, table, gathering, record=record, repair=partial(_repaired, gathering, table, categories))
    return gathering.finish(table.variant)


def _record(gathering: Gathering, table: Table, categories: set[str], line: int, row: Cells) -> None:
    entry = _entry(gathering, table, line, row)
    pending = gathering.workout(line, clock.local_day(row["date"]), None)
    gathering.record(pending, entry)
    categories.add(row["category"].strip().casefold())


def _entry(gathering: Gathering, table: Table, line: int, row: Cells) -> ParsedSet:
    comma = table.decimal_comma
    load = cells.load(row["weight"], decimal_comma=comma)
    entry = ParsedSet(
        line=line,
        exercise=cells.name(row["exercise"], "exercise"),
        load=None if load is None else abs(load),
        load_unit=None if load is None else _load_unit(table, row),
        load_mode=cells.load_mode(load),
        reps=cells.reps(row["reps"], decimal_comma=comma),
        duration_s=cells.clocked_s(row.get("time", "")),
        distance_m=_distance_m(table, row),
        note=cells.note(row.get("comment", "")),
    )
    _doubt_distance(gathering, entry)
    return entry


def _load_unit(table: Table, row: Cells) -> MassUnit | None:
    return cells.mass_unit(row.get("unit", "")) or table.weight_unit


def _distance_m(table: Table, row: Cells) -> float | None:
    """FitNotes writes a unit beside a distance of zero too, even a unit of mass: there it means nothing."""
    unit = row.get("distance_unit", "").strip().casefold()
    distance = cells.distance_m(
        row.get("distance", ""), METRES_BY_UNIT.get(unit, 1.0), decimal_comma=table.decimal_comma
    )
    if distance and unit not in METRES_BY_UNIT:
        raise BadCell("distance_unit", f"{cells.shown(unit)} is no unit of distance.")
    return distance


def _doubt_distance(gathering: Gathering, entry: ParsedSet) -> None:
    if entry.distance_m and entry.duration_s and entry.distance_m < SLOWEST_M_S * entry.duration_s:
        gathering.warn(entry.line, "distance", "The file states metres where so short a way for the time is unlikely.")


def _repaired(gathering: Gathering, table: Table, categories: set[str], row: Row) -> Row:
    """FitNotes does not quote names: a comma in one shifts the columns. Mended where only one reading fits."""
    surplus, name = len(row.cells) - table.width, table.columns["exercise"]
    tried = range(0 if row.fault or surplus > MOST_COMMAS else surplus + 1)
    readings = [found for at in tried if (found := _reading(table, categories, row.cells, at))]
    if len(readings) != 1:
        return row
    shown = cells.shown(readings[0][name])
    gathering.warn(row.line, "exercise", f"Commas outside quotes shifted the columns; {shown} was read.")
    return msgspec.structs.replace(row, cells=readings[0])


def _reading(table: Table, categories: set[str], row: list[str], in_name: int) -> list[str] | None:
    """The row's cells if `in_name` of the surplus commas are in the exercise and the others in the comment."""
    surplus, name = len(row) - table.width, table.columns["exercise"]
    if surplus > in_name and "comment" not in table.columns:
        return None
    after_name = row[name + in_name + 1 :]
    kept = len(after_name) - (surplus - in_name)
    joined = ",".join(after_name[kept - 1 :])
    found = [*row[:name], ",".join(row[name : name + in_name + 1]), *after_name[: kept - 1], joined]
    return found if len(found) == table.width and _fits(table, categories, found) else None


def _fits(table: Table, categories: set[str], row: list[str]) -> bool:
    cell = {name: row[at] for name, at in table.columns.items()}
    try:
        for field in ("weight", "reps", "distance"):
            cells.number(cell.get(field, ""), field, decimal_comma=table.decimal_comma)
        cells.mass_unit(cell.get("unit", ""))
        cells.clocked_s(cell.get("time", ""))
    except BadCell:
        return False
    known_unit = cell.get("distance_unit", "").strip().casefold() in METRES_BY_UNIT
    return known_unit and cell["category"].strip().casefold() in categories
