"""The step `balance`: sides are counted by movement and by muscle, and their ratio only where there is one."""

from datetime import timedelta

from analytics.balance import Balance, BalanceDocument, BalanceParams, balance_v1
from analytics.training import training_of
from tests.analytics.histories import (
    BENCH_PRESS,
    DEADLIFT,
    MONDAY,
    PULL_UP,
    SQUAT,
    ASet,
    AWorkout,
    history,
    shuffled,
)

WEEK = timedelta(weeks=1)


def sets_of(exercise_id: int, count: int) -> tuple[ASet, ...]:
    return tuple(ASet(exercise_id=exercise_id) for _ in range(count))


THREE_WEEKS = history(
    AWorkout(day=0, sets=sets_of(BENCH_PRESS, 4) + sets_of(PULL_UP, 2)),
    AWorkout(day=7, sets=sets_of(BENCH_PRESS, 2) + sets_of(SQUAT, 3)),
    AWorkout(day=14, sets=sets_of(PULL_UP, 1) + sets_of(DEADLIFT, 2)),
)


def balances(weeks: int = 8) -> dict[str, Balance]:
    document = balance_v1(training_of(THREE_WEEKS), BalanceParams(weeks=weeks))["balance"]
    assert isinstance(document, BalanceDocument)
    return {pair.first: pair for pair in document.pairs}


def test_sides_are_counted_by_week() -> None:
    push = balances()["push"]
    assert push.week_start == (MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK)
    assert (push.first_sets_by_week, push.second_sets_by_week) == ((4.0, 2.0, 0.0), (2.0, 0.0, 1.0))
    assert (push.first_sets, push.second_sets, push.ratio) == (6.0, 3.0, 2.0)


def test_only_the_last_weeks_count_for_the_ratio() -> None:
    assert balances(weeks=2)["push"].ratio == 2.0
    assert balances(weeks=1)["push"].ratio == 0.0


def test_without_the_other_side_there_is_a_reason_and_no_ratio() -> None:
    before = history(AWorkout(sets=sets_of(SQUAT, 3)))
    document = balance_v1(training_of(before), BalanceParams())["balance"]
    assert isinstance(document, BalanceDocument)
    [_, quads] = document.pairs
    assert (quads.first_sets, quads.ratio) == (3.0, None)
    assert quads.ratio_reason is not None
    assert quads.ratio_reason.code == "no_sets"


def test_the_order_of_the_rows_decides_nothing() -> None:
    mixed = balance_v1(training_of(shuffled(THREE_WEEKS, seed=3)), BalanceParams())
    assert mixed == balance_v1(training_of(THREE_WEEKS), BalanceParams())
