"""The progress step: equal to a slow reference on random histories, indifferent to order, and literal on small ones."""

import os
import subprocess
import sys
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings

from analytics.frames import History, empty_history
from analytics.metrics import records
from analytics.metrics.atoms import atoms
from analytics.progress import ProgressParams, progress_v3
from analytics.training import training_of
from models.domain.insights import E1rmDocument, ProgressDocument, RecordsDocument
from models.domain.workouts import SetKind
from tests.analytics.histories import MONDAY, PULL_UP, ASet, AWorkout, history, progressing, random_histories, shuffled
from tests.analytics.reference import Reference

WHOLE = ProgressParams(daily_days=10_000, quiet_days=10_000)
METRICS = {records.E1RM: "e1rm", records.SET_VOLUME: "set_volume", records.EXERCISE_VOLUME: "exercise_volume"}


def progress_of(given_history: History, params: ProgressParams = WHOLE) -> ProgressDocument:
    document = progress_v3(training_of(given_history), params)["progress"]
    assert isinstance(document, ProgressDocument)
    return document


@settings(max_examples=50, deadline=None)
@given(random_histories())
def test_weeks_and_muscles_equal_the_reference(random_history: History) -> None:
    progress, reference = progress_of(random_history), Reference(random_history)
    weeks = reference.weekly()
    assert [week.week_start for week in progress.weekly] == sorted(weeks)
    for week in progress.weekly:
        expected = weeks[week.week_start]
        tonnage_kg = sum(expected["volumes"]) / 1000 if expected["volumes"] else None
        assert (week.sessions, week.sets, week.hard_sets, week.tonnage_kg) == (
            len(expected["sessions"]),
            expected["sets"],
            expected["hard_sets"],
            tonnage_kg,
        )
        assert week.sets_without_tonnage == expected["sets"] - len(expected["volumes"])
    found = {
        (muscle.muscle, start): round(sets * 1000)
        for muscle in progress.muscles
        for start, sets in zip(muscle.week_start, muscle.hard_sets, strict=True)
    }
    assert found == reference.muscles()


@settings(max_examples=50, deadline=None)
@given(random_histories())
def test_days_equal_the_reference(random_history: History) -> None:
    daily = progress_of(random_history).daily
    assert daily is not None
    expected = Reference(random_history).daily()
    assert daily.first_day == expected[0][0]
    assert len(daily.load) == len(expected)
    shown = zip(daily.load, daily.fitness, daily.fatigue, daily.form, strict=True)
    for values, (_, *wanted) in zip(shown, expected, strict=True):
        assert list(values) == pytest.approx(wanted, abs=0.00501)


@settings(max_examples=50, deadline=None)
@given(random_histories())
def test_e1rm_by_day_equals_the_reference(random_history: History) -> None:
    document = progress_v3(training_of(random_history), WHOLE)["e1rm"]
    assert isinstance(document, E1rmDocument)
    found = {
        (series.exercise_id, on): kg
        for series in document.exercises
        for on, kg in zip(series.performed_on, series.e1rm_kg, strict=True)
    }
    expected = Reference(random_history).day_bests()
    assert found == {key: int(grams + Fraction(1, 2)) / 1000 for key, grams in expected.items()}


@settings(max_examples=50, deadline=None)
@given(random_histories())
def test_records_equal_the_reference(random_history: History) -> None:
    improved = records.improvements(atoms(random_history)).drop_nulls("previous")
    found = {
        (
            row["exercise_id"],
            METRICS.get(row["metric"], "tonnage" if row["metric"] > 12 else f"load_{row['metric']}"),
            row["session"],
            Fraction(row["value"], 300) if row["metric"] == records.E1RM else Fraction(row["value"]),
            Fraction(row["previous"], 300) if row["metric"] == records.E1RM else Fraction(row["previous"]),
        )
        for row in improved.iter_rows(named=True)
    }
    assert found == Reference(random_history).records()


@settings(max_examples=25, deadline=None)
@given(random_histories())
def test_the_order_of_rows_changes_no_byte(random_history: History) -> None:
    one, other = (
        progress_v3(training_of(rows), ProgressParams()) for rows in (random_history, shuffled(random_history, seed=7))
    )
    assert msgspec.json.encode(one) == msgspec.json.encode(other)


def test_one_thread_gives_the_same_bytes_as_many() -> None:
    script = (
        "import sys, msgspec; from tests.analytics.histories import history, progressing;"
        "from analytics.progress import *; from analytics.training import training_of;"
        "made = progress_v3(training_of(history(*progressing(60))), ProgressParams());"
        "sys.stdout.buffer.write(msgspec.json.encode(made))"
    )
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    root = Path(__file__).parents[2]
    alone = subprocess.run(
        [sys.executable, "-c", script], cwd=root, env=environment, capture_output=True, check=True, timeout=60
    )
    assert alone.stdout == msgspec.json.encode(progress_v3(training_of(history(*progressing(60))), ProgressParams()))


