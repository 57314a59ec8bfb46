"""JEFIT's export: sections of one file, sets packed beside their exercise or, since 2024-12, in a table of their own.

A packed cell's sets count as rows read. Where the table holds them too, they are recorded from it alone and the
packed row is no set (`packed_copy`). Rows of the other sections are no sets, and nothing of a profile is kept.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from models.domain.units import MassUnit
from models.readers import cells, clock, jefit_sets, several
from models.readers.cells import BadCell
from models.readers.gather import Gathering, Pending
from models.readers.jefit_sections import Entry, Sections, section_of, sections
from models.readers.parsed import ParsedLog, ParsedSet, Terms
from models.readers.remarks import remark
from models.readers.rows import Dialect, Row
from models.readers.table import Table

FORMAT: str = "jefit"
LOGS, SETS, SESSIONS = "EXERCISE LOGS", "EXERCISE SET LOGS", "WORKOUT SESSIONS"
NOTES, PROFILE, SETTING = "NOTES", "PROFILE", "SETTING"
UNREAD = frozenset({"CARDIO LOGS", "CARDIO EXERCISE LOGS"})
# What the rows of a section without sets are; of any other section they are a profile's.
KINDS: Mapping[str, str] = {
    SESSIONS: "session",
    NOTES: "note",
    PROFILE: "measurement",
    "ROUTINES": "routine",
    "EXERCISE RECORDS": "record",
}
OPENING = frozenset({LOGS, SETS, SESSIONS, NOTES, PROFILE, SETTING, "ROUTINES", *UNREAD})
# An hour from local midnight stands where only the date of an old workout was known.
MIDNIGHT = time(0)
LATEST_START = 32_503_680_000


class Session(Struct, frozen=True, kw_only=True):
    """A workout as JEFIT's timer had it."""

    start: datetime
    length: timedelta | None
    remarks: tuple[str | None, ...]


class Log(Struct, frozen=True, kw_only=True):
    """What the sections together say, for the rows of the exercise logs."""

    sections: Sections
    sessions: Mapping[str, Session]
    by_log: Mapping[str, list[Entry]]
    unit: MassUnit | None


def recognises(first: Sequence[Sequence[str]], dialect: Dialect) -> Table | None:
    """The table that these first rows open, if a section of JEFIT's does."""
    if not first or section_of(list(first[0])) not in OPENING or dialect.delimiter != ",":
        return None
    return Table(dialect=dialect, columns={}, width=0, header_rows=0, variant="sections")


def read(rows: Iterator[Row], table: Table, terms: Terms) -> ParsedLog:
    """Every row of every section, each of its sets accounted for."""
    gathering = Gathering(FORMAT, terms)
    log = _log(gathering, sections(rows, gathering))
    days: dict[date, Pending] = {}
    for entry in log.sections.get(LOGS, []):
        _record(gathering, log, days, entry)
    _reject_orphans(gathering, log)
    _count_others(gathering, log)
    _describe(gathering, log, days)
    return gathering.finish(", ".join((table.variant, *["set table"] * bool(log.by_log))))


def _log(gathering: Gathering, found: Sections) -> Log:
    by_log: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in found.get(SETS, []):
        by_log[entry.cells.get("exercise_log_id", "").strip()].append(entry)
    for entries in by_log.values():
        entries.sort(key=_set_index)
    both = [(row.get("logs", ""), by_log[id_]) for row, id_ in _identified(found.get(LOGS, [])) if id_ in by_log]
    stated = next((unit for entry in found.get(SETTING, []) if (unit := _mass(entry))), None)
    return Log(
        sections=found,
        sessions={
            id_: session
            for row, id_ in _identified(found.get(SESSIONS, []))
            if (session := _session(gathering, row)) is not None
        },
        by_log=dict(by_log),
        unit=stated or jefit_sets.unit_of(both),
    )


def _identified(entries: list[Entry]) -> Iterator[tuple[Mapping[str, str], str]]:
    return ((entry.cells, entry.cells.get("_id", "").strip()) for entry in entries)


def _set_index(entry: Entry) -> tuple[float, int]:
    try:
        index = cells.number(entry.cells.get("set_index", ""), "set_index", decimal_comma=False)
    except BadCell:
        index = None
    return index or 0.0, entry.line


def _mass(entry: Entry) -> MassUnit | None:
    return cells.MASS_UNITS.get(entry.cells.get("mass", "").strip().casefold())


def _session(gathering: Gathering, row: Mapping[str, str]) -> Session | None:
    """The session, null where its start is no time."""
    try:
        start, end = (_epoch_s(row.get(name, "")) for name in ("starttime", "endtime"))
    except BadCell:
        return None
    if not start:
        return None
    length = timedelta(seconds=end - start) if end else None
    remarks = (
        remark("Calories", row.get("calories", "")),
        remark("Average heart rate", row.get("avg_heart_rate", "")),
    )
    begun = datetime.fromtimestamp(start, UTC).astimezone(gathering.zone)
    is_only_date = begun.time() == MIDNIGHT and length == timedelta(hours=1)
    return Session(start=begun, length=None if is_only_date else length, remarks=remarks)


