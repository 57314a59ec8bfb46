"""Hevy's CSV export: one row a set, times to the minute in local time, the unit in the column's name."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from models.domain.units import MassUnit
from models.domain.workouts import SetKind
from models.readers import cells, clock
from models.readers.cells import BadCell
from models.readers.gather import Gathering
from models.readers.parsed import ParsedLog, ParsedSet, Terms
from models.readers.rows import Dialect, Row
from models.readers.table import Cells, Table, columns_of, read_each

FORMAT: str = "hevy"
REQUIRED = frozenset({"title", "start_time", "exercise_title", "set_index", "set_type", "reps"})
KINDS = {"normal": SetKind.WORKING, "warmup": SetKind.WARM_UP, "dropset": SetKind.DROP, "failure": SetKind.FAILURE}
WEIGHTS = {"weight_kg": MassUnit.KG, "weight_lbs": MassUnit.LB, "weight_lb": MassUnit.LB}
DISTANCES = {"distance_km": 1000.0, "distance_miles": 1609.344, "distance_meters": 1.0}


def recognises(first: Sequence[Sequence[str]], dialect: Dialect) -> Table | None:
    """The table that these first rows open, if it is one of Hevy's."""
    header = [cell.strip().casefold() for cell in first[0]] if first else []
    if not REQUIRED.issubset(header) or not WEIGHTS.keys() & set(header):
        return None
    weight = next(name for name in header if name in WEIGHTS)
    distance = next((name for name in header if name in DISTANCES), "no distance")
    traits = ["semicolons"] * (dialect.delimiter == ";") + ["without supersets"] * ("superset_id" not in header)
    return Table(
        dialect=dialect,
        columns=columns_of(header),
        width=len(header),
        header_rows=1,
        variant=", ".join((f"{weight}/{distance}", *traits)),
        weight_unit=WEIGHTS[weight],
        distance_metres=DISTANCES.get(distance),
    )


def read(rows: Iterator[Row], table: Table, terms: Terms) -> ParsedLog:
    """Every row after the header, each accounted for."""
    gathering = Gathering(FORMAT, terms)
    read_each(rows, table, gathering, record=partial(_record, gathering, table))
    return gathering.finish(table.variant)


def _record(gathering: Gathering, table: Table, line: int, row: Cells) -> None:
    if not row["set_type"].strip() and not row["set_index"].strip():
        raise BadCell("set_type", "This row has no set: it is a piece of a row that a re-save broke.")
    entry = _entry(table, line, row)
    start = clock.local_time(row["start_time"])
    pending = gathering.workout(line, start, cells.note(row["title"]))
    pending.note_once(entry.exercise, cells.note(row.get("exercise_notes", "")))
    gathering.record(pending, entry)
    pending.note_workout(cells.note(row.get("description", "")))
    gathering.set_length(pending, line, _length(gathering, line, row.get("end_time", ""), start))


def _entry(table: Table, line: int, row: Cells) -> ParsedSet:
    comma = table.decimal_comma
    load = cells.load(_first(row, WEIGHTS), decimal_comma=comma)
    return ParsedSet(
        line=line,
        exercise=cells.name(row["exercise_title"], "exercise_title"),
        kind=kind(row["set_type"]),
        load=None if load is None else abs(load),
        load_unit=None if load is None else table.weight_unit,
        load_mode=cells.load_mode(load),
        reps=cells.reps(row["reps"], decimal_comma=comma),
        rpe=cells.rpe(row.get("rpe", ""), decimal_comma=comma),
        duration_s=cells.duration_s(row.get("duration_seconds", ""), decimal_comma=comma),
        distance_m=cells.distance_m(_first(row, DISTANCES), table.distance_metres or 1.0, decimal_comma=comma),
        superset=cells.superset(row.get("superset_id", "")),
    )


def kind(cell: str) -> SetKind:
    found = KINDS.get(cell.strip().casefold())
    if found is None:
        raise BadCell("set_type", f"{cells.shown(cell)} is no set type of Hevy's.")
    return found


def _length(gathering: Gathering, line: int, cell: str, start: datetime) -> timedelta | None:
    if not cell.strip():
        return None
    try:
        return clock.local_time(cell) - start
    except BadCell as fault:
        gathering.warn(line, "end_time", fault.reason)
        return None


def _first(row: Cells, names: Iterable[str]) -> str:
    return next((row[name] for name in names if name in row), "")
