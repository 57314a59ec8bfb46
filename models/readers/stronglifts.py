"""StrongLifts' wide CSV export: a row is a workout of several exercises with up to five sets each.

Each set that a row states counts as a row read. A load is in both kg and lb, of which one was rounded from the other:
the one taken is in the unit of the athlete's body weight.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain

from msgspec import Struct

from models.domain.units import MassUnit
from models.readers import cells, several, short_dates
from models.readers.cells import BadCell
from models.readers.gather import Gathering, Pending
from models.readers.parsed import ParsedLog, ParsedSet, Terms
from models.readers.rows import Dialect, Row
from models.readers.short_dates import Order
from models.readers.table import Cells, Table, columns_of, read_each

FORMAT: str = "stronglifts"
REQUIRED = frozenset({"date", "workout", "1 exercise", "1 set 1"})
EXERCISE = re.compile(r"exercise (\d{1,2})", re.ASCII)
WEIGHTS = {"weight (kg)": "kg", "weight (lb)": "lb", "weight (lbs)": "lb"}
SET = re.compile(r"\d{1,2} set \d{1,2}", re.ASCII)
MOST_CELLS_HELD = 100_000
BODY_WEIGHT = re.compile(r"([\d.,]+)\s*([a-z]+)", re.IGNORECASE | re.ASCII)


class Reading(Struct, frozen=True, kw_only=True):
    """How this file is read: the order of its dates, and which of the two loads is taken."""

    order: Order
    unit: MassUnit


def recognises(first: Sequence[Sequence[str]], dialect: Dialect) -> Table | None:
    """The table that these first rows open, if it is one of StrongLifts'."""
    names = _columns(first[0]) if first else []
    if not REQUIRED.issubset(names) or not {"1 kg", "1 lb"} & set(names):
        return None
    exercises = sum(name.endswith(" exercise") for name in names)
    return Table(
        dialect=dialect,
        columns=columns_of(names),
        width=len(names),
        header_rows=1,
        variant=f"{exercises} exercises a row",
    )


def _columns(header: Sequence[str]) -> list[str]:
    """The columns' names, those that repeat for each exercise with its number before them."""
    names: list[str] = []
    number = ""
    for cell in (cell.strip().strip("\ufeff").casefold() for cell in header):
        if match := EXERCISE.fullmatch(cell):
            number = f"{match[1]} "
            names.append(f"{number}exercise")
        else:
            names.append(number + WEIGHTS.get(cell, cell))
    return names


def read(rows: Iterator[Row], table: Table, terms: Terms) -> ParsedLog:
    """Every row after the header, each of its sets accounted for."""
    gathering = Gathering(FORMAT, terms)
    first = _first(rows)
    record = partial(_record, gathering, table, _reading(gathering, table, first, terms))
    read_each(chain(first, rows), table, gathering, record=record)
    return gathering.finish(table.variant)


def _first(rows: Iterator[Row]) -> list[Row]:
    """As many rows as tell how the file is to be read: thousands of workouts, yet no more than memory should hold."""
    first: list[Row] = []
    held = 0
    for row in rows:
        first.append(row)
        held += len(row.cells)
        if held > MOST_CELLS_HELD:
            break
    return first


def _reading(gathering: Gathering, table: Table, rows: list[Row], terms: Terms) -> Reading:
    order = short_dates.order(_column(rows, table, "date"))
    if order is None:
        gathering.warn(None, "date", "The dates do not tell the day from the month; the month was taken to be first.")
    return Reading(order=order or Order.MONTH_FIRST, unit=_unit(gathering, table, rows, terms))


def _unit(gathering: Gathering, table: Table, rows: list[Row], terms: Terms) -> MassUnit:
    weighed = Counter(unit for cell in _column(rows, table, "body weight") if (unit := _body_weight(cell)[1]))
    of_body = weighed.most_common(1)[0][0] if weighed else None
    found = terms.unit or of_body or terms.undecided_unit or MassUnit.KG
    why = "as asked" if terms.unit else "as the body weight is" if of_body else "as nothing says which was entered"
    gathering.warn(None, "unit", f"Loads are in kg and lb, one rounded from the other; {found} was taken, {why}.")
    return found


def _column(rows: list[Row], table: Table, name: str) -> Iterator[str]:
    at = table.columns.get(name)
    return (row.cells[at] for row in rows if at is not None and at < len(row.cells))


def _body_weight(cell: str) -> tuple[str, MassUnit | None]:
    match = BODY_WEIGHT.fullmatch(cell.strip())
    return (match[1], cells.MASS_UNITS.get(match[2].casefold())) if match else ("", None)


def _record(gathering: Gathering, table: Table, reading: Reading, line: int, row: Cells) -> None:
    stated = [name for name, cell in row.items() if SET.fullmatch(name) and cell.strip()]
    if not stated:
        gathering.non_set_rows["skipped"] += 1
        return
    several.count(gathering, len(stated) - 1)
    several.record_each(gathering, line, stated, partial(_record_set, gathering, table, reading, line, row))


def _record_set(gathering: Gathering, table: Table, reading: Reading, line: int, row: Cells, name: str) -> None:
    entry = _entry(table, reading, line, row, name)
    pending = _workout(gathering, reading, line, row)
    gathering.record(pending, entry)
    pending.note_workout(cells.note(row.get("note", "")))
    _weigh(gathering, table, pending, line, row.get("body weight", ""))


def _workout(gathering: Gathering, reading: Reading, line: int, row: Cells) -> Pending:
    day = short_dates.day(row["date"], reading.order)
    workout = cells.note(row["workout"])
    title = f"Workout {workout}" if workout and len(workout) == 1 else workout
    return gathering.workout(line, day, title, key=short_dates.key(day, workout))


def _weigh(gathering: Gathering, table: Table, pending: Pending, line: int, cell: str) -> None:
    """The body weight; a fault there is named and costs no set."""
    number, unit = _body_weight(cell)
    if unit is None:
        if cell.strip():
            gathering.warn(line, "bodyweight", f"{cells.shown(cell)} is no body weight with its unit.")
        return
    try:
        gathering.weigh(pending, line, cells.number(number, "bodyweight", decimal_comma=table.decimal_comma), unit)
    except BadCell as fault:
        gathering.warn(line, fault.field, fault.reason)


def _entry(table: Table, reading: Reading, line: int, row: Cells, name: str) -> ParsedSet:
    number, _, _ = name.partition(" ")
    load, unit = _load(table, reading, row, number)
    return ParsedSet(
        line=line,
        exercise=cells.name(row[f"{number} exercise"], "exercise"),
        load=None if load is None else abs(load),
        load_unit=None if load is None else unit,
        load_mode=cells.load_mode(load),
        reps=cells.reps(row[name], decimal_comma=table.decimal_comma),
    )


def _load(table: Table, reading: Reading, row: Cells, number: str) -> tuple[float | None, MassUnit]:
    """The load in the unit taken, else in the other one."""
    for unit in sorted(MassUnit, key=lambda unit: unit is not reading.unit):
        load = cells.load(row.get(f"{number} {unit}", ""), decimal_comma=table.decimal_comma)
        if load is not None:
            return load, unit
    return None, reading.unit
