"""JEFIT's export is many tables in one file, each under `### NAME ###`; here they become rows by their columns."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from models.readers.cells import BadCell
from models.readers.gather import Gathering
from models.readers.rows import Row
from models.readers.table import Cells

BANNER = re.compile(r"\s*#{3,}\s*(?P<name>[^#\s][^#]*?)\s*#*\s*")
RULE = re.compile(r"\s*#{3,}\s*")
# Each section's own header begins with one of these.
FIRST_COLUMNS = frozenset({"row_id", "rowid", "_id", "userid"})


class Entry(Struct, frozen=True):
    """A row of a section, by those of the section's columns that are read."""

    line: int
    cells: Cells


# What is read of each section. Of a profile nothing is, but the unit of mass.
READ: Mapping[str, frozenset[str]] = {
    "SETTING": frozenset({"mass"}),
    "WORKOUT SESSIONS": frozenset({"_id", "starttime", "endtime", "calories", "avg_heart_rate"}),
    "EXERCISE LOGS": frozenset({"_id", "logs", "mydate", "eid", "ename", "belongsession"}),
    "EXERCISE SET LOGS": frozenset(
        {"exercise_log_id", "set_index", "weight_lbs", "reps", "duration", "set_type"}
        | {"calories", "distance_mi", "speed_mph", "laps"}
    ),
    "NOTES": frozenset({"mydate", "eid", "mynote", "title"}),
}
NOTHING: frozenset[str] = frozenset()

Sections = dict[str, list[Entry]]


def section_of(row: list[str]) -> str | None:
    """The name of the section that this row opens."""
    match = BANNER.fullmatch(row[0]) if row and not any(cell.strip() for cell in row[1:]) else None
    return match["name"].upper() if match else None


def sections(rows: Iterator[Row], gathering: Gathering) -> Sections:
    """Every row by its section; banners and headers are no rows, blank ones and broken ones are accounted for here."""
    found: Sections = {}
    name, header = "", tuple[str, ...]()
    for row in rows:
        if row.fault is None and _opens(row.cells):
            name, header = section_of(row.cells) or "", ()
        elif row.fault is None and (not header or _is_header(row.cells)) and any(cell.strip() for cell in row.cells):
            header = tuple(cell.strip().casefold() for cell in row.cells)
        else:
            entries = found.setdefault(name, [])
            _take(row, header, READ.get(name, NOTHING), entries, gathering)
    return found


def _opens(row: list[str]) -> bool:
    return section_of(row) is not None or (len(row) == 1 and RULE.fullmatch(row[0]) is not None)


def _is_header(row: list[str]) -> bool:
    """Sections repeat their header, and routines hold tables of several kinds."""
    return bool(row) and row[0].strip().casefold() in FIRST_COLUMNS


def _take(
    row: Row, header: tuple[str, ...], wanted: frozenset[str], entries: list[Entry], gathering: Gathering
) -> None:
    try:
        if row.fault is not None:
            raise BadCell("row", row.fault)
        if not any(cell.strip() for cell in row.cells):
            gathering.rows_read += 1
            gathering.non_set_rows["blank"] += 1
            return
        if len(row.cells) < len(header) or any(cell.strip() for cell in row.cells[len(header) :]):
            raise BadCell("row", f"{len(row.cells)} cells where the section's header has {len(header)}.")
        named = zip(header, row.cells, strict=False)
        entries.append(Entry(row.line, {name: cell for name, cell in named if name in wanted}))
    except BadCell as fault:
        gathering.rows_read += 1
        gathering.reject(row.line, fault.field, fault.reason)
