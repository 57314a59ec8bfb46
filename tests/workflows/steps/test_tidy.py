"""Documents as tidy tables: the same columns always, a row an object, and nothing lost on the way."""

from datetime import date
from enum import StrEnum
from typing import Any

import polars as pl
from msgspec import Struct

from analytics.frames import empty_history
from analytics.training import training_of
from tests.analytics.histories import AWorkout, history, progressing
from workflows.steps import STEPS, runner, tidy
from workflows.steps.step import Documents, Inputs

DAY = date(2026, 11, 20)


class Source(StrEnum):
    ENTERED = "entered"


class Set(Struct, kw_only=True):
    load_kg: float
    exercise_id: int | None = None


class Why(Struct, kw_only=True):
    code: str
    values: dict[str, Any] = {}


class Exercise(Struct, kw_only=True):
    exercise_id: int
    name: str
    best_kg: float | int | None = None
    source: Source = Source.ENTERED
    why: Why | None = None
    days: tuple[date, ...] = ()
    reps: list[int] = []
    sets: tuple[Set, ...] = ()


class Document(Struct, kw_only=True):
    as_of: date = DAY
    exercises: tuple[Exercise, ...] = ()
    by_muscle: dict[str, Exercise] = {}


def tables(*documents: Document) -> dict[str, pl.DataFrame]:
    return tidy.tables((f"athlete {at}", {"log": document}) for at, document in enumerate(documents))


def rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.to_dicts()


def test_a_list_of_objects_is_a_table_with_the_athlete() -> None:
    squat = Exercise(exercise_id=1, name="Squat", best_kg=100)
    found = tables(Document(exercises=(squat,)), Document(exercises=(squat,)))
    assert found["log.exercises"].get_column("athlete").to_list() == ["athlete 0", "athlete 1"]
    assert found["log.exercises"].item(0, "best_kg") == 100.0


def test_an_object_inside_is_columns_and_no_object_is_null() -> None:
    known = Exercise(exercise_id=1, name="Squat", why=Why(code="layoff", values={"days": 40}))
    found = tables(Document(exercises=(known, Exercise(exercise_id=2, name="Dip"))))["log.exercises"]
    assert found.select("why_code", "why_values").rows() == [("layoff", '{"days":40}'), (None, None)]


def test_series_of_equal_length_stand_side_by_side_with_what_they_are_of() -> None:
    squat = Exercise(exercise_id=1, name="Squat", days=(DAY, DAY), reps=[5, 3])
    [first, second] = rows(tables(Document(exercises=(squat,)))["log.exercises.series"])
    assert (first["exercise_id"], first["name"], first["position"], first["days"], first["reps"]) == (
        *(1, "Squat", 0, DAY, 5),
    )
    assert (second["position"], second["reps"]) == (1, 3)


def test_a_row_repeats_the_ids_of_what_it_lies_in_but_keeps_its_own() -> None:
    squat = Exercise(exercise_id=1, name="Squat", sets=(Set(load_kg=100), Set(load_kg=90, exercise_id=7)))
    found = tables(Document(exercises=(squat,)))["log.exercises.sets"]
    assert found.select("name", "exercise_id", "load_kg").rows() == [("Squat", None, 100.0), ("Squat", 7, 90.0)]


def test_a_map_of_objects_is_a_table_with_their_keys() -> None:
    found = tables(Document(by_muscle={"quads": Exercise(exercise_id=1, name="Squat", reps=[8])}))
    assert found["log.by_muscle"].item(0, "key") == "quads"
    assert found["log.by_muscle.series"].select("key", "reps").rows() == [("quads", 8)]


def test_an_empty_document_makes_the_same_tables_with_the_same_types() -> None:
    full = Document(exercises=(Exercise(exercise_id=1, name="Squat", days=(DAY,), reps=[5], sets=(Set(load_kg=1),)),))
    empty = {name: frame.schema for name, frame in tables(Document()).items()}
    assert empty == {name: frame.schema for name, frame in tables(full).items()}
    assert empty["log.exercises"]["best_kg"] == pl.Float64
    assert empty["log.exercises.series"]["days"] == pl.Date


def test_the_documents_of_every_step_on_histories_have_the_columns_that_no_history_has() -> None:
    trained = history(*progressing(6), AWorkout(day=40))
    for step in STEPS:
        if step.reads == ("history",):
            full, none = (made(step, given) for given in (trained, empty_history(DAY)))
            expected = {name: rows.schema for name, rows in tidy.tables([("a", full)]).items()}
            assert {name: rows.schema for name, rows in tidy.tables([("a", none)]).items()} == expected


def made(step: Any, given: Any) -> Documents:
    return runner.made(step, Inputs(value=training_of(given), data_version=0, digests={}))


def test_the_weeks_of_progress_are_the_rows_of_their_table() -> None:
    [progress] = [step for step in STEPS if step.name == "progress"]
    documents = made(progress, history(*progressing(6)))
    weekly: Any = documents["progress"]
    found = tidy.tables([("a", documents)])["progress.weekly"]
    assert found.get_column("week_start").to_list() == [week.week_start for week in weekly.weekly]
    assert found.get_column("tonnage_kg").to_list() == [week.tonnage_kg for week in weekly.weekly]
