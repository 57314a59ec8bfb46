"""Hevy's exports: units in the header, localised dates, notes repeated on every set, broken re-saves."""

from datetime import UTC, datetime
from pathlib import Path

from models import readers
from models.domain.exercises import LoadMode
from models.domain.units import MassUnit
from models.domain.workouts import SetKind
from models.readers.parsed import ParsedLog

SAMPLES = Path(__file__).parents[2] / "samples"


def read(name: str) -> ParsedLog:
    return readers.read(SAMPLES / name, time_zone="UTC")


def test_kinds_supersets_and_efforts_are_kept() -> None:
    log = read("hevy_kg.csv")
    sets = log.workouts[0].workout.sets
    assert (log.format, log.unit.value, log.unit.inferred) == ("hevy", MassUnit.KG, False)
    assert [entry.kind for entry in sets] == [
        SetKind.WARM_UP,
        SetKind.WORKING,
        SetKind.FAILURE,
        SetKind.DROP,
        SetKind.WORKING,
    ]
    assert [entry.superset for entry in sets] == [None, None, 1, 1, None]
    assert sets[1].rpe == 8.5


def test_repeated_notes_are_kept_once() -> None:
    workout = read("hevy_kg.csv").workouts[0].workout
    assert workout.notes == 'Felt "good",\nmostly'
    assert [entry.note for entry in workout.sets] == ["Pause each rep", None, None, None, None]


def test_an_unknown_set_type_is_rejected_at_its_physical_line() -> None:
    log = read("hevy_kg.csv")
    assert [(row.line, row.field) for row in log.rejected] == [(12, "set_type")]
    assert log.rows_read == 6


def test_pounds_and_miles_are_read_and_assistance_is_positive() -> None:
    bench, treadmill, pull_up = read("hevy_lbs_miles.csv").workouts[0].workout.sets
    assert (bench.load, bench.load_unit) == (165, MassUnit.LB)
    assert treadmill.distance_m == 2414.016
    assert (pull_up.load, pull_up.load_mode) == (30, LoadMode.ASSISTED)


def test_dates_are_read_in_every_spelling_and_impossible_ones_rejected() -> None:
    log = read("hevy_dates.csv")
    assert [item.workout.started_at for item in log.workouts] == [
        datetime(2024, 2, 3, 18, 0, tzinfo=UTC),
        datetime(2024, 2, 29, 10, 0, tzinfo=UTC),
        datetime(2024, 3, 2, 20, 0, tzinfo=UTC),
        datetime(2024, 7, 14, 18, 0, tzinfo=UTC),
        datetime(2025, 1, 1, 10, 0, tzinfo=UTC),
        datetime(2025, 8, 9, 6, 15, tzinfo=UTC),
        datetime(2026, 4, 11, 13, 5, tzinfo=UTC),
        datetime(2026, 5, 5, 7, 34, tzinfo=UTC),
        datetime(2026, 6, 11, 13, 1, tzinfo=UTC),
        datetime(2026, 6, 12, 0, 5, tzinfo=UTC),
    ]
    assert [(row.line, row.field) for row in log.rejected] == [(12, "date"), (13, "date")]
    assert [(warning.line, warning.field) for warning in log.warnings] == [(11, "end_time")]


def test_rows_that_a_resave_broke_are_named_and_the_rest_is_read() -> None:
    log = read("hevy_resaved.csv")
    assert [row.line for row in log.rejected] == [3, 4]
    row, squat = log.workouts[0].workout.sets
    assert (row.exercise, row.load, row.reps) == ("Inverted Row", None, 12)
    assert (squat.load, squat.load_unit) == (62.5, MassUnit.KG)
