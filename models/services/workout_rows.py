"""From a canonical record to the columns of the hot tables."""

from collections.abc import Sequence
from typing import Any

import msgspec

from models.domain.exercises import LOAD_MODE_CODES
from models.domain.sets import SET_KIND_CODES, SIDE_CODES, SetRecord, extras
from models.domain.units import MASS_UNIT_CODES
from models.domain.workouts import WorkoutRecord

# The columns of set_entries behind its key (athlete_id, workout_id, position) and performed_on, with their types.
SET_COLUMNS = {
    "exercise_id": "int",
    "kind": "smallint",
    "load_g": "int",
    "load_unit": "smallint",
    "load_mode": "smallint",
    "reps": "smallint",
    "rpe_tenths": "smallint",
    "rir_tenths": "smallint",
    "duration_ms": "int",
    "distance_mm": "int",
    "rest_s": "int",
    "superset": "smallint",
    "side": "smallint",
}


def set_row(entry: SetRecord) -> tuple[int | None, ...]:
    """One set in the order of SET_COLUMNS."""
    return (
        entry.exercise_id,
        SET_KIND_CODES[entry.kind],
        entry.load_g,
        None if entry.load_unit is None else MASS_UNIT_CODES[entry.load_unit],
        None if entry.load_mode is None else LOAD_MODE_CODES[entry.load_mode],
        entry.reps,
        entry.rpe_tenths,
        entry.rir_tenths,
        entry.duration_ms,
        entry.distance_mm,
        entry.rest_s,
        entry.superset,
        None if entry.side is None else SIDE_CODES[entry.side],
    )


def set_arrays(sets: Sequence[SetRecord]) -> list[list[Any] | None]:
    """An array a column, None where no set has a value: unnest pads the shorter arrays with nulls."""
    columns = zip(*[set_row(entry) for entry in sets], strict=True)
    return [list(column) if column.count(None) < len(column) else None for column in columns]


def detail_rows(sets: Sequence[SetRecord]) -> list[tuple[int, str | None, str | None, str | None]]:
    """(position, load_text, note, extras as JSON) of the sets that have any of them."""
    found = [(at, entry.load_text, entry.note, _extras(entry)) for at, entry in enumerate(sets)]
    return [row for row in found if row[1:] != (None, None, None)]


def _extras(entry: SetRecord) -> str | None:
    rare = extras(entry)
    return None if rare is None else msgspec.json.encode(rare).decode()


def workout_row(record: WorkoutRecord) -> tuple[Any, ...]:
    """The descriptive columns of a workout, in the order of WORKOUT_COLUMNS."""
    source = record.source
    return (
        record.started_at,
        record.ended_at,
        record.performed_on,
        record.time_zone,
        record.title,
        record.notes,
        record.session_rpe_tenths,
        record.bodyweight_g,
        None if record.bodyweight_unit is None else MASS_UNIT_CODES[record.bodyweight_unit],
        record.bodyweight_text,
        None if source is None else source.app,
        None if source is None else source.key,
    )


WORKOUT_COLUMNS = (
    "started_at",
    "ended_at",
    "performed_on",
    "time_zone",
    "title",
    "notes",
    "session_rpe_tenths",
    "bodyweight_g",
    "bodyweight_unit",
    "bodyweight_text",
    "source_app",
    "source_key",
)
