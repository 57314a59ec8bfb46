"""The explanation of a number: removing a listed workout changes it, removing any other does not."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.explain import explanation
from analytics.explain.address import parse
from analytics.explain.errors import CannotExplain
from analytics.explain.explained import EXPLAINED, Explained
from analytics.explain.explanation import explain, look
from analytics.explain.without import Recorded
from analytics.frames import History
from analytics.training import training_of
from tests.analytics.explain.recorded import addresses, recorded
from tests.analytics.histories import (
    MONDAY,
    PULL_UP,
    SQUAT,
    AnAthlete,
    ASet,
    AWorkout,
    history,
    progressing,
    random_histories,
)

BY_NAME = {step.name: step for step in EXPLAINED}
PULL_UPS = (ASet(exercise_id=PULL_UP, load_g=None),)


def workouts_of(given_history: History, text: str, step: Explained = BY_NAME["progress"]) -> dict[str, Any]:
    """The workouts that decide a number, with the number without each."""
    found = explained(recorded(given_history), text, step)
    return {left.workout_id: left.value_without for left in found.workouts}


def explained(given_recorded: Recorded, text: str, step: Explained = BY_NAME["progress"]) -> Any:
    params = step.params()
    return explain(step, params, given_recorded, step.function(given_recorded.training, params), text)


@pytest.mark.parametrize("step", EXPLAINED, ids=lambda step: step.name)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(given_history=random_histories(), data=st.data())
def test_it_is_what_leaving_out_every_workout_finds(step: Explained, given_history: History, data: Any) -> None:
    known, params = recorded(given_history), step.params()
    documents = step.function(known.training, params)
    without = {
        row["session"]: (row["workout_id"], step.function(training_of(known.history_without(row["session"])), params))
        for row in given_history.workouts.sort("session").iter_rows(named=True)
    }
    for name, document in documents.items():
        content = msgspec.to_builtins(document)
        for text in data.draw(st.lists(st.sampled_from(addresses(name, content)), max_size=12, unique=True)):
            address = parse(text)
            value = look(content, address)
            left = {who: look(msgspec.to_builtins(made[name]), address) for who, made in without.values()}
            found = explain(step, params, known, documents, text)
            assert found.value == value
            expected = {who: other for who, other in left.items() if other != value}
            assert {one.workout_id: one.value_without for one in found.workouts} == expected, text


@pytest.mark.parametrize("step", [step for step in EXPLAINED if step.parts], ids=lambda step: step.name)
@settings(max_examples=15, deadline=None)
@given(given_history=random_histories())
def test_the_parts_say_what_the_step_says(step: Explained, given_history: History) -> None:
    training, params = training_of(given_history), step.params()
    documents = step.function(training, params)
    for way, part in step.parts.items():
        name, *fields = way.split("/")
        whole: Any = documents[name]
        for field in fields:
            whole = getattr(whole, field)
        assert part(training, params) == whole


def test_a_week_is_explained_by_its_workouts() -> None:
    weeks = history(AWorkout(day=0), AWorkout(day=1), AWorkout(day=7))
    assert workouts_of(weeks, "progress/weekly/week_start=2026-01-05/tonnage_kg") == {
        "workout-0": 500.0,
        "workout-1": 500.0,
    }


def test_a_number_that_is_gone_without_a_workout_is_null() -> None:
    weeks = history(AWorkout(day=0), AWorkout(day=7))
    assert workouts_of(weeks, "progress/weekly/week_start=2026-01-12/sets") == {"workout-1": None}


def test_a_bodyweight_told_by_an_earlier_workout_explains_too() -> None:
    days = history(
        AWorkout(day=0, bodyweight_g=70_000),
        AWorkout(day=7, bodyweight_g=80_000),
        AWorkout(day=14, sets=PULL_UPS),
    )
    assert workouts_of(days, "progress/weekly/week_start=2026-01-19/tonnage_kg") == {
        "workout-1": 350.0,
        "workout-2": None,
    }


def test_a_bodyweight_that_a_later_one_of_the_day_hides_explains_nothing() -> None:
    days = history(
        AWorkout(day=0, bodyweight_g=70_000),
        AWorkout(day=7, sets=PULL_UPS),
        athlete=AnAthlete(weighed={0: 75_000}),
    )
    assert list(workouts_of(days, "progress/weekly/week_start=2026-01-12/tonnage_kg")) == ["workout-1"]


def test_a_record_is_explained_by_the_two_bests() -> None:
    days = history(
        *(AWorkout(day=day, sets=(ASet(load_g=grams),)) for day, grams in enumerate((90_000, 80_000, 95_000)))
    )
    row = f"records/feed/exercise_id={SQUAT},kind=load_for_reps,performed_on=2026-01-07"
    assert workouts_of(days, f"{row}/value_kg") == {"workout-2": None}
    assert workouts_of(days, f"{row}/previous_value_kg") == {"workout-0": 80.0, "workout-2": None}


def test_fitness_is_not_moved_by_what_is_too_long_ago() -> None:
    long_ago = history(AWorkout(day=0), *(AWorkout(day=day) for day in range(700, 730)))
    found = workouts_of(long_ago, "progress/today/fitness")
    assert "workout-0" not in found
    assert len(found) == 30


def test_a_step_that_nobody_wrote_rules_for_is_explained_by_leaving_out_every_workout() -> None:
    def longest(training: Any, _: Any) -> Any:
        return {"longest": {"sets": training.atoms.get_column("sets").max()}}

    step = Explained(name="longest", version=1, function=longest, params=BY_NAME["muscles"].params)
    days = history(AWorkout(day=0), AWorkout(day=1, sets=(ASet(), ASet())))
    assert workouts_of(days, "longest/sets", step) == {"workout-1": 1}


def test_what_is_said_of_the_only_workout_is_gone_without_it() -> None:
    only = history(AWorkout(day=0), as_of=MONDAY + timedelta(days=400))
    assert workouts_of(only, "athlete/comparisons/four_weeks/period/days", BY_NAME["athlete"]) == {"workout-0": None}


def test_text_can_be_explained() -> None:
    days = history(AWorkout(day=0), AWorkout(day=3))
    assert workouts_of(days, "progress/last_trained_on") == {"workout-1": "2026-01-05"}


def test_too_much_work_is_refused_and_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    days = history(*progressing(20))
    monkeypatch.setattr(explanation, "MOST_ROWS", 10_000)
    assert len(workouts_of(days, "progress/weekly/week_start=2026-01-05/sets")) == 3
    with pytest.raises(CannotExplain, match="20 workouts"):
        workouts_of(days, "progress/exercises/exercise_id=1/sessions")


def test_another_document_is_refused() -> None:
    with pytest.raises(CannotExplain, match=r"no 'muscles': there is e1rm, progress, records\."):
        workouts_of(history(AWorkout()), "muscles/index/level")
