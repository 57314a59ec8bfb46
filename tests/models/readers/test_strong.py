"""Strong's exports: every variant, with the traps of each."""

from datetime import UTC, datetime, timedelta
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
    ("name", "rows", "workouts", "sets", "not_sets", "rejected_lines"),
    [
        ("strong_2020.csv", 19, 2, 11, {"blank": 1, "note": 1, "rest_timer": 1}, [16, 17, 18, 19, 22]),
        ("strong_2017.csv", 8, 1, 8, {}, []),
        ("strong_kg_columns.csv", 3, 1, 3, {}, []),
        ("strong_lb_columns.csv", 2, 1, 2, {}, []),
        ("strong_android.csv", 5, 1, 4, {}, [6]),
        ("strong_android_headerless.csv", 3, 1, 3, {}, []),
        ("strong_numbered.csv", 3, 2, 3, {}, []),
        ("strong_de.csv", 8, 1, 7, {"rest_timer": 1}, []),
        ("strong_fr.csv", 3, 1, 2, {"rest_timer": 1}, []),
        ("strong_zh.csv", 2, 1, 2, {}, []),
        ("strong_unknown_language.csv", 2, 1, 2, {}, []),
        ("strong_resaved.csv", 8, 2, 8, {}, []),
        ("strong_broken_quotes.csv", 6, 1, 3, {}, [2, 4, 6]),
        ("strong_latin1.csv", 1, 1, 1, {}, []),
    ],
)
def test_every_row_is_accounted_for(
    name: str, rows: int, workouts: int, sets: int, not_sets: dict[str, int], rejected_lines: list[int]
) -> None:
    log = read(name)
    assert log.format == "strong"
    assert [rows, workouts, sets] == [log.rows_read, len(log.workouts), len(all_sets(log))]
    assert not_sets == log.non_set_rows
    assert rejected_lines == [row.line for row in log.rejected]


def test_set_orders_are_kinds() -> None:
    kinds = [entry.kind for entry in read("strong_2020.csv").workouts[0].workout.sets]
    working = SetKind.WORKING
    assert [SetKind.WARM_UP, working, working, SetKind.FAILURE, working, SetKind.DROP] == kinds


def test_notes_keep_their_line_ends_and_belong_to_their_set() -> None:
    workout = read("strong_2020.csv").workouts[0].workout
    assert workout.notes == "Slept well,\nthen two coffees"
    assert workout.title == 'Heavy "A" day 🏋️'
    assert [entry.note for entry in workout.sets[1:5]] == ["left knee\na bit stiff", None, None, "Competition grip"]


def test_the_duration_ends_the_workout_unless_nobody_stopped_it() -> None:
    log = read("strong_2020.csv")
    first, forgotten = (item.workout for item in log.workouts)
    assert first.ended_at == first.started_at + timedelta(hours=1, minutes=5)
    assert forgotten.ended_at is None
    assert "duration" in {warning.field for warning in log.warnings}


def test_nonsense_is_named_and_not_recorded() -> None:
    reasons = {row.line: (row.field, row.reason) for row in read("strong_2020.csv").rejected}
    assert reasons[16] == ("weight", "2956 lb is more than 1,200 kg.")
    assert reasons[17] == ("reps", "`877777` is outside 0 to 10,000.")
    assert reasons[18][0] == "set_order"
    assert reasons[19] == ("weight", "`heavy` is not a number.")
    assert reasons[22][0] == "date"


def test_a_negative_load_is_assistance() -> None:
    assisted = next(entry for entry in all_sets(read("strong_2020.csv")) if entry.exercise == "Pull Up (Assisted)")
    assert (assisted.load, assisted.load_mode) == (44.0925, LoadMode.ASSISTED)


def test_float_dust_is_swept_off_a_load() -> None:
    pulldown = next(entry for entry in all_sets(read("strong_2020.csv")) if entry.exercise.startswith("Lat"))
    assert pulldown.load == 75.0


