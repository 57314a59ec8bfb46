"""An export as CSV: a row a set for eyes and spreadsheets, and rows of other records so that nothing is lost.

RFC 4180 with a byte order mark, which Excel needs to see UTF-8. No cell begins as a formula does.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from models.domain import catalogue
from models.domain.exports import (
    COLUMNS,
    SET_FIELDS,
    TEXTS,
    Head,
    OwnItem,
    WrittenSet,
    WrittenTarget,
    WrittenWorkout,
    guarded,
)
from models.domain.workouts import local_date
from models.queries.exports import Opening
from models.readers import rows
from models.readers.rows import Dialect

MARK = "\ufeff"
# Of a text that is in `data` because no cell can hold it, this much is in its own cell too.
GLIMPSE = 60
_BREAKS = ("\n", "\r")


class CsvExport:
    """The pieces in their order: begin, items, between, workouts, end."""

    media_type = "text/csv; charset=utf-8; header=present"
    suffix = "csv"

    def __init__(self) -> None:
        self._names: dict[int, str] = {entry.id: entry.name for entry in catalogue.load().exercises}

    def begin(self, head: Head, opening: Opening) -> bytes:
        self._names |= {exercise.id: exercise.name for exercise in opening.exercises}
        others = [
            ("loadstone", head),
            ("settings", opening.settings),
            *(("exercise", exercise) for exercise in opening.exercises),
            *(("merge", merge) for merge in opening.merges),
        ]
        return (MARK + _text([list(COLUMNS)]) + _text(_other(kind, record) for kind, record in others)).encode()

    def items(self, items: Sequence[OwnItem]) -> bytes:
        return _text(_other("item", item) for item in items).encode()

    def between(self) -> bytes:
        return b""

    def workouts(self, workouts: Sequence[WrittenWorkout]) -> bytes:
        return _text(row for workout in workouts for row in self._rows(workout)).encode()

    def end(self) -> bytes:
        return b""

    def _rows(self, workout: WrittenWorkout) -> Iterator[list[str]]:
        shared = _workout(workout)
        for number, entry in enumerate(workout.sets, start=1):
            texts = {"note": entry.note, "workout_notes": workout.notes if number == 1 else None}
            cells = shared | texts | _set(entry) | {"set": number, "exercise": self._name(entry.exercise_id)}
            yield _row(cells)

    def _name(self, exercise_id: int) -> str:
        return " ".join(self._names.get(exercise_id, "").split())


def _other(kind: str, record: Any) -> list[str]:
    return _cells({"record": kind, "data": msgspec.json.encode(record).decode()})


def _workout(workout: WrittenWorkout) -> dict[str, Any]:
    source = workout.source
    return {
        "record": "set",
        "workout_id": workout.id,
        "performed_on": local_date(workout.started_at, workout.time_zone),
        "started_at": _local(workout.started_at, workout.time_zone),
        "ended_at": None if workout.ended_at is None else _local(workout.ended_at, workout.time_zone),
        "time_zone": workout.time_zone,
        "title": workout.title,
        "session_rpe": workout.session_rpe,
        "bodyweight": workout.bodyweight,
        "bodyweight_unit": workout.bodyweight_unit,
        "source_app": source and source.app,
        "source_key": source and source.key,
    }


def _local(instant: datetime, time_zone: str) -> str:
    """The instant as the athlete's clock showed it, or in UTC where that was off by seconds, which no text says."""
    local = instant.astimezone(ZoneInfo(time_zone))
    offset = local.utcoffset()
    return (local if offset is not None and not offset.seconds % 60 else instant).isoformat()


def _set(entry: WrittenSet) -> dict[str, Any]:
    target = entry.target or WrittenTarget()
    return {
        "exercise_id": entry.exercise_id,
        **{name: getattr(entry, name) for name in SET_FIELDS},
        **{f"target_{name}": getattr(target, name) for name in WrittenTarget.__struct_fields__},
    }


def _row(values: Mapping[str, Any]) -> list[str]:
    """The cells; text that a reader could not tell from rows is in `data`, and a glimpse of it in its cell."""
    cells = _cells(values)
    if not any(mark in cell for cell in cells for mark in _BREAKS) or _reads_back(cells):
        return cells
    long = {name: values[name] for name in TEXTS if any(mark in (values[name] or "") for mark in _BREAKS)}
    glimpses = {name: f"{' '.join(text.split())[:GLIMPSE]} [...]" for name, text in long.items()}
    return _cells({**values, **glimpses, "data": msgspec.json.encode(long).decode()})


def _reads_back(cells: list[str]) -> bool:
    source = io.BytesIO(_text([cells]).encode())
    read = list(rows.stream(source, Dialect(encoding="utf-8", delimiter=","), width=len(COLUMNS)))
    return len(read) == 1 and read[0].fault is None and read[0].cells == cells


def _cells(values: Mapping[str, Any]) -> list[str]:
    return [_cell(values.get(name)) for name in COLUMNS]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return guarded(str(value))


def _text(table: Iterator[list[str]] | list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue()
