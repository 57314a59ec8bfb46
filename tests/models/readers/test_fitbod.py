"""Fitbod's exports of both ages: instants, loads of one implement, zeros that fill columns, rows of several sets."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import readers
from models.domain.exercises import LoadMode
from models.domain.units import MassUnit
from models.domain.workouts import SetKind
from models.readers.parsed import ParsedLog, ParsedSet

SAMPLES = Path(__file__).parents[2] / "samples"


def read(name: str, *, time_zone: str = "UTC", unit: MassUnit | None = None) -> ParsedLog:
    return readers.read(SAMPLES / name, time_zone=time_zone, unit=unit)


def all_sets(log: ParsedLog) -> list[ParsedSet]:
    return [entry for item in log.workouts for entry in item.workout.sets]


@pytest.mark.parametrize(
    ("name", "rows", "workouts", "sets", "not_sets", "rejected"),
    [
        (
            "fitbod_kg.csv",
            *(14, 2, 8, {"blank": 1}),
            [(11, "reps"), (12, "weight"), (13, "distance"), (14, "date"), (15, "iswarmup")],
        ),
        ("fitbod_lbs.csv", 4, 1, 4, {}, []),
        ("fitbod_old.csv", 13, 2, 10, {"skipped": 1}, [(10, "sets"), (11, "reps")]),
    ],
)
def test_every_row_is_accounted_for(
    name: str, rows: int, workouts: int, sets: int, not_sets: dict[str, int], rejected: list[tuple[int, str]]
) -> None:
    log = read(name)
    assert (log.format, log.rows_read, len(log.workouts), len(all_sets(log))) == ("fitbod", rows, workouts, sets)
    assert (log.non_set_rows, [(row.line, row.field) for row in log.rejected]) == (not_sets, rejected)


def test_a_load_is_that_of_one_implement_as_the_file_has_it() -> None:
    log = read("fitbod_kg.csv")
    warm_up, bench = log.workouts[1].workout.sets[:2]
    assert (warm_up.kind, bench.kind, bench.note) == (SetKind.WARM_UP, SetKind.WORKING, "elbows in")
    assert (bench.load, bench.load_unit) == (22.67964547178199, MassUnit.KG)
    assert "multiplier" in {warning.field for warning in log.warnings}


def test_an_export_without_multipliers_warns_of_none() -> None:
    assert "multiplier" not in {warning.field for warning in read("fitbod_lbs.csv").warnings}


def test_zeros_beside_a_time_or_a_distance_fill_their_column() -> None:
    walk, plank = read("fitbod_kg.csv").workouts[0].workout.sets[:2]
    push_up, wall_sit = read("fitbod_kg.csv").workouts[1].workout.sets[3:]
    assert (walk.load, walk.reps, walk.duration_s, walk.distance_m) == (None, None, 1250.5, 1210.457)
    assert (plank.load, plank.reps, plank.duration_s, plank.distance_m) == (None, None, 60, None)
    assert (push_up.load, push_up.reps) == (0, 20)
    assert (wall_sit.load, wall_sit.reps, wall_sit.duration_s) == (10, None, 45)


def test_zero_repetitions_of_a_loaded_set_are_a_failed_attempt() -> None:
    squat = read("fitbod_kg.csv").workouts[0].workout.sets[2]
    assert (squat.load, squat.reps) == (100, 0)


def test_columns_without_a_field_are_kept_in_the_note() -> None:
    walk = read("fitbod_kg.csv").workouts[0].workout.sets[0]
    assert walk.note == "Incline: 2.5\nResistance: 3.0"


def test_commas_outside_quotes_belong_to_the_name_or_the_note() -> None:
    squat = read("fitbod_kg.csv").workouts[0].workout.sets[2]
    names = [entry.exercise for entry in all_sets(read("fitbod_lbs.csv"))]
    assert squat.note == "slow, then stuck"
    assert names == ["Deadlift", "Curl, Hammer", "Row, Seated", "Running"]


def test_units_are_those_of_the_header() -> None:
    deadlift, *_, run = all_sets(read("fitbod_lbs.csv"))
    assert (deadlift.load, deadlift.load_unit, run.distance_m) == (315, MassUnit.LB, 2011.68)


def test_a_time_is_an_instant_whatever_the_zone() -> None:
    (item,) = read("fitbod_lbs.csv", time_zone="Asia/Tokyo").workouts
    assert item.workout.started_at == datetime(2024, 11, 3, 11, 30, tzinfo=UTC)
    assert item.source.key == "2024-11-03T11:30:00Z"


def test_a_row_of_several_sets_is_as_many_sets() -> None:
    sets = read("fitbod_old.csv").workouts[0].workout.sets
    assert [(entry.line, entry.exercise, entry.reps) for entry in sets[1:4]] == [(3, "Bench Press", 8)] * 3
    assert [entry.note for entry in sets[1:4]] == ["paused"] * 3
    assert sets[0].kind is SetKind.WARM_UP


def test_a_negative_load_is_assistance() -> None:
    assisted = next(entry for entry in all_sets(read("fitbod_old.csv")) if entry.exercise == "Assisted Chin Up")
    assert (assisted.load, assisted.load_mode) == (18.14371638, LoadMode.ASSISTED)


def test_the_older_form_states_no_unit() -> None:
    inferred, given = read("fitbod_old.csv"), read("fitbod_old.csv", unit=MassUnit.LB)
    assert (inferred.unit.value, inferred.unit.inferred) == (MassUnit.KG, True)
    assert (given.unit.value, given.unit.inferred) == (MassUnit.LB, False)
    assert [item.source for item in inferred.workouts] == [item.source for item in given.workouts]


def test_a_distance_in_an_unknown_unit_is_refused() -> None:
    data = (
        b"Date,Exercise,Reps,Weight(kg),Distance(leagues),isWarmup\n"
        b"2023-05-04 17:30:10 +0000,Walk,0,0,2,false\n2023-05-04 17:30:10 +0000,Squat,5,100,0,false\n"
    )
    log = readers.read(io.BytesIO(data), time_zone="UTC")
    assert [(row.line, row.field) for row in log.rejected] == [(2, "distance")]
    assert [entry.exercise for entry in all_sets(log)] == ["Squat"]
