"""FitNotes backups written on the spot: a database is no file to keep among the samples."""

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

SCHEMA = """
CREATE TABLE exercise (_id INTEGER PRIMARY KEY, name TEXT, category_id INTEGER, exercise_type_id INTEGER);
CREATE TABLE training_log (_id INTEGER PRIMARY KEY, exercise_id INTEGER, date DATE, metric_weight INTEGER,
    reps INTEGER, unit INTEGER, distance INTEGER, duration_seconds INTEGER);
CREATE TABLE Comment (_id INTEGER PRIMARY KEY, date DATE, owner_type_id INTEGER, owner_id INTEGER, comment TEXT);
CREATE TABLE WorkoutComment (_id INTEGER PRIMARY KEY, date TEXT, comment TEXT);
CREATE TABLE BodyWeight (_id INTEGER PRIMARY KEY, date TEXT, body_weight_metric REAL);
CREATE TABLE WorkoutGroupExercise (_id INTEGER PRIMARY KEY, exercise_id INTEGER, date TEXT, workout_group_id INTEGER);
CREATE TABLE WorkoutTime (_id INTEGER PRIMARY KEY, workout_date TEXT, start_date_time TEXT, end_date_time TEXT);
INSERT INTO exercise VALUES (1, 'Hip Thrust', 1, 0), (2, 'Leg Raise', 7, 0), (3, 'Running', 8, 1);
INSERT INTO training_log VALUES
    (1, 1, '2022-03-01', 61.23492, 8, 2, 0, 0), (2, 2, '2022-03-01', 0, 15, 0, 0, 0),
    (3, 3, '2022-03-01', 0, 0, 0, 5000000, 1500), (4, 1, '2022-03-04', 60.5, 0, 0, 0, 0),
    (5, 1, '2022-03-04', 1340.8, 5, 0, 0, 0), (6, 1, '2022-03-04', 60, 877777, 0, 0, 0),
    (7, 3, '2022-03-04', 0, 0, 0, 1000000, 2), (8, 99, '2022-03-04', 60, 5, 0, 0, 0),
    (9, 1, 'soon', 60, 5, 0, 0, 0), (10, 1, '2022-03-04', 'heavy', 5, 0, 0, 0),
    (11, 1, '2022-03-04', x'00ff', 5, 0, 0, 0);
INSERT INTO Comment VALUES (1, '2022-03-01', 1, 1, 'belt on'), (2, '2022-03-01', 2, 2, 'of something else');
INSERT INTO WorkoutComment VALUES (1, '2022-03-01', 'Short night');
INSERT INTO BodyWeight VALUES (1, '2022-03-01', 80.5);
INSERT INTO WorkoutGroupExercise VALUES (1, 1, '2022-03-01', 7), (2, 2, '2022-03-01', 7);
INSERT INTO WorkoutTime VALUES (1, '2022-03-01', '2022-03-01 18:00:00', '2022-03-01 19:10:00');
"""


def database(script: str = SCHEMA) -> bytes:
    """The bytes of the database that this script makes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "backup.fitnotes"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)
        return path.read_bytes()
