"""FitNotes for iOS: one row a set with its workout's instants and bodyweight, decimal commas in quoted cells."""

from collections.abc import Iterator, Sequence
from functools import partial

from models.domain.workouts import SetKind
from models.readers import cells, clock
from models.readers.cells import BadCell
from models.readers.gather import Gathering, Pending
from models.readers.parsed import ParsedLog, ParsedSet, Terms
from models.readers.rows import Dialect, Row
from models.readers.table import Cells, Table, columns_of, read_each

FORMAT: str = "fitnotes_ios"
REQUIRED = frozenset({"name", "starttime", "endtime", "exercise", "reps", "weight", "status", "iswarmup"})
WARM_UP = {"true": SetKind.WARM_UP, "false": SetKind.WORKING, "": SetKind.WORKING}
# The app writes numbers in its phone's language, whatever stands between the cells.
COMMA = True


def recognises(first: Sequence[Sequence[str]], dialect: Dialect) -> Table | None:
    """The table that these first rows open, if it is one of FitNotes for iOS."""
    header = [cell.strip().strip("\ufeff").casefold() for cell in first[0]] if first else []
    if not REQUIRED.issubset(header):
        return None
    return Table(
        dialect=dialect, columns=columns_of(header), width=len(header), header_rows=1, variant="sets with status"
    )


def read(rows: Iterator[Row], table: Table, terms: Terms) -> ParsedLog:
    """Every row after the header, each accounted for."""
    gathering = Gathering(FORMAT, terms)
    read_each(rows, table, gathering, record=partial(_record, gathering))
    return gathering.finish(table.variant)


def _record(gathering: Gathering, line: int, row: Cells) -> None:
    status = row["status"].strip().casefold()
    if status == "notstarted":
        gathering.non_set_rows["skipped"] += 1
        return
    if status not in ("done", "failed"):
        raise BadCell("status", f"{cells.shown(row['status'])} is no status that is known.")
    entry = _entry(gathering, line, row, failed=status == "failed")
    pending = gathering.workout(line, clock.utc_time(row["starttime"]), cells.note(row["name"]))
    gathering.record(pending, entry)
    _describe(gathering, pending, line, row)


def _describe(gathering: Gathering, pending: Pending, line: int, row: Cells) -> None:
    """What the row says of its workout; a fault there is named and costs no set."""
    try:
        if row["endtime"].strip():
            gathering.set_length(pending, line, clock.utc_time(row["endtime"]) - clock.utc_time(row["starttime"]))
        weight = cells.number(row.get("bodyweight", ""), "bodyweight", decimal_comma=COMMA)
        gathering.weigh(pending, line, weight, None)
    except BadCell as fault:
        gathering.warn(line, fault.field, fault.reason)


def _entry(gathering: Gathering, line: int, row: Cells, *, failed: bool) -> ParsedSet:
    load = cells.load(row["weight"], decimal_comma=COMMA)
    reps = cells.reps(row["reps"], decimal_comma=COMMA)
    note = cells.note(row.get("note", ""))
    return ParsedSet(
        line=line,
        exercise=cells.name(row["exercise"], "exercise"),
        kind=_kind(row["iswarmup"]),
        load=None if load is None else abs(load),
        load_mode=cells.load_mode(load),
        reps=_failed_reps(gathering, line, reps) if failed else reps,
        rpe=cells.rpe(row.get("rpe", ""), decimal_comma=COMMA),
        rir=cells.rir(row.get("rir", ""), decimal_comma=COMMA),
        duration_s=cells.clocked_s(row.get("time", "")),
        distance_m=_distance_m(gathering, row),
        note="\n".join(text for text in (note, f"Failed, {reps} intended" if failed and reps else None) if text)
        or None,
    )


def _failed_reps(gathering: Gathering, line: int, stated: int | None) -> int | None:
    """The repetitions stated are those intended; of one that failed none was done, of more nobody knows how many."""
    gathering.warn(line, "status", "A failed set states the repetitions intended: they are kept in its note.")
    return 0 if stated in (0, 1) else None


def _kind(cell: str) -> SetKind:
    kind = WARM_UP.get(cell.strip().casefold())
    if kind is None:
        raise BadCell("iswarmup", f"{cells.shown(cell)} is neither true nor false.")
    return kind


def _distance_m(gathering: Gathering, row: Cells) -> float | None:
    distance = cells.distance_m(row.get("distance", ""), 1000.0, decimal_comma=COMMA)
    if distance:
        gathering.warn(None, "distance", "The file states no unit of distance; kilometres were taken.")
    return distance
