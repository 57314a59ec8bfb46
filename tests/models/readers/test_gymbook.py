"""GymBook's exports: units in cells, skipped sets, kinds that the header names, a day's programme as a workout."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import readers
from models.domain.units import MassUnit
from models.domain.workouts import SetKind
from models.readers.parsed import ParsedLog, ParsedSet

SAMPLES = Path(__file__).parents[2] / "samples"


def read(name: str, *, time_zone: str = "UTC") -> ParsedLog:
    return readers.read(SAMPLES / name, time_zone=time_zone)


def sets_of(log: ParsedLog, key: str) -> tuple[ParsedSet, ...]:
    return next(item.workout.sets for item in log.workouts if item.source.key == key)


@pytest.mark.parametrize(
    ("name", "rows", "keys", "sets", "rejected"),
    [
        (
            "gymbook_it.csv",
            *(11, ["2024-03-04", "2024-03-05 Giorno A", "2024-03-05 Giorno B"], 6),
            [(7, "weight"), (10, "date"), (11, "reps"), (12, "skipped")],
        ),
        ("gymbook_de.csv", 4, ["2023-12-31 Oberkörper"], 3, []),
    ],
)
def test_every_row_is_accounted_for(
    name: str, rows: int, keys: list[str], sets: int, rejected: list[tuple[int, str]]
) -> None:
    log = read(name)
    assert (log.format, log.rows_read, log.non_set_rows) == ("gymbook", rows, {"skipped": 1})
    assert [item.source.key for item in log.workouts] == keys
    assert sum(len(item.workout.sets) for item in log.workouts) == sets
    assert [(row.line, row.field) for row in log.rejected] == rejected


def test_units_are_inside_the_cells() -> None:
    warm_up, bench, plank, walk = sets_of(read("gymbook_it.csv"), "2024-03-05 Giorno A")
    assert (warm_up.load, warm_up.load_unit, warm_up.reps) == (20, MassUnit.KG, 15)
    assert (bench.load, bench.note) == (42.5, "fermo al petto")
    assert (plank.load, plank.reps, plank.duration_s) == (None, None, 45)
    assert (walk.load, walk.duration_s, walk.distance_m) == (None, 900, 1300)


def test_the_header_names_the_kinds() -> None:
    warm_up, bench, _, walk = sets_of(read("gymbook_it.csv"), "2024-03-05 Giorno A")
    assert (warm_up.kind, bench.kind, walk.kind) == (SetKind.WARM_UP, SetKind.WORKING, SetKind.WORKING)
    assert (warm_up.note, walk.note) == (None, "Kind: Set di defaticamento")


def test_a_load_of_zero_is_bodyweight() -> None:
    (pull_up,) = sets_of(read("gymbook_it.csv"), "2024-03-04")
    assert (pull_up.load, pull_up.load_unit, pull_up.reps) == (0, MassUnit.KG, 8)


def test_a_workout_reaches_from_its_first_set_to_its_last() -> None:
    _, first, second = (item.workout for item in read("gymbook_it.csv", time_zone="Europe/Rome").workouts)
    assert (first.started_at, first.ended_at) == (
        datetime(2024, 3, 5, 17, 30, tzinfo=UTC),
        datetime(2024, 3, 5, 17, 52, tzinfo=UTC),
    )
    assert (second.title, second.ended_at) == ("Giorno B", None)


def test_german_is_read_like_italian() -> None:
    sets = sets_of(read("gymbook_de.csv"), "2023-12-31 Oberkörper")
    assert [(entry.load, entry.reps, entry.duration_s, entry.distance_m) for entry in sets] == [
        (62.5, 10, None, None),
        (80, 1, None, None),
        (None, None, 300, 800),
    ]


def test_columns_that_describe_exercises_are_named_as_left_out() -> None:
    assert ["columns"] == [warning.field for warning in read("gymbook_it.csv").warnings]
    assert not read("gymbook_de.csv").warnings
