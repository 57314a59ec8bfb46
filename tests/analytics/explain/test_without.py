"""A training without one of its workouts: as if it had never been recorded."""

from datetime import UTC, datetime

import polars as pl
from hypothesis import given, settings
from polars.testing import assert_frame_equal

from analytics.explain.without import Weighing
from analytics.explain.without import recorded as with_weighings
from analytics.frames import History
from analytics.stored import WEIGHED
from analytics.training import training_of
from tests.analytics.explain.recorded import recorded
from tests.analytics.histories import MONDAY, PULL_UP, ASet, AWorkout, history, random_histories

PULL_UPS = (ASet(exercise_id=PULL_UP, load_g=None),)


@settings(max_examples=20, deadline=None)
@given(given_history=random_histories())
def test_leaving_out_of_the_atoms_is_aggregating_the_history_without_it(given_history: History) -> None:
    known = recorded(given_history)
    for session in given_history.workouts.get_column("session"):
        expected = training_of(known.history_without(session))
        left = known.without(session)
        assert_frame_equal(left.atoms, expected.atoms)
        assert_frame_equal(left.workouts, expected.workouts)
        assert_frame_equal(left.bodyweights, expected.bodyweights, check_row_order=False)
        used = left.atoms.get_column("exercise_id").unique()
        assert set(used) <= set(left.exercises.get_column("exercise_id"))


def test_the_later_sessions_move_up() -> None:
    left = recorded(history(AWorkout(day=0), AWorkout(day=1), AWorkout(day=2))).without(1)
    rows = left.workouts.select("session", "workout_id").rows()
    assert rows == [(0, "workout-0"), (1, "workout-2")]
    assert left.atoms.get_column("session").to_list() == [0, 1]


def test_an_exercise_that_occurs_no_more_is_gone() -> None:
    left = recorded(history(AWorkout(day=0), AWorkout(day=1, sets=PULL_UPS))).without(1)
    assert PULL_UP not in left.exercises.get_column("exercise_id")
    assert PULL_UP not in left.muscles.get_column("exercise_id")


def test_the_weighing_before_takes_the_place_of_the_one_that_is_gone() -> None:
    known = recorded(
        history(
            AWorkout(day=0, bodyweight_g=70_000),
            AWorkout(day=1, bodyweight_g=80_000),
            AWorkout(day=2, sets=PULL_UPS),
            AWorkout(day=3, bodyweight_g=75_000),
            AWorkout(day=4, sets=PULL_UPS),
        )
    )
    assert known.reach == {1: {2}, 3: {4}}
    assert known.without(1).atoms.filter(pl.col("exercise_id") == PULL_UP).get_column("volume_g").to_list() == [
        5 * 70_000,
        5 * 75_000,
    ]


def test_of_a_day_the_weighing_before_counts_whether_measured_or_told() -> None:
    days = history(AWorkout(day=0, bodyweight_g=70_000), AWorkout(day=0, bodyweight_g=80_000))
    measured = pl.DataFrame(
        {
            "athlete": [0, 0],
            "id": ["early", "between"],
            "measured_on": [MONDAY, MONDAY],
            "measured_at": [datetime(2026, 1, 4, 23, tzinfo=UTC), datetime(2026, 1, 5, 0, 0, 30, tzinfo=UTC)],
            "bodyweight_g": [60_000, 65_000],
        },
        schema=WEIGHED,
    )
    known = with_weighings(days, measured)
    assert [weighing.bodyweight_g for weighing in known.weighings] == [60_000, 70_000, 65_000, 80_000]
    assert known.weighings[1] == Weighing(day=MONDAY, bodyweight_g=70_000, workout_id="workout-0")
    assert known.without(1).bodyweights.get_column("bodyweight_g").to_list() == [65_000]
    assert known.without(0).bodyweights.get_column("bodyweight_g").to_list() == [80_000]
