"""Documents as rows with keys: found again wherever they stand, told apart by what they mean."""

from typing import Any

import msgspec
import pytest

from analytics.training import training_of
from tests.analytics.histories import BENCH_PRESS, DEADLIFT, LOW_BAR_SQUAT, AnAthlete, history, progressing
from workflows.steps import STEPS, flatten, runner
from workflows.steps.step import Inputs, Step

ANALYSIS = [step for step in STEPS if step.pipeline == "analysis"]
LIFTS = [
    workout
    for number, exercise_id in enumerate((LOW_BAR_SQUAT, BENCH_PRESS, DEADLIFT))
    for workout in progressing(30 - number, every_days=3 + number, exercise_id=exercise_id)
]
LIFTER = AnAthlete(sex="female", birth_year=1993, show_acwr=True, weighed={3: 70_500, 80: 71_000})
TRAINED = Inputs(value=training_of(history(*LIFTS, athlete=LIFTER)), data_version=1, digests={})


def keys(table: flatten.Rows) -> list[str]:
    return [flatten.text(key) for key in table]


def test_objects_inside_become_columns_and_lists_tables() -> None:
    document = {"as_of": "2026-11-20", "today": {"form": 1.5, "why": None}, "weekly": [{"week_start": "w", "sets": 3}]}
    (tables,) = flatten.flatten("progress", document)
    assert tables == {
        "progress": {(): {"as_of": "2026-11-20", "today.form": 1.5, "today.why": None}},
        "progress.weekly": {(("week_start", "w"),): {"sets": 3}},
    }


def test_rows_keep_their_keys_when_the_order_changes() -> None:
    rows = [{"exercise_id": 1, "best": 80}, {"exercise_id": 2, "best": 90}]
    before, after = flatten.flatten("x", {"exercises": rows}, {"exercises": rows[::-1]})
    assert before == after


def test_columns_of_equal_length_are_rows_by_their_dates() -> None:
    series = {"performed_on": ["2026-01-01", "2026-01-08"], "reps": [5, 5], "e1rm_kg": [100.0, 101.5]}
    (tables,) = flatten.flatten("e1rm", {"exercises": [{"exercise_id": 1, **series}]})
    assert tables["e1rm.exercises.by_performed_on"] == {
        (("exercise_id", 1), ("performed_on", "2026-01-01")): {"reps": 5, "e1rm_kg": 100.0},
        (("exercise_id", 1), ("performed_on", "2026-01-08")): {"reps": 5, "e1rm_kg": 101.5},
    }


@pytest.mark.parametrize(
    ("start", "expected"), [("first_day", ["day=2026-11-16", "day=2026-11-17"]),
                            ("first_week_start", ["week_start=2026-11-16", "week_start=2026-11-23"])]
)  # fmt: skip
def test_columns_without_dates_count_from_their_start(start: str, expected: list[str]) -> None:
    (tables,) = flatten.flatten("x", {"daily": {start: "2026-11-16", "load": [1.0, 2.0], "form": [0.0, 1.0]}})
    [table] = [rows for name, rows in tables.items() if name.startswith("x.daily.by_")]
    assert keys(table) == expected


def test_a_series_that_begins_earlier_keeps_the_days_of_the_other() -> None:
    before, after = flatten.flatten(
        "x",
        {"daily": {"first_day": "2026-11-16", "load": [1.0, 2.0]}},
        {"daily": {"first_day": "2026-11-15", "load": [9.0, 1.0, 2.0]}},
    )
    old, new = before["x.daily.by_day"], after["x.daily.by_day"]
    assert {key: new[key] for key in old} == old
    assert [flatten.text(key) for key in new.keys() - old.keys()] == ["day=2026-11-15"]


def test_two_sessions_of_a_day_are_told_apart_by_their_workouts() -> None:
    day = {"performed_on": ["2026-01-01", "2026-01-01"], "workout_id": ["a", "b"], "sets": [3, 4]}
    (tables,) = flatten.flatten("x", {"series": day})
    assert keys(tables["x.series.by_performed_on"]) == [
        "performed_on=2026-01-01 workout_id=a",
        "performed_on=2026-01-01 workout_id=b",
    ]


def test_as_few_names_as_needed_make_the_key_in_both_versions() -> None:
    best: dict[str, Any] = {"kind": "e1rm", "reps": None, "performed_on": "2026-01-01"}
    load = {"kind": "load_for_reps", "performed_on": "2026-01-01"}
    before, after = flatten.flatten(
        "x", {"records": [best]}, {"records": [{**best, "performed_on": "2026-02-01"}, {**load, "reps": 5}]}
    )
    assert keys(before["x.records"]) == ["kind=e1rm"]
    assert keys(after["x.records"]) == ["kind=e1rm", "kind=load_for_reps"]


def test_objects_by_name_are_rows_by_that_name() -> None:
    (tables,) = flatten.flatten("x", {"muscles": {"quads": {"sets": 3}, "chest": {"sets": 5}}})
    assert tables["x.muscles"] == {(("named", "quads"),): {"sets": 3}, (("named", "chest"),): {"sets": 5}}


def test_objects_by_a_name_that_they_say_themselves_are_rows_by_that_field() -> None:
    (tables,) = flatten.flatten("x", {"exercises": {"7": {"exercise_id": 7, "best": 80}}})
    assert tables["x.exercises"] == {(("exercise_id", 7),): {"best": 80}}


def test_equals_are_told_apart_by_their_place() -> None:
    (tables,) = flatten.flatten("x", {"findings": ["a", "b", "a"]})
    assert keys(tables["x.findings"]) == ["value=a", "value=b", "value=a place=2"]


@pytest.mark.parametrize("step", ANALYSIS, ids=lambda step: step.name)
def test_every_row_of_a_real_document_is_found_by_its_meaning(step: Step) -> None:
    output = runner.compute(step, TRAINED)
    for name, body in output.documents.items():
        (tables,) = flatten.flatten(name, msgspec.json.decode(body))
        by_place = {table for table, rows in tables.items() for key in rows if any(part[0] == "place" for part in key)}
        assert by_place == set()
        assert sum(len(rows) for rows in tables.values()) > 1


@pytest.mark.parametrize("step", ANALYSIS, ids=lambda step: step.name)
def test_every_number_of_a_document_stands_in_its_tables(step: Step) -> None:
    output = runner.compute(step, TRAINED)
    for name, body in output.documents.items():
        document = msgspec.json.decode(body)
        (tables,) = flatten.flatten(name, document)
        flat = [cell for rows in tables.values() for key, cells in rows.items() for cell in _cells(key, cells)]
        for number in set(_numbers(document)):
            assert number in flat


def _cells(key: flatten.Key, cells: dict[str, flatten.Scalar]) -> list[flatten.Scalar]:
    return [*(value for _, value in key), *cells.values()]


def _numbers(value: Any) -> list[Any]:
    if isinstance(value, dict | list):
        inner: Any = value.values() if isinstance(value, dict) else value  # pyright: ignore[reportUnknownVariableType]
        return [number for each in inner for number in _numbers(each)]
    return [value] if isinstance(value, int | float) else []
