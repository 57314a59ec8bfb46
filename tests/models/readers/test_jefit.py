"""JEFIT's sections: packed sets, the newer table, sessions, and a profile of which nothing is kept."""

import io
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from models import readers
from models.domain import catalogue
from models.domain.errors import Invalid
from models.domain.units import MassUnit
from models.domain.workouts import SetKind
from models.readers import parsed, several
from models.readers.parsed import ParsedLog

SAMPLE = Path(__file__).parents[2] / "samples" / "jefit.csv"
LOGS = b"### EXERCISE LOGS ###\n\n_id,logs,mydate,eid,ename,belongsession\n"
SETS = b"\n### EXERCISE SET LOGS ###\n\n_id,exercise_log_id,set_index,weight_lbs,reps,duration,set_type\n"


def read(*, time_zone: str = "America/New_York", unit: MassUnit | None = None) -> ParsedLog:
    return readers.read(SAMPLE, time_zone=time_zone, unit=unit)


def read_bytes(data: bytes, *, unit: MassUnit | None = None) -> ParsedLog:
    return readers.read(io.BytesIO(data), time_zone="UTC", unit=unit)


def test_every_row_of_every_section_is_accounted_for() -> None:
    log = read()
    sections = {"measurement": 2, "note": 2, "profile": 1, "routine": 2, "session": 2}
    assert log.non_set_rows == {"blank": 26, "packed_copy": 3, "skipped": 1} | sections
    assert [(row.line, row.field) for row in log.rejected] == [
        *((43, "weight"), (43, "reps"), (44, "date"), (44, "date")),
        *((61, "exercise_log_id"), (68, "section")),
    ]
    assert (log.format, log.variant, log.rows_read) == ("jefit", "sections, set table", 58)
    assert parsed.receipt(log, catalogue.load()).adds_up()


def test_packed_sets_are_unpacked() -> None:
    bench = read().workouts[0].workout.sets[:3]
    assert [(entry.load, entry.load_unit, entry.reps) for entry in bench] == [
        (95, MassUnit.LB, 10),
        (135, MassUnit.LB, 5),
        (135, MassUnit.LB, 0),
    ]


def test_five_pairs_that_end_in_seconds_are_one_timed_set() -> None:
    ride = read().workouts[0].workout.sets[-1]
    assert (ride.exercise, ride.load, ride.reps, ride.duration_s) == ("Stationary Bike", None, None, 900)


def test_five_sets_of_bodyweight_are_no_timed_set() -> None:
    log = read_bytes(LOGS + b'1,"0x5,0x4,0x3,0x3,0x2",2020-01-02,83,Pull-Up,0\n')
    assert [(entry.load, entry.reps) for entry in log.workouts[0].workout.sets] == [
        *((0, 5), (0, 4), (0, 3), (0, 3), (0, 2))
    ]


def test_sets_of_the_table_are_recorded_once_in_their_order_with_their_kinds() -> None:
    squats = [entry for entry in read().workouts[-1].workout.sets if entry.exercise == "Barbell Squat"]
    assert [(entry.kind, entry.load, entry.reps, entry.note) for entry in squats] == [
        (SetKind.WARM_UP, 135, 5, None),
        (SetKind.WORKING, 225, 5, None),
        (SetKind.WORKING, 225, 4, "Set type: cluster"),
    ]


def test_a_packed_copy_that_differs_from_the_table_is_named() -> None:
    assert (47, "logs") in [(warning.line, warning.field) for warning in read().warnings]
    pull_ups = [entry for entry in read().workouts[-1].workout.sets if entry.exercise == "Pull-Up"]
    assert [(entry.load, entry.reps) for entry in pull_ups] == [(None, 2), (None, 1)]


def test_a_session_past_midnight_is_one_workout_with_its_times() -> None:
    item = read().workouts[-1]
    assert (item.source.key, len(item.workout.sets)) == ("session 8", 6)
    assert item.workout.started_at == datetime(2024, 12, 31, 22, 0, tzinfo=UTC)
    assert item.workout.ended_at == datetime(2024, 12, 31, 23, 30, tzinfo=UTC)
    assert item.workout.notes == "Calories: 320\nAverage heart rate: 118"


def test_a_start_that_is_another_day_in_the_given_zone_yields_to_the_stated_date() -> None:
    item = read(time_zone="Pacific/Kiritimati").workouts[-1]
    assert item.workout.started_at == datetime(2024, 12, 30, 22, 0, tzinfo=UTC)
    assert item.workout.ended_at is None


def test_notes_of_a_day_with_a_workout_are_its_notes() -> None:
    log = read()
    assert log.workouts[0].workout.notes == "Barbell Bench Press: narrow grip"
    assert (76, "notes") in [(warning.line, warning.field) for warning in log.warnings]


def test_nothing_of_the_profile_is_kept() -> None:
    everything = msgspec.json.encode(read())
    for private in (b"Nobody", b"1990", b"151.5", b"days"):
        assert private not in everything


def test_the_identity_depends_on_neither_zone_nor_unit() -> None:
    here, there = read(), read(time_zone="Asia/Tokyo", unit=MassUnit.KG)
    assert sorted(item.source.key for item in here.workouts) == sorted(item.source.key for item in there.workouts)


@pytest.mark.parametrize(("packed", "unit"), [("110.2311x5", MassUnit.LB), ("50x5", MassUnit.KG)])
def test_without_settings_the_unit_is_told_by_sets_in_both_forms(packed: str, unit: MassUnit) -> None:
    logs = f'1,"{packed}",2025-01-02,12,Barbell Squat,0\n2,80x5,2023-01-02,12,Barbell Squat,0\n'
    log = read_bytes(LOGS + logs.encode() + SETS + b"1,1,0,110.2311,5,,default\n")
    assert [item.workout.sets[0].load_unit for item in log.workouts] == [unit, MassUnit.LB]
    assert not log.warnings


def test_without_settings_or_table_the_unit_is_inferred_or_asked_for() -> None:
    log = read_bytes(LOGS + b"1,80x5,2023-01-02,12,Barbell Squat,0\n")
    assert log.unit_missing
    assert not read_bytes(LOGS + b"1,80x5,2023-01-02,12,Barbell Squat,0\n", unit=MassUnit.KG).unit_missing


def test_more_sets_than_a_file_may_state_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "MAX_ROWS", 9)
    with pytest.raises(Invalid, match="more than 9 sets"):
        read_bytes(LOGS + b'1,"' + b",".join([b"50x5"] * 10) + b'",2023-01-02,12,Barbell Squat,0\n')
