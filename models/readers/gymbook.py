"""GymBook's CSV export in Italian or German: units inside the cells, one time a set, skipped sets as rows.

A day's sets of one programme are a workout: it starts with its first set's time and ends with its last one's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from models.domain.units import MassUnit
from models.domain.workouts import SetKind
from models.readers import cells, clock, short_dates
from models.readers.cells import BadCell
from models.readers.gather import Gathering, Pending
from models.readers.parsed import ParsedLog, ParsedSet, Terms
from models.readers.remarks import joined, remark
from models.readers.rows import Dialect, Row
from models.readers.table import Cells, Table, columns_of, read_each

FORMAT: str = "gymbook"
FIELDS = ("date", "title", "time", "exercise", "extent", "load", "note", "skipped")
LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "it": (
        *("data", "programma", "orario", "esercizio"),
        *("ripetizioni / tempo", "peso / distanza", "appunti", "saltato"),
    ),
    "de": (
        *("datum", "training", "zeit", "übung"),
        *("wiederholungen / zeit", "gewicht / strecke", "notizen", "ausgelassen"),
    ),
}
REQUIRED = frozenset(FIELDS) - {"note", "title"}
# The header of the kinds lists their three names: a set, a warm-up set, a cool-down set.
KINDS = re.compile(r"(?P<working>[^/]+) / (?P<warm_up>[^/]+) / (?P<cool_down>[^/]+)")
VALUE = re.compile(r"(?P<number>[^A-Za-z]*\d)\s*(?P<unit>[^\W\d_]+)\.?")
REPS = frozenset({"ripetizioni", "ripetizione", "wiederholungen", "wiederholung"})
SECONDS: Mapping[str, float] = {
    **dict.fromkeys(("secondi", "secondo", "sekunden", "sekunde"), 1.0),
    **dict.fromkeys(("minuti", "minuto", "minuten", "minute"), 60.0),
    **dict.fromkeys(("ore", "ora", "stunden", "stunde"), 3600.0),
}
SKIPPED: Mapping[str, bool] = {"si": True, "sì": True, "ja": True, "no": False, "nein": False, "": False}
# The app writes numbers in its phone's language, whatever stands between the cells.
COMMA = True


def recognises(first: Sequence[Sequence[str]], dialect: Dialect) -> Table | None:
    """The table that these first rows open, if it is one of GymBook's in a language that is known."""
    header = [cell.strip().strip("\ufeff").casefold() for cell in first[0]] if first else []
    for language, names in LANGUAGES.items():
        fields = dict(zip(names, FIELDS, strict=True))
        columns = columns_of([fields.get(cell) or _kinds_column(cell) for cell in header])
        if REQUIRED.issubset(columns):
            return Table(
                dialect=dialect, columns=columns, width=len(header), header_rows=1, variant=f"localised {language}"
            )
    return None


def _kinds_column(cell: str) -> str | None:
    """The column of the kinds, under its whole header, which names them."""
    return cell if KINDS.fullmatch(cell) else None


def read(rows: Iterator[Row], table: Table, terms: Terms) -> ParsedLog:
    """Every row after the header, each accounted for."""
    gathering = Gathering(FORMAT, terms)
    read_each(rows, table, gathering, record=partial(_record, gathering))
    if len(table.columns) < table.width:
        gathering.warn(None, "columns", "Columns that describe exercises, such as their muscles, were left out.")
    return gathering.finish(table.variant)


def _record(gathering: Gathering, line: int, row: Cells) -> None:
    skipped = SKIPPED.get(row["skipped"].strip().casefold())
    if skipped is None:
        raise BadCell("skipped", f"{cells.shown(row['skipped'])} does not say whether the set was skipped.")
    if skipped:
        gathering.non_set_rows["skipped"] += 1
        return
    entry = _entry(line, row)
    day = short_dates.day(row["date"], short_dates.Order.DAY_FIRST)
    at = _time(day, row["time"])
    title = cells.note(row.get("title", ""))
    pending = gathering.workout(line, at, title, key=short_dates.key(day, title))
    gathering.record(pending, entry)
    _spread(pending, at)


def _time(day: date, cell: str) -> date:
    return clock.local_time(f"{day.isoformat()} {cell.strip()}") if cell.strip() else day


def _spread(pending: Pending, at: date) -> None:
    """Let the workout reach from its first set to its last."""
    if not isinstance(at, datetime):
        return
    start = pending.start if isinstance(pending.start, datetime) else at
    end = max(start + (pending.length or timedelta(0)), at)
    pending.start = min(start, at)
    pending.length = end - pending.start or None


def _entry(line: int, row: Cells) -> ParsedSet:
    reps, duration_s = _extent(row["extent"])
    load, unit, distance_m = _load(row["load"])
    # Beside a time or a distance a zero only fills its column.
    if duration_s or distance_m:
        load, reps = load or None, reps or None
    kind, remarked = _kind(row)
    return ParsedSet(
        line=line,
        exercise=cells.name(row["exercise"], "exercise"),
        kind=kind,
        load=None if load is None else abs(load),
        load_unit=None if load is None else unit,
        load_mode=cells.load_mode(load),
        reps=reps,
        duration_s=duration_s,
        distance_m=distance_m,
        note=joined(cells.note(row.get("note", "")), remarked),
    )


def _kind(row: Cells) -> tuple[SetKind, str | None]:
    """The kind; one that Loadstone has none for, such as a cool-down, is a working set whose note says so."""
    for header, cell in row.items():
        if names := KINDS.fullmatch(header):
            found = cell.strip().casefold()
            if found == names["warm_up"]:
                return SetKind.WARM_UP, None
            return SetKind.WORKING, None if found == names["working"] else remark("Kind", cell)
    return SetKind.WORKING, None


def _extent(cell: str) -> tuple[int | None, float | None]:
    """Repetitions or seconds."""
    number, unit = _value(cell, "reps")
    if unit is None or unit in REPS:
        return cells.reps(number, decimal_comma=COMMA), None
    if unit not in SECONDS:
        raise BadCell("reps", f"{cells.shown(cell)} is neither repetitions nor a time.")
    highest = cells.LONGEST_SET_S / SECONDS[unit]
    time = cells.within(number, "duration", highest=highest, decimal_comma=COMMA)
    return None, cells.positive(None if time is None else time * SECONDS[unit])


def _load(cell: str) -> tuple[float | None, MassUnit | None, float | None]:
    """A load with its unit, or metres."""
    number, unit = _value(cell, "weight")
    if unit in cells.METRES_BY_UNIT:
        return None, None, cells.distance_m(number, cells.METRES_BY_UNIT[unit], decimal_comma=COMMA)
    return cells.load(number, decimal_comma=COMMA), cells.mass_unit(unit or ""), None


def _value(cell: str, field: str) -> tuple[str, str | None]:
    """The number and the unit in the cell, `20 ripetizioni`; both empty where it is."""
    if not cell.strip():
        return "", None
    match = VALUE.fullmatch(cell.strip())
    if match is None:
        raise BadCell(field, f"{cells.shown(cell)} is not a number with its unit.")
    return match["number"], match["unit"].casefold()