def test_zero_repetitions_and_zero_loads_stay_while_zero_distance_and_time_are_not_recorded() -> None:
    plank = all_sets(read("strong_2017.csv"))[-1]
    assert (plank.load, plank.reps, plank.duration_s, plank.distance_m) == (0, 0, 90, None)


@pytest.mark.parametrize(
    ("name", "unit", "inferred"),
    [
        ("strong_2020.csv", MassUnit.LB, True),
        ("strong_2017.csv", MassUnit.KG, True),
        ("strong_de.csv", MassUnit.KG, True),
        ("strong_resaved.csv", MassUnit.KG, True),
        ("strong_kg_columns.csv", MassUnit.KG, False),
        ("strong_lb_columns.csv", MassUnit.LB, False),
        ("strong_numbered.csv", MassUnit.KG, False),
        ("strong_android.csv", None, False),
    ],
)
def test_the_unit_is_stated_or_inferred_with_evidence(name: str, unit: MassUnit | None, inferred: bool) -> None:
    finding = read(name).unit
    assert (unit, inferred) == (finding.value, finding.inferred)
    assert finding.evidence


def test_a_given_unit_wins_over_inference_but_not_over_the_file() -> None:
    assert read("strong_2017.csv", unit=MassUnit.LB).unit.value is MassUnit.LB
    stated = read("strong_kg_columns.csv", unit=MassUnit.LB)
    assert stated.unit.value is MassUnit.KG
    assert "unit" in {warning.field for warning in stated.warnings}


def test_units_may_differ_by_row() -> None:
    loads = [(entry.load, entry.load_unit) for entry in all_sets(read("strong_android.csv"))]
    assert loads == [(None, None), (60, MassUnit.KG), (242.5, MassUnit.LB), (0, MassUnit.KG)]


@pytest.mark.parametrize(
    ("name", "distance_m"),
    [
        ("strong_kg_columns.csv", 2500),
        ("strong_lb_columns.csv", 1609.344),
        ("strong_numbered.csv", 1272),
        ("strong_android.csv", 2500),
        ("strong_2020.csv", 3100),
    ],
)
def test_distances_are_metres(name: str, distance_m: float) -> None:
    assert [distance_m] == [entry.distance_m for entry in all_sets(read(name)) if entry.distance_m]


def test_rows_of_a_workout_may_be_apart_and_keep_their_order() -> None:
    july, august = (item.workout for item in read("strong_resaved.csv").workouts)
    assert july.started_at == datetime(2018, 7, 20, 6, 31, tzinfo=UTC)
    assert [entry.exercise for entry in august.sets] == ["V-Bar Pulldown", "Deadlift (Barbell)"]


def test_a_localised_file_reads_like_the_english_one() -> None:
    squat = read("strong_de.csv").workouts[0].workout.sets[1]
    assert (squat.load, squat.reps, squat.rpe) == (57.5, 10, 7.5)
    chinese = read("strong_zh.csv").workouts[0].workout
    assert chinese.title == "晚间训练"
    assert chinese.ended_at == chinese.started_at + timedelta(hours=1, minutes=13)


def test_a_file_that_is_not_utf_8_keeps_its_letters() -> None:
    assert read("strong_latin1.csv").workouts[0].workout.sets[0].exercise == "Kniebeuge für Anfänger"


def test_local_times_are_in_the_given_zone() -> None:
    started_at = read("strong_2017.csv", time_zone="America/New_York").workouts[0].workout.started_at
    assert started_at == datetime(2018, 1, 2, 12, 0, 5, tzinfo=UTC)


def test_the_identity_depends_on_neither_zone_nor_unit() -> None:
    here = read("strong_2017.csv")
    there = read("strong_2017.csv", time_zone="Asia/Tokyo", unit=MassUnit.LB)
    assert [item.source for item in here.workouts] == [item.source for item in there.workouts]
