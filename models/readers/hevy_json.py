"""Hevy's API export: one JSON document of workouts, their exercises and sets, in kilograms, metres and instants.

A workout's key is its id there. The CSV export has no ids, and local minutes instead of instants, so the two are apart.
"""

from datetime import datetime, timedelta
from typing import BinaryIO

from msgspec import Struct

from models.domain.units import MassUnit
from models.readers import cells, clock, documents, hevy
from models.readers.cells import BadCell
from models.readers.documents import Scalar, number, text
from models.readers.gather import Gathering
from models.readers.parsed import ParsedLog, ParsedSet, Terms

FORMAT: str = "hevy_api"
VARIANT = "workouts, exercises, sets"
WORDS = (b'"exercises"', b'"sets"', b'"start_time"', b'"weight_kg"')


class Set(Struct, frozen=True, gc=False):
    """A set."""

    type: Scalar = None
    weight_kg: Scalar = None
    reps: Scalar = None
    distance_meters: Scalar = None
    duration_seconds: Scalar = None
    rpe: Scalar = None
    custom_metric: Scalar = None


class Exercise(Struct, frozen=True):
    """The sets of an exercise in a workout."""

    title: Scalar = None
    notes: Scalar = None
    superset_id: Scalar = None
    sets: list[Set] = []


class Workout(Struct, frozen=True):
    """A workout."""

    id: Scalar = None
    title: Scalar = None
    description: Scalar = None
    start_time: Scalar = None
    end_time: Scalar = None
    exercises: list[Exercise] = []


class Export(Struct, frozen=True):
    """The document; one that is only the list is read too."""

    workouts: list[Workout]


def recognises_head(head: bytes) -> bool:
    """Whether the file is JSON with the words of Hevy's sets."""
    opening = documents.json_head(head)
    return all(word in opening for word in WORDS)


def read_file(source: BinaryIO, terms: Terms) -> ParsedLog:
    """Every set of the document; its `line` is its number in it."""
    data = documents.json_bytes(source)
    is_list = data.lstrip().startswith(b"[")
    workouts = documents.decoded(data, list[Workout]) if is_list else documents.decoded(data, Export).workouts
    gathering = Gathering(FORMAT, terms)
    for workout in workouts:
        _record_workout(gathering, workout)
    return gathering.finish(VARIANT)


def _record_workout(gathering: Gathering, workout: Workout) -> None:
    for exercise in workout.exercises:
        for entry in exercise.sets:
            gathering.rows_read += 1
            try:
                _record(gathering, workout, exercise, entry)
            except BadCell as fault:
                gathering.reject(gathering.rows_read, fault.field, fault.reason)


def _record(gathering: Gathering, workout: Workout, exercise: Exercise, entry: Set) -> None:
    line = gathering.rows_read
    parsed = _entry(line, exercise, entry)
    start = clock.utc_time(text(workout.start_time, "start_time"))
    title = cells.note(text(workout.title, "title"))
    pending = gathering.workout(line, start, title, key=_key(workout))
    pending.note_once(parsed.exercise, cells.note(text(exercise.notes, "notes")))
    gathering.record(pending, parsed)
    pending.note_workout(cells.note(text(workout.description, "description")))
    gathering.set_length(pending, line, _length(gathering, line, workout, start))


def _key(workout: Workout) -> str | None:
    stated = cells.note(text(workout.id, "id"))
    return stated if stated and len(stated) <= documents.LONGEST_KEY else None


def _entry(line: int, exercise: Exercise, entry: Set) -> ParsedSet:
    load = cells.load(number(entry.weight_kg, "weight_kg"), decimal_comma=False)
    return ParsedSet(
        line=line,
        exercise=cells.name(text(exercise.title, "title"), "title"),
        kind=hevy.kind(text(entry.type, "type")),
        load=None if load is None else abs(load),
        load_unit=None if load is None else MassUnit.KG,
        load_mode=cells.load_mode(load),
        reps=cells.reps(number(entry.reps, "reps"), decimal_comma=False),
        rpe=cells.rpe(number(entry.rpe, "rpe"), decimal_comma=False),
        duration_s=cells.duration_s(number(entry.duration_seconds, "duration_seconds"), decimal_comma=False),
        distance_m=cells.distance_m(number(entry.distance_meters, "distance_meters"), 1.0, decimal_comma=False),
        superset=cells.superset(number(exercise.superset_id, "superset_id")),
        note=_counted(entry),
    )


def _counted(entry: Set) -> str | None:
    """Hevy counts floors and steps in a field without a name."""
    count = cells.number(number(entry.custom_metric, "custom_metric"), "custom_metric", decimal_comma=False)
    return f"Counted: {count:g}" if count else None


def _length(gathering: Gathering, line: int, workout: Workout, start: datetime) -> timedelta | None:
    try:
        end = text(workout.end_time, "end_time")
        return clock.utc_time(end) - start if end.strip() else None
    except BadCell as fault:
        gathering.warn(line, "end_time", fault.reason)
        return None
