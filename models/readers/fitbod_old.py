"""Fitbod's older CSV export: the date alone, no unit, and a row that may state several equal sets.

Each set that a row states counts as a row read.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from models.readers import cells, clock, fitbod, several
from models.readers.gather import Gathering
from models.readers.parsed import ParsedLog, ParsedSet, Terms
from models.readers.rows import Dialect, Row
from models.readers.table import Cells, Table, columns_of, read_each

FORMAT: str = fitbod.FORMAT
REQUIRED = frozenset({"date", "exercise", "sets", "reps", "weight", "iswarmup"})
KNOWN = REQUIRED | {"note"}
MOST_SETS = 100


def recognises(first: Sequence[Sequence[str]], dialect: Dialect) -> Table | None:
    """The table that these first rows open, if it is one of Fitbod's older ones."""
    header = [cell.strip().strip("\ufeff") for cell in first[0]] if first else []
    names = [cell.casefold() if cell.casefold() in KNOWN else cell for cell in header]
    if not REQUIRED.issubset(names):
        return None
    return Table(dialect=dialect, columns=columns_of(names), width=len(header), header_rows=1, variant="sets counted")


def read(rows: Iterator[Row], table: Table, terms: Terms) -> ParsedLog:
    """Every row after the header, each of its sets accounted for."""
    gathering = Gathering(FORMAT, terms)
    read_each(rows, table, gathering, record=partial(_record, gathering, table))
    return gathering.finish(table.variant)


def _record(gathering: Gathering, table: Table, line: int, row: Cells) -> None:
    sets = cells.whole(row["sets"], "sets", highest=MOST_SETS, decimal_comma=table.decimal_comma)
    if sets == 0:
        gathering.non_set_rows["skipped"] += 1
        return
    entry = _entry(table, line, row)
    pending = gathering.workout(line, clock.stated(row["date"]), None)
    gathering.record(pending, entry)
    more = (sets or 1) - 1
    several.count(gathering, more)
    for _ in range(more):
        gathering.record(pending, entry)


def _entry(table: Table, line: int, row: Cells) -> ParsedSet:
    load = cells.load(row["weight"], decimal_comma=table.decimal_comma)
    return ParsedSet(
        line=line,
        exercise=cells.name(row["exercise"], "exercise"),
        kind=fitbod.warm_up(row["iswarmup"]),
        load=None if load is None else abs(load),
        load_mode=cells.load_mode(load),
        reps=cells.reps(row["reps"], decimal_comma=table.decimal_comma),
        note=fitbod.note(row, KNOWN),
    )
