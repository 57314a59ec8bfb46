"""FitNotes' database backups: what they say of sets and days, and databases that mean harm."""

import io
from datetime import UTC, datetime

import pytest

from models import readers
from models.domain import catalogue
from models.domain.errors import Invalid
from models.domain.units import MassUnit
from models.readers import parsed, sqlite_file
from models.readers.parsed import ParsedLog
from tests.models.readers.backups import SCHEMA, database


def read(data: bytes, *, time_zone: str = "UTC") -> ParsedLog:
    return readers.read(io.BytesIO(data), time_zone=time_zone)


def test_every_row_of_the_training_log_is_accounted_for() -> None:
    log = read(database())
    assert (log.format, log.variant, log.rows_read) == ("fitnotes", "database", 11)
    assert log.non_set_rows == {"deleted_exercise": 1}
    assert [(row.line, row.field) for row in log.rejected] == [
        (5, "weight"),
        (6, "reps"),
        (7, "distance"),
        (9, "date"),
        (10, "weight"),
        (11, "weight"),
    ]
    assert parsed.receipt(log, catalogue.load()).adds_up()


def test_pounds_come_back_as_they_were_entered() -> None:
    thrust, raised, run = read(database()).workouts[0].workout.sets
    assert (thrust.load, thrust.load_unit, thrust.reps) == (135.0, MassUnit.LB, 8)
    assert (raised.load, raised.load_unit, raised.reps) == (0, MassUnit.KG, 15)
    assert (run.load, run.reps, run.distance_m, run.duration_s) == (None, None, 5000, 1500)


def test_zero_repetitions_of_a_loaded_set_are_a_failed_attempt() -> None:
    (failed,) = read(database()).workouts[1].workout.sets
    assert (failed.load, failed.reps) == (60.5, 0)


def test_comments_supersets_bodyweight_and_times_of_a_day_are_kept() -> None:
    item = read(database(), time_zone="Europe/Berlin").workouts[0]
    workout = item.workout
    assert [entry.note for entry in workout.sets] == ["belt on", None, None]
    assert [entry.superset for entry in workout.sets] == [1, 1, None]
    assert (workout.notes, workout.bodyweight, workout.bodyweight_unit) == ("Short night", 80.5, MassUnit.KG)
    assert workout.started_at == datetime(2022, 3, 1, 17, 0, tzinfo=UTC)
    assert workout.ended_at == datetime(2022, 3, 1, 18, 10, tzinfo=UTC)


def test_a_day_has_the_same_key_as_in_the_csv_export() -> None:
    assert [item.source.key for item in read(database()).workouts] == ["2022-03-01", "2022-03-04"]


def test_a_day_without_a_timer_starts_at_local_noon() -> None:
    second = read(database(), time_zone="Pacific/Auckland").workouts[1].workout
    assert second.started_at == datetime(2022, 3, 3, 23, 0, tzinfo=UTC)


def test_an_old_version_without_the_newer_tables_and_columns_is_read() -> None:
    old = """
    CREATE TABLE exercise (_id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE training_log (_id INTEGER PRIMARY KEY, exercise_id INTEGER, date DATE, metric_weight INTEGER,
        reps INTEGER);
    INSERT INTO exercise VALUES (1, 'Squat');
    INSERT INTO training_log VALUES (1, 1, '2014-05-01', 100, 5);
    """
    (squat,) = read(database(old)).workouts[0].workout.sets
    assert (squat.exercise, squat.load, squat.load_unit, squat.reps) == ("Squat", 100, MassUnit.KG, 5)


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS _id, 'x' AS name FROM n"
HOSTILE = {
    "another app": "CREATE TABLE notes (body TEXT)",
    "views for tables": f"CREATE TABLE training_log (_id INTEGER); CREATE VIEW exercise AS {ENDLESS}",
    "a column that computes": """
        CREATE TABLE exercise (_id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE training_log (_id INTEGER PRIMARY KEY, exercise_id INTEGER, date TEXT,
            metric_weight AS (hex(zeroblob(3000000))), reps INTEGER);
        INSERT INTO exercise VALUES (1, 'Squat');
        INSERT INTO training_log VALUES (1, 1, '2020-01-01', 1);
    """,
}


@pytest.mark.parametrize("script", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_database_that_is_no_backup_is_refused(script: str) -> None:
    with pytest.raises(Invalid, match="FitNotes"):
        read(database(script))


def test_a_truncated_or_merely_named_database_is_refused() -> None:
    whole = database()
    for data in (
        whole[:100],
        whole[: len(whole) // 2],
        whole[:4096],
        sqlite_file.MAGIC,
        sqlite_file.MAGIC + b"x" * 9000,
    ):
        with pytest.raises(Invalid, match="SQLite database"):
            read(data)


def test_a_damaged_page_is_refused_or_read() -> None:
    whole = database()
    for at in range(0, len(whole), 101):
        try:
            log = read(whole[:at] + b"\xff\x00\xfe" + whole[at + 3 :])
        except Invalid:
            continue
        assert parsed.receipt(log, catalogue.load()).adds_up()


def test_reading_ends_in_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "LONGEST_S", 0.0)
    monkeypatch.setattr(sqlite_file, "STEPS_BETWEEN_LOOKS", 1)
    with pytest.raises(Invalid, match="takes too long"):
        read(database())


def test_a_huge_text_is_refused() -> None:
    script = SCHEMA + "UPDATE exercise SET name = printf('%.*c', 2000000, 'x');"
    with pytest.raises(Invalid, match="too big"):
        read(database(script))
