"""The step `exercises`: equal to a slow reference on random histories, and literal on small ones."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import msgspec
from hypothesis import given, settings

from analytics.exercises import ExercisesParams, exercises_v1
from analytics.frames import History, empty_history
from analytics.metrics.atoms import REP_MAXIMA
from analytics.training import training_of
from models.domain.exercise_progress import ExerciseDetail, ExercisesDocument
from models.domain.insights import RecordKind
from models.domain.workouts import SetKind
from tests.analytics.histories import (
    BAND,
    MONDAY,
    PULL_UP,
    SQUAT,
    ASet,
    AWorkout,
    history,
    progressing,
    random_histories,
    shuffled,
)
from tests.analytics.reference_pages import Pages, trend


def document_of(given_history: History) -> ExercisesDocument:
    document = exercises_v1(training_of(given_history), ExercisesParams())["exercises"]
    assert isinstance(document, ExercisesDocument)
    return document


def page_of(*workouts: AWorkout, exercise_id: int = SQUAT, as_of: date | None = None) -> ExerciseDetail:
    return document_of(history(*workouts, as_of=as_of)).exercises[str(exercise_id)]


def weekly(*loads_kg: float, days_between: int = 7) -> tuple[AWorkout, ...]:
    """Singles at these loads, so that each is its own e1RM."""
    singles = (ASet(reps=1, load_g=round(load_kg * 1000)) for load_kg in loads_kg)
    return tuple(AWorkout(day=days_between * at, sets=(single,)) for at, single in enumerate(singles))


@settings(max_examples=40, deadline=None)
@given(random_histories())
def test_sessions_and_weeks_equal_the_reference(random_history: History) -> None:
    document, pages = document_of(random_history), Pages(random_history)
    assert set(document.exercises) == {str(entry["exercise_id"]) for entry in pages.sets}
    for key, page in document.exercises.items():
        assert columns(page.series) == [pages.session_row(int(key), at) for at in pages.sessions_of(int(key))]
        assert columns(page.weekly) == pages.exercise_weeks(int(key))
        assert page.sessions == len(page.series.performed_on)
        assert (page.first_performed_on, page.last_performed_on) == (
            page.series.performed_on[0],
            page.series.performed_on[-1],
        )


@settings(max_examples=40, deadline=None)
@given(random_histories())
def test_bests_and_trends_equal_the_reference(random_history: History) -> None:
    pages = Pages(random_history)
    for key, page in document_of(random_history).exercises.items():
        points = pages.e1rm_sessions(int(key))
        assert (page.best_e1rm and page.best_e1rm.e1rm_kg) == max((g / 1000 for _, g in points), default=None)
        assert (page.best_e1rm is None) == (page.e1rm_reason is not None)
        if points:
            assert page.best_e1rm
            assert page.latest_e1rm
            assert page.best_e1rm.performed_on == next(d for d, g in points if g == max(g for _, g in points))
            assert (page.latest_e1rm.performed_on, page.latest_e1rm.e1rm_kg) == (points[-1][0], points[-1][1] / 1000)
        assert_trend(page, trend(points, random_history.as_of))


def assert_trend(page: ExerciseDetail, expected: Any) -> None:
    if isinstance(expected, str):
        assert page.trend is None
        assert page.trend_reason
        assert page.trend_reason.code == expected
    else:
        assert page.trend
        assert page.trend.status == expected[0]
        assert abs(page.trend.slope_percent_per_week - float(expected[1])) <= 0.005001


@settings(max_examples=40, deadline=None)
@given(random_histories())
def test_the_records_of_a_page_are_the_greatest_values_of_all_sessions(random_history: History) -> None:
    pages = Pages(random_history)
    best: dict[tuple[int | None, str], Any] = {}
    for session in pages.workouts:
        for key, value in pages.session_values(session).items():
            best[key] = max(best.get(key, value), value)
    for exercise_id, page in document_of(random_history).exercises.items():
        for record in page.records:
            name = f"load_{record.reps}" if record.kind is RecordKind.LOAD_FOR_REPS else record.kind.value
            assert abs(round(record.value_kg * 1000) - best[int(exercise_id), name]) <= Fraction(1, 2)
        loads = {best[key] for key in best if key[0] == int(exercise_id) and key[1].startswith("load_")}
        shown = [record for record in page.records if record.kind is RecordKind.LOAD_FOR_REPS]
        assert sorted(round(record.value_kg * 1000) for record in shown) == sorted(loads)
        assert all(record.reps in REP_MAXIMA for record in shown)


@settings(max_examples=20, deadline=None)
@given(random_histories())
def test_the_order_of_rows_changes_no_byte(random_history: History) -> None:
    one, other = (msgspec.json.encode(document_of(rows)) for rows in (random_history, shuffled(random_history, seed=5)))
    assert one == other


def test_an_athlete_who_never_trained_has_an_empty_index() -> None:
    document = document_of(empty_history(MONDAY))
    assert (document.index.exercises, document.exercises) == ((), {})


def test_the_index_names_the_latest_performed_first_with_its_trend() -> None:
    pull_up = AWorkout(day=60, sets=(ASet(exercise_id=PULL_UP, load_g=None),))
    index = document_of(history(*progressing(20), pull_up)).index
    assert [entry.exercise_id for entry in index.exercises] == [PULL_UP, SQUAT]
    assert [entry.trend for entry in index.exercises] == [None, "progress"]


def test_six_sessions_over_three_weeks_make_a_trend_with_its_evidence() -> None:
    found = page_of(*weekly(100, 101, 102, 103, 104, 105)).trend
    assert found
    assert (found.status, found.slope_percent_per_week, found.median_e1rm_kg) == ("progress", 0.98, 102.5)
    assert (found.sessions, found.first_day, found.last_day) == (6, MONDAY, MONDAY + timedelta(days=35))
    assert found.e1rm_kg == (100, 101, 102, 103, 104, 105)


def test_one_miserable_day_is_no_decline() -> None:
    found = page_of(*weekly(100, 100, 100, 60, 100, 100)).trend
    assert found
    assert (found.status, found.slope_percent_per_week) == ("plateau", 0.0)


def test_a_falling_e1rm_is_a_decline() -> None:
    found = page_of(*weekly(105, 104, 103, 102, 101, 100)).trend
    assert found
    assert (found.status, found.slope_percent_per_week) == ("decline", -0.98)


def test_of_more_sessions_all_of_the_last_six_weeks_are_used_and_none_before() -> None:
    found = page_of(*weekly(50, 60, 70, *[100] * 13, days_between=4)).trend
    assert found
    assert (found.sessions, found.status) == (11, "plateau")
    assert (found.last_day - found.first_day).days == 40


def test_five_sessions_are_too_few() -> None:
    reason = page_of(*weekly(100, 101, 102, 103, 104)).trend_reason
    assert reason
    assert (reason.code, reason.values["sessions"]) == ("too_few_sessions", 5)


def test_six_sessions_within_two_weeks_are_too_short() -> None:
    reason = page_of(*weekly(*[100] * 6, days_between=3)).trend_reason
    assert reason
    assert (reason.code, reason.values) == ("too_short", {"days": 15, "needed": 21})


def test_a_lift_left_a_month_ago_has_no_trend_today() -> None:
    workouts, last = weekly(100, 101, 102, 103, 104, 105), MONDAY + timedelta(days=35)
    assert page_of(*workouts, as_of=last + timedelta(days=28)).trend
    left = page_of(*workouts, as_of=last + timedelta(days=29))
    assert left.trend is None
    assert left.trend_reason
    assert (left.trend_reason.code, left.trend_reason.values["days_ago"]) == ("too_long_ago", 29)


def test_an_exercise_without_an_e1rm_names_the_cause() -> None:
    page = page_of(AWorkout(sets=(ASet(exercise_id=BAND),)), exercise_id=BAND)
    assert page.e1rm_reason
    assert page.trend_reason
    assert (page.best_e1rm, page.e1rm_reason.code, page.trend_reason.code) == (None, "band", "no_e1rm")
    assert (page.series.tonnage_kg, page.series.e1rm_kg, page.series.top_load_kg) == ((None,), (None,), (None,))


def test_the_top_set_is_the_heaviest_load_with_the_most_reps_and_no_warm_up() -> None:
    sets = (ASet(load_g=120_000, reps=2), ASet(load_g=120_000, reps=3), ASet(load_g=100_000, reps=8))
    page = page_of(AWorkout(sets=(*sets, ASet(load_g=200_000, kind=SetKind.WARM_UP), ASet(load_g=130_000, reps=0))))
    assert (page.series.top_load_kg, page.series.top_reps) == ((120.0,), (3,))


def test_the_best_names_the_workout_that_first_reached_it() -> None:
    best = page_of(*weekly(100, 110, 110, 90)).best_e1rm
    assert best
    assert (best.e1rm_kg, best.workout_id) == (110.0, "workout-1")


def columns(series: Any) -> list[tuple[Any, ...]]:
    return list(zip(*msgspec.structs.astuple(series), strict=True))


def test_warm_ups_alone_are_named_as_what_they_are() -> None:
    warm_up = ASet(kind=SetKind.WARM_UP, load_g=60_000)
    [page] = document_of(history(AWorkout(sets=(warm_up,)))).exercises.values()
    assert page.e1rm_reason
    assert page.e1rm_reason.code == "only_warm_ups"