def _epoch_s(cell: str) -> int | None:
    return cells.whole(cell, "starttime", highest=LATEST_START, decimal_comma=False)


def _record(gathering: Gathering, log: Log, days: dict[date, Pending], entry: Entry) -> None:
    """A row of the exercise logs: the sets of the table that belong to it, else those it packs."""
    name = entry.cells.get("ename", "")
    if in_table := log.by_log.get(entry.cells.get("_id", "").strip()):
        _record_table(gathering, log, days, entry, in_table)
        return
    try:
        stated = jefit_sets.unpacked(entry.cells.get("logs", ""))
    except BadCell as fault:
        several.count(gathering, 1)
        gathering.reject(entry.line, fault.field, fault.reason)
        return
    several.count(gathering, len(stated) or 1)
    if not stated:
        gathering.non_set_rows["skipped"] += 1
    several.record_each(
        gathering,
        entry.line,
        stated,
        lambda one: _keep(gathering, log, days, entry, jefit_sets.packed_set(entry.line, name, one, log.unit)),
    )


def _record_table(
    gathering: Gathering, log: Log, days: dict[date, Pending], entry: Entry, in_table: list[Entry]
) -> None:
    """The sets of the table; their packed copy is no set, and named where it states something else."""
    several.count(gathering, 1 + len(in_table))
    gathering.non_set_rows["packed_copy"] += 1
    recorded: list[ParsedSet] = []
    for one in in_table:
        try:
            found = jefit_sets.table_set(entry.cells.get("ename", ""), one)
            _keep(gathering, log, days, entry, found)
            recorded.append(found)
        except BadCell as fault:
            gathering.reject(one.line, fault.field, fault.reason)
    packed = entry.cells.get("logs", "")
    if len(recorded) == len(in_table) and not jefit_sets.agrees(packed, log.unit, recorded):
        reason = f"The packed copy {cells.shown(packed)} states other sets than the table, which was taken."
        gathering.warn(entry.line, "logs", reason)


def _keep(gathering: Gathering, log: Log, days: dict[date, Pending], entry: Entry, found: ParsedSet) -> None:
    day = clock.local_day(entry.cells.get("mydate", ""))
    pending = _workout(gathering, log, day, entry)
    gathering.record(pending, found)
    days.setdefault(day, pending)


def _workout(gathering: Gathering, log: Log, day: date, entry: Entry) -> Pending:
    """The session's workout. Its start holds where it is on the day that the row states, in the given time zone."""
    number = entry.cells.get("belongsession", "").strip()
    session = log.sessions.get(number)
    if session is None:
        return gathering.workout(entry.line, day, None)
    timed = session.length is not None and session.start.date() == day
    pending = gathering.workout(entry.line, session.start if timed else day, None, key=f"session {number}")
    if pending.start == session.start:
        gathering.set_length(pending, entry.line, session.length)
    for text in session.remarks:
        pending.note_workout(text)
    return pending


def _reject_orphans(gathering: Gathering, log: Log) -> None:
    """Rows of the table whose exercise log is not in the file: nothing says what they were sets of."""
    known = {id_ for _, id_ in _identified(log.sections.get(LOGS, []))}
    for id_, entries in log.by_log.items():
        if id_ not in known:
            several.count(gathering, len(entries))
            for entry in entries:
                gathering.reject(entry.line, "exercise_log_id", f"No exercise log has the id {cells.shown(id_)}.")


def _count_others(gathering: Gathering, log: Log) -> None:
    for name, entries in log.sections.items():
        if name in (LOGS, SETS) or not entries:
            continue
        several.count(gathering, len(entries))
        if name in UNREAD:
            for entry in entries:
                gathering.reject(entry.line, "section", f"The section {name} states neither names nor units.")
        else:
            gathering.non_set_rows[KINDS.get(name, "profile")] += len(entries)


def _describe(gathering: Gathering, log: Log, days: Mapping[date, Pending]) -> None:
    """Notes become those of their day's workout; a fault in one is named and costs nothing else."""
    names = {entry.cells.get("eid", ""): entry.cells.get("ename", "").strip() for entry in log.sections.get(LOGS, [])}
    for entry in log.sections.get(NOTES, []):
        text = cells.note(entry.cells.get("mynote", ""))
        about = names.get(entry.cells.get("eid", "")) or cells.plain(entry.cells.get("title", ""))
        try:
            pending = days.get(clock.local_day(entry.cells.get("mydate", "")))
        except BadCell as fault:
            gathering.warn(entry.line, "notes", fault.reason)
            continue
        if pending is None:
            gathering.warn(entry.line, "notes", "A note of a day without a workout was not kept.")
        else:
            pending.note_workout(f"{about}: {text}" if text and about else text)
