"""The recommend step: rotation, carry-over, stale logs, bodyweight, reasons."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.documents.load_steps import usual_step_g
from analytics.frames import History, empty_history
from analytics.recommend import RecommendParams, recommend_v3
from analytics.training import training_of
from models.domain.exercises import LoadMode
from models.domain.insights import Abstention, Recommendation, RecommendationsDocument
from models.domain.workouts import SetKind
from tests.analytics.histories import (
    BAND,
    DIP,
    MONDAY,
    PULL_UP,
    SQUAT,
    ASet,
    AWorkout,
    history,
    progressing,
    shuffled,
)


def recommended(given: History) -> RecommendationsDocument:
    document = recommend_v3(training_of(given), RecommendParams())["recommendations"]
    assert isinstance(document, RecommendationsDocument)
    return document


def the_recommendation(given: History) -> Recommendation:
    (one,) = recommended(given).recommendations
    return one


def the_abstention(given: History) -> Abstention:
    (one,) = recommended(given).abstentions
    return one


def codes(given: Recommendation) -> set[str]:
    return {reason.code for reason in given.reasons}


def test_the_last_best_set_is_carried_over_with_interval_card_and_reasons() -> None:
    given = history(*progressing(40))
    document, one = recommended(given), the_recommendation(given)
    assert (one.exercise_id, one.status, one.load_kg, one.reps) == (SQUAT, "current", 119.5, 5)
    assert one.e1rm_low_kg <= one.e1rm_kg <= one.e1rm_high_kg
    assert one.load_low_kg <= one.load_high_kg
    assert {"carried_over", "own_errors", "load_step"} <= codes(one)
    assert document.estimator.backtest.sessions > 0


def test_the_load_interval_keeps_to_the_athletes_own_steps() -> None:
    loads = (100_000, 102_500, 105_000, 102_500, 107_500)
    workouts = (AWorkout(day=3 * at, sets=(ASet(load_g=loads[at % 5]),)) for at in range(40))
    one = the_recommendation(history(*workouts))
    assert ((one.load_kg - one.load_low_kg) % 2.5, (one.load_high_kg - one.load_kg) % 2.5) == (0, 0)


def test_an_old_log_still_says_where_it_ended_but_calls_it_stale() -> None:
    workouts = progressing(40)
    last = MONDAY + timedelta(days=3 * 39)
    document = recommended(history(*workouts, as_of=last + timedelta(days=1500)))
    assert document.days_since_last_session == 1500
    assert [one.status for one in document.recommendations] == ["stale"]
    assert "layoff" in codes(document.recommendations[0])


def test_three_weeks_away_are_named_as_a_gap() -> None:
    last = MONDAY + timedelta(days=3 * 39)
    one = the_recommendation(history(*progressing(40), as_of=last + timedelta(days=21)))
    assert one.status == "current"
    assert "gap" in codes(one)


def test_too_little_history_abstains_and_says_how_much_is_missing() -> None:
    abstention = the_abstention(history(*progressing(5)))
    assert abstention.reason.code == "too_little_history"
    assert abstention.reason.values == {"steps": 4, "needed": 20}


def test_an_exercise_left_long_ago_is_not_mentioned() -> None:
    left = tuple(AWorkout(day=day, sets=(ASet(exercise_id=DIP),)) for day in (0, 1))
    later = (AWorkout(day=200 + workout.day, sets=workout.sets) for workout in progressing(40))
    document = recommended(history(*left, *later))
    assert {one.exercise_id for one in (*document.recommendations, *document.abstentions)} == {SQUAT}


def test_an_exercise_performed_once_is_not_in_rotation() -> None:
    once = AWorkout(day=117, sets=(ASet(exercise_id=BAND),))
    assert the_abstention(history(*progressing(40), once)).reason.code == "not_in_rotation"


def test_pull_ups_are_loaded_with_what_is_added() -> None:
    workouts = tuple(
        AWorkout(day=3 * at, sets=(ASet(exercise_id=PULL_UP, load_g=5_000 + 1_250 * (at % 4)),), bodyweight_g=80_000)
        for at in range(40)
    )
    one = the_recommendation(history(*workouts))
    assert (one.load_mode, one.load_kg) == ("bodyweight_plus", 8.75)
    assert one.e1rm_kg > 80


def test_assistance_goes_down_as_the_interval_goes_up() -> None:
    workouts = tuple(
        AWorkout(day=3 * at, sets=(ASet(exercise_id=DIP, load_g=20_000 - 1_000 * (at % 4)),), bodyweight_g=80_000)
        for at in range(40)
    )
    one = the_recommendation(history(*workouts))
    assert (one.load_mode, one.load_kg) == ("assisted", 17.0)
    assert 0 <= one.load_low_kg <= one.load_kg <= one.load_high_kg


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (ASet(exercise_id=PULL_UP), "bodyweight_unknown"),
        (ASet(exercise_id=DIP), "bodyweight_unknown"),
        (ASet(exercise_id=DIP, load_g=None), "no_assistance"),
        (ASet(exercise_id=BAND), "band"),
        (ASet(load_mode=LoadMode.BAND), "band"),
        (ASet(load_mode=LoadMode.MACHINE_UNITS), "no_kilograms"),
        (ASet(load_g=None), "no_load"),
        (ASet(load_g=0), "no_load"),
        (ASet(reps=20), "reps_out_of_domain"),
        (ASet(reps=0), "all_failed"),
        (ASet(reps=0, load_g=None), "all_failed"),
        (ASet(reps=None, duration_ms=60_000), "only_holds"),
        (ASet(reps=None, load_g=None, duration_ms=60_000), "only_holds"),
        (ASet(reps=None), "no_reps"),
        (ASet(kind=SetKind.PARTIAL), "not_full_reps"),
        (ASet(kind=SetKind.MYO_REP), "not_full_reps"),
    ],
)
def test_each_need_of_the_formula_has_its_own_reason(entry: ASet, code: str) -> None:
    given = history(*(AWorkout(day=day, sets=(entry,)) for day in range(3)))
    assert the_abstention(given).reason.code == code


def test_the_need_that_most_sets_miss_is_named_and_none_where_no_need_is() -> None:
    failed, hold, band = ASet(reps=0), ASet(reps=None, duration_ms=1000), ASet(load_mode=LoadMode.BAND)
    mostly = history(*(AWorkout(day=day, sets=(failed, failed, hold)) for day in range(2)))
    mixed = history(*(AWorkout(day=day, sets=(failed, hold, band)) for day in range(2)))
    assert (the_abstention(mostly).reason.code, the_abstention(mixed).reason.code) == ("all_failed", "different")


def test_an_exercise_that_only_failed_lately_is_no_layoff() -> None:
    failures = (AWorkout(day=117 + day, sets=(ASet(reps=0),)) for day in (70, 72))
    reason = the_abstention(history(*progressing(40), *failures)).reason
    assert (reason.code, reason.values["gap_days"]) == ("all_failed", 72)
    assert reason.text.startswith("The last set with an e1RM was 72 days ago. Since then: Every set")


def test_a_last_set_far_off_the_recent_ones_is_moved_into_the_interval() -> None:
    steady = tuple(AWorkout(day=3 * at, sets=(ASet(load_g=100_000 + 100 * (at % 2)),)) for at in range(60))
    one = the_recommendation(history(*steady, AWorkout(day=180, sets=(ASet(load_g=150_000),))))
    assert one.load_low_kg <= one.load_kg <= one.load_high_kg < 150
    assert "into_interval" in codes(one)


def test_sessions_that_were_all_alike_still_have_an_interval() -> None:
    one = the_recommendation(history(*(AWorkout(day=3 * at) for at in range(40))))
    assert one.e1rm_low_kg < one.e1rm_kg < one.e1rm_high_kg
    assert one.load_low_kg < one.load_kg < one.load_high_kg


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 400), st.integers(1, 12)), min_size=22, max_size=40), st.data())
def test_a_recommended_load_lies_in_its_interval(sets: list[tuple[int, int]], data: st.DataObject) -> None:
    exercise_id = data.draw(st.sampled_from([SQUAT, PULL_UP, DIP]))
    spread, body_g = data.draw(st.sampled_from([0, 1, 10, 100])), data.draw(st.sampled_from([70_000, 81_333]))
    workouts = (
        AWorkout(
            day=3 * at,
            sets=(ASet(exercise_id=exercise_id, load_g=20_000 + spread * load, reps=reps if spread else 5),),
            bodyweight_g=body_g + 10 * at,
        )
        for at, (load, reps) in enumerate(sets)
    )
    for one in recommended(history(*workouts)).recommendations:
        assert one.e1rm_low_kg <= one.e1rm_kg <= one.e1rm_high_kg
        assert 0 <= one.load_low_kg <= one.load_kg <= one.load_high_kg
        assert one.load_low_kg < one.load_high_kg


def test_the_steps_of_a_pull_up_are_those_of_the_added_load() -> None:
    workouts = (
        AWorkout(
            day=3 * at,
            sets=(ASet(exercise_id=PULL_UP, load_g=10_000 + 2_500 * (at % 3)),),
            bodyweight_g=80_000 + 137 * at,
        )
        for at in range(40)
    )
    one = the_recommendation(history(*workouts))
    assert [reason.values for reason in one.reasons if reason.code == "load_step"] == [{"step_kg": 2.5}]
    assert (one.load_high_kg - one.load_kg) % 2.5 == 0


def test_nobody_gets_advice_before_the_first_workout() -> None:
    document = recommended(empty_history(MONDAY))
    assert (document.last_trained_on, document.recommendations, document.abstentions) == (None, (), ())


def test_the_order_of_rows_changes_no_byte() -> None:
    given = history(*progressing(40))
    one, other = (msgspec.json.encode(recommended(rows)) for rows in (given, shuffled(given, seed=3)))
    assert one == other


def test_steps_need_three_loads_and_pounds_are_one_step() -> None:
    assert usual_step_g([100_000, 102_500]) is None
    assert usual_step_g([20_412, 22_680, 24_948, 27_216]) == 2_270