def test_an_athlete_who_never_trained_gets_empty_documents() -> None:
    documents = progress_v3(training_of(empty_history(MONDAY)), ProgressParams())
    assert set(documents) == {"progress", "e1rm", "records"}
    progress = documents["progress"]
    assert isinstance(progress, ProgressDocument)
    assert (progress.sessions, progress.weekly, progress.daily, progress.today) == (0, (), None, None)


def test_unknown_bodyweight_gives_no_tonnage_instead_of_zero() -> None:
    (week,) = progress_of(history(AWorkout(sets=(ASet(exercise_id=PULL_UP, load_g=None, reps=8),)))).weekly
    assert (week.tonnage_kg, week.sets_without_tonnage) == (None, 1)


def test_bodyweight_is_the_one_of_that_date_and_not_a_later_one() -> None:
    pull_ups = (ASet(exercise_id=PULL_UP, load_g=10_000, reps=8),) * 3
    days = (AWorkout(day=0, sets=pull_ups, bodyweight_g=80_000), AWorkout(day=7, sets=pull_ups, bodyweight_g=90_000))
    assert [week.tonnage_kg for week in progress_of(history(*days)).weekly] == [2160.0, 2400.0]


def test_the_shown_days_end_soon_after_an_old_log_does_while_today_is_today() -> None:
    last = MONDAY + timedelta(days=27)
    progress = progress_of(history(*progressing(10), as_of=last + timedelta(days=4000)), ProgressParams())
    assert progress.daily is not None
    assert progress.today is not None
    assert progress.daily.first_day + timedelta(days=len(progress.daily.load) - 1) == last + timedelta(days=56)
    assert max(progress.daily.fitness) > 0
    assert (progress.today.fitness, progress.today.week_load, progress.today.monotony) == (0.0, 0.0, None)
    assert progress.today.monotony_reason is not None
    assert progress.today.monotony_reason.code == "all_days_alike"


def test_fewer_than_seven_days_have_no_monotony_and_say_so() -> None:
    today = progress_of(history(AWorkout())).today
    assert today is not None
    assert today.monotony_reason is not None
    assert today.monotony_reason.code == "too_few_days"


def test_an_exercise_outside_the_formula_says_why_it_has_no_e1rm() -> None:
    (exercise,) = progress_of(history(AWorkout(sets=(ASet(reps=20),)))).exercises
    assert exercise.best_e1rm_kg is None
    assert exercise.e1rm_reason is not None
    assert exercise.e1rm_reason.code == "no_set_in_domain"


def test_a_heavier_five_also_beats_the_three_and_stands_once() -> None:
    lighter, heavier = ASet(reps=3, load_g=100_000), ASet(reps=5, load_g=110_000)
    documents = progress_v3(
        training_of(history(AWorkout(day=0, sets=(lighter,)), AWorkout(day=2, sets=(heavier,)))), WHOLE
    )
    document = documents["records"]
    assert isinstance(document, RecordsDocument)
    loads = [record for record in document.feed if record.kind == "load_for_reps"]
    assert [(record.reps, record.value_kg, record.previous_value_kg) for record in loads] == [(3, 110.0, 100.0)]
    assert [record.reps for record in document.exercises[0].records if record.kind == "load_for_reps"] == [5]


def test_an_equal_e1rm_is_no_record() -> None:
    same = (AWorkout(day=0), AWorkout(day=2), AWorkout(day=4))
    document = progress_v3(training_of(history(*same)), WHOLE)["records"]
    assert isinstance(document, RecordsDocument)
    assert document.feed == ()


def test_warm_ups_are_no_volume_no_record_and_no_e1rm() -> None:
    warm_up = ASet(kind=SetKind.WARM_UP, load_g=300_000)
    documents = progress_v3(training_of(history(AWorkout(), AWorkout(day=2, sets=(ASet(), warm_up)))), WHOLE)
    progress, document = documents["progress"], documents["records"]
    assert isinstance(progress, ProgressDocument)
    assert isinstance(document, RecordsDocument)
    assert (progress.weekly[0].sets, progress.weekly[0].tonnage_kg, document.feed) == (2, 1000.0, ())


@pytest.mark.parametrize(("kind", "reps"), [(SetKind.PARTIAL, []), (SetKind.CLUSTER, [1]), (SetKind.MYO_REP, [1])])
def test_half_reps_and_reps_with_rests_are_no_record_of_so_many(kind: SetKind, reps: list[int]) -> None:
    light, heavy = ASet(load_g=100_000), ASet(kind=kind, load_g=150_000)
    document = progress_v3(training_of(history(AWorkout(sets=(light,)), AWorkout(day=2, sets=(heavy,)))), WHOLE)[
        "records"
    ]
    assert isinstance(document, RecordsDocument)
    assert [record.reps for record in document.feed if record.kind == "load_for_reps"] == reps
