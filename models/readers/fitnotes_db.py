"""FitNotes' backup: a SQLite database of sets by day, which the CSV export also gives, but with more of each day."""

from collections.abc import Mapping
from datetime import date
from typing import Any, BinaryIO

from models.domain.units import GRAMS_PER_LB, MassUnit
from models.readers import cells, clock, sqlite_file
from models.readers.cells import BadCell
from models.readers.gather import Gathering, Pending
from models.readers.parsed import ParsedLog, ParsedSet, Terms
from models.readers.rows import refuse
from models.readers.sqlite_file import Tables

FORMAT: str = "fitnotes"
VARIANT = "database"
COLUMNS = ("_id", "exercise_id", "date", "metric_weight", "reps", "unit", "distance", "duration_seconds")
# FitNotes' own mark of a set entered in pounds; it stores the load in kilograms all the same.
POUNDS = 2
SET_COMMENT = 1
MOST_SUPERSETS = 1_000
DELETED = "Rows of exercises that were deleted have lost their names; FitNotes hides them."

Supersets = Mapping[tuple[Any, Any], int]


def recognises_head(head: bytes) -> bool:
    """Whether the file is a SQLite database at all: which one it is, only its tables tell."""
    return head.startswith(sqlite_file.MAGIC)


def read_file(source: BinaryIO, terms: Terms) -> ParsedLog:
    """Every row of the training log; its `line` is its number in it."""
    gathering = Gathering(FORMAT, terms)
    with sqlite_file.opened(source, named="a backup of FitNotes") as tables:
        if not {"training_log", "exercise"} <= tables.names:
            raise refuse("This SQLite database is no backup of FitNotes: it has no training log.")
        _read(tables, gathering)
    return gathering.finish(VARIANT)


def _read(tables: Tables, gathering: Gathering) -> None:
    names = dict(tables.rows("exercise", "_id", "name"))
    comments = _comments(tables)
    supersets = _supersets(tables)
    days: dict[str, Pending] = {}
    for line, row in enumerate(tables.rows("training_log", *COLUMNS), start=1):
        gathering.rows_read = line
        if row[1] not in names:
            gathering.non_set_rows["deleted_exercise"] += 1
            gathering.warn(line, "exercise", DELETED)
            continue
        try:
            entry = _entry(line, names[row[1]], row, comments.get(row[0]), supersets)
            pending = gathering.workout(line, _day(row[2]), None)
            gathering.record(pending, entry)
            days[str(row[2])] = pending
        except BadCell as fault:
            gathering.reject(line, fault.field, fault.reason)
    _describe(tables, gathering, days)


def _comments(tables: Tables) -> dict[Any, str]:
    rows = tables.rows("Comment", "owner_type_id", "owner_id", "comment")
    return {owner: _text(comment) for kind, owner, comment in rows if kind == SET_COMMENT}


def _supersets(tables: Tables) -> Supersets:
    """The number of the group that an exercise is in on a day, counted within the day."""
    groups: dict[Any, dict[Any, int]] = {}
    found: dict[tuple[Any, Any], int] = {}
    for exercise, day, group in tables.rows("WorkoutGroupExercise", "exercise_id", "date", "workout_group_id"):
        numbers = groups.setdefault(day, {})
        found[day, exercise] = min(numbers.setdefault(group, len(numbers) + 1), MOST_SUPERSETS)
    return found


def _entry(line: int, name: Any, row: sqlite_file.Values, comment: str | None, supersets: Supersets) -> ParsedSet:
    _, exercise, day, weight, reps, unit, distance, duration = row
    distance_m = cells.distance_m(_number(distance, "distance"), 0.001, decimal_comma=False)
    duration_s = cells.duration_s(_number(duration, "duration"), decimal_comma=False)
    load = cells.load(_number(weight, "weight"), decimal_comma=False)
    repetitions = cells.reps(_number(reps, "reps"), decimal_comma=False)
    only_extent = bool(distance_m or duration_s)
    entered = None if only_extent and not load else load
    return ParsedSet(
        line=line,
        exercise=cells.name(_text(name), "exercise"),
        load=None if entered is None else _entered(abs(entered), unit),
        load_unit=None if entered is None else _unit(unit),
        load_mode=cells.load_mode(entered),
        reps=None if only_extent and not repetitions else repetitions,
        distance_m=distance_m,
        duration_s=duration_s,
        superset=supersets.get((day, exercise)),
        note=cells.note(comment or ""),
    )


def _unit(unit: Any) -> MassUnit:
    return MassUnit.LB if unit == POUNDS else MassUnit.KG


def _entered(weight_kg: float, unit: Any) -> float:
    """The load as it was typed: FitNotes' conversion is coarse, so pounds come back to two decimals."""
    return round(weight_kg * 1000 / GRAMS_PER_LB, 2) if unit == POUNDS else weight_kg


def _describe(tables: Tables, gathering: Gathering, days: Mapping[str, Pending]) -> None:
    """What the backup says of days that have sets."""
    for day, comment in tables.rows("WorkoutComment", "date", "comment"):
        if pending := days.get(str(day)):
            pending.note_workout(cells.note(_text(comment)))
    for day, weight_kg in tables.rows("BodyWeight", "date", "body_weight_metric"):
        if (pending := days.get(str(day)[:10])) and isinstance(weight_kg, int | float):
            gathering.weigh(pending, pending.line, float(weight_kg), MassUnit.KG)
    for day, start, end in tables.rows("WorkoutTime", "workout_date", "start_date_time", "end_date_time"):
        if pending := days.get(str(day)):
            _time(gathering, pending, _text(start), _text(end))


def _time(gathering: Gathering, pending: Pending, start: str, end: str) -> None:
    """When the day's workout was, where its timer ran and started on that day."""
    try:
        begun = clock.local_time(start)
        if begun.date() == pending.start:
            pending.start = begun
            gathering.set_length(pending, pending.line, clock.local_time(end) - begun if end else None)
    except BadCell as fault:
        gathering.warn(pending.line, "workout_time", fault.reason)


def _day(value: Any) -> date:
    return clock.local_day(_text(value))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any, field: str) -> str:
    """A stored number as a cell; SQLite keeps any type in any column."""
    if value is None or isinstance(value, str | int):
        return str(value or 0)
    if isinstance(value, float):
        return f"{value:.9f}"
    raise BadCell(field, "This is not a number.")
