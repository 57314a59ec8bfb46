"""FitNotes' CSV exports: days for workouts, units in columns or cells, names that break the columns."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from models import readers
from models.domain.units import MassUnit
from models.readers.parsed import ParsedLog, ParsedSet

SAMPLES = Path(__file__).parents[2] / "samples"


def read(name: str, *, time_zone: str = "UTC") -> ParsedLog:
    return readers.read(SAMPLES / name, time_zone=time_zone)


def all_sets(log: ParsedLog) -> list[ParsedSet]:
    return [entry for item in log.workouts for entry in item.workout.sets]


@pytest.mark.parametrize(
    ("name", "rows", "workouts", "sets", "rejected"),
    [
        ("fitnotes_lbs.csv", 9, 2, 6, [(8, "reps"), (9, "distance"), (10, "distance_unit")]),
        ("fitnotes_units.csv", 9, 2, 7, [(6, "weight"), (10, "weight")]),
    ],
)
def test_every_row_is_accounted_for(
    name: str, rows: int, workouts: int, sets: int, rejected: list[tuple[int, str]]
) -> None:
    log = read(name)
    assert (log.format, log.rows_read, len(log.workouts), len(all_sets(log))) == ("fitnotes", rows, workouts, sets)
    assert rejected == [(row.line, row.field) for row in log.rejected]


@pytest.mark.parametrize("time_zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "UTC"])
def test_a_day_is_a_workout_at_local_noon_and_keeps_its_date_and_key(time_zone: str) -> None:
    first = read("fitnotes_lbs.csv", time_zone=time_zone).workouts[0]
    local = first.workout.started_at.astimezone(ZoneInfo(time_zone))
    assert (local.date(), local.hour, first.source.key) == (date(2019, 4, 1), 12, "2019-04-01")


def test_noon_is_an_instant() -> None:
    log = read("fitnotes_lbs.csv", time_zone="America/New_York")
    assert log.workouts[0].workout.started_at == datetime(2019, 4, 1, 16, 0, tzinfo=UTC)


def test_the_unit_is_in_the_header_or_beside_each_load() -> None:
    assert {entry.load_unit for entry in all_sets(read("fitnotes_lbs.csv")) if entry.load} == {MassUnit.LB}
    squats = [entry for entry in all_sets(read("fitnotes_units.csv")) if entry.exercise == "Barbell Squat"]
    assert [(entry.load, entry.load_unit) for entry in squats] == [(100, MassUnit.KG), (225, MassUnit.LB)]


def test_distances_times_and_zeros_are_what_they_mean() -> None:
    push_up, run, plank, failed = all_sets(read("fitnotes_lbs.csv"))[2:]
    assert (push_up.load, push_up.reps) == (0, 20)
    assert (run.load, run.reps, run.distance_m, run.duration_s) == (None, None, 2414.016, 845)
    assert (plank.distance_m, plank.duration_s, plank.reps) == (None, None, None)
    assert (failed.load, failed.reps) == (225, 0)


def test_commas_that_shift_the_columns_are_mended_where_one_reading_fits() -> None:
    log = read("fitnotes_units.csv")
    curls = [entry for entry in all_sets(log) if entry.exercise.startswith("Curl")]
    assert [(entry.exercise, entry.load, entry.reps, entry.note) for entry in curls] == [
        ("Curl, Hammer, seated", 14, 10, None),
        ("Curl, Hammer, seated", 16, 8, "slow, no swing"),
    ]
    assert (4, "exercise") in [(warning.line, warning.field) for warning in log.warnings]


def test_formulas_are_text() -> None:
    formula = next(entry for entry in all_sets(read("fitnotes_units.csv")) if entry.exercise.startswith("="))
    assert (formula.exercise, formula.note) == ("=1+1", "@SUM(A1:A9)")


def test_a_way_too_short_for_its_time_is_named() -> None:
    assert (8, "distance") in [(warning.line, warning.field) for warning in read("fitnotes_units.csv").warnings]
