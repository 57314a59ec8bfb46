"""StrongLifts' wide rows: sets counted one by one, two loads of which one was entered, dates of either order."""

import io
from datetime import date
from pathlib import Path

import pytest

from models import readers
from models.domain.units import MassUnit
from models.readers.parsed import ParsedLog

SAMPLES = Path(__file__).parents[2] / "samples"


def read(name: str, *, unit: MassUnit | None = None) -> ParsedLog:
    return readers.read(SAMPLES / name, time_zone="UTC", unit=unit)


@pytest.mark.parametrize(
    ("name", "rows", "sets", "not_sets", "rejected"),
    [
        (
            "stronglifts.csv",
            *(37, [15, 10, 6], {"skipped": 1}),
            [(5, "reps"), (5, "weight"), (6, "row"), (7, "date"), (7, "date")],
        ),
        ("stronglifts_kg.csv", 20, [10, 10], {}, []),
    ],
)
def test_every_set_of_every_row_is_accounted_for(
    name: str, rows: int, sets: list[int], not_sets: dict[str, int], rejected: list[tuple[int, str]]
) -> None:
    log = read(name)
    assert (log.format, log.rows_read, log.non_set_rows) == ("stronglifts", rows, not_sets)
    assert [len(item.workout.sets) for item in log.workouts] == sets
    assert [(row.line, row.field) for row in log.rejected] == rejected


def test_the_load_is_the_one_in_the_unit_of_the_body_weight() -> None:
    in_lb, in_kg = read("stronglifts.csv"), read("stronglifts_kg.csv")
    assert (in_lb.unit.value, in_lb.workouts[0].workout.sets[0].load) == (MassUnit.LB, 135)
    assert (in_kg.unit.value, in_kg.workouts[0].workout.sets[0].load) == (MassUnit.KG, 60)
    assert "unit" in {warning.field for warning in in_lb.warnings}


def test_a_given_unit_chooses_the_load_and_changes_no_key() -> None:
    here, there = read("stronglifts.csv"), read("stronglifts.csv", unit=MassUnit.KG)
    assert there.workouts[0].workout.sets[0].load == 60
    assert [item.source for item in here.workouts] == [item.source for item in there.workouts]


def test_a_load_that_is_in_one_unit_alone_is_that_one() -> None:
    press = read("stronglifts.csv", unit=MassUnit.KG).workouts[1].workout.sets[4]
    assert (press.exercise, press.load, press.load_unit) == ("Overhead Press", 65, MassUnit.LB)


def test_a_set_of_zero_repetitions_failed_and_an_empty_cell_is_no_set() -> None:
    sets = read("stronglifts.csv").workouts[1].workout.sets
    assert [entry.reps for entry in sets if entry.exercise == "Squat"] == [5, 5, 5, 0]
    assert [entry.reps for entry in sets if entry.exercise == "Deadlift"] == [5]


def test_titles_notes_and_body_weights_are_kept() -> None:
    second = read("stronglifts.csv").workouts[1]
    workout = second.workout
    assert (workout.title, workout.notes) == ("Workout B", "Short, but good")
    assert (workout.bodyweight, workout.bodyweight_unit, second.source.key) == (170.5, MassUnit.LB, "2017-03-16 B")


@pytest.mark.parametrize(("name", "first"), [("stronglifts.csv", (2017, 3, 14)), ("stronglifts_kg.csv", (2015, 3, 16))])
def test_the_dates_of_a_file_tell_their_order(name: str, first: tuple[int, int, int]) -> None:
    log = read(name)
    assert log.workouts[0].workout.started_at.date() == date(*first)
    assert "date" not in {warning.field for warning in log.warnings}


def test_dates_that_tell_no_order_are_read_with_a_warning() -> None:
    header = b"Date,Note,Workout,Body Weight,Exercise 1,Weight (KG),Weight (LB),Set 1\n"
    log = readers.read(io.BytesIO(header + b"03/04/17,,A,,Squat,60,135,5\n"), time_zone="UTC")
    assert log.workouts[0].workout.started_at.date() == date(2017, 3, 4)
    assert {"date", "unit"} == {warning.field for warning in log.warnings}
