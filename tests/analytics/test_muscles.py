"""The step `muscles`: equal to a slow reference on random histories, and literal on small ones."""

from datetime import date, timedelta
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given, settings

from analytics.frames import History, empty_history
from analytics.muscles import MusclesParams, muscles_v1
from analytics.training import training_of
from models.domain.exercises import Muscle
from models.domain.muscle_progress import MuscleDetail, MusclesDocument, WeeklySets
from tests.analytics.histories import (
    BENCH_PRESS,
    DEADLIFT,
    LUNGE,
    MONDAY,
    AnAthlete,
    ASet,
    AWorkout,
    history,
    random_histories,
    shuffled,
)
from tests.analytics.reference import monday
from tests.analytics.reference_pages import RANGES, Pages

WEEK = timedelta(days=7)


def document_of(given_history: History) -> MusclesDocument:
    document = muscles_v1(training_of(given_history), MusclesParams())["muscles"]
    assert isinstance(document, MusclesDocument)
    return document


def page_of(
    *workouts: AWorkout, muscle: str = "quads", as_of: date | None = None, level: str = "beginner"
) -> MuscleDetail:
    return document_of(history(*workouts, as_of=as_of, athlete=AnAthlete(level=level))).muscles[muscle]


def squats(week: int, sets: int, day: int = 0) -> AWorkout:
    return AWorkout(day=7 * week + day, sets=(ASet(),) * sets)


@settings(max_examples=40, deadline=None)
@given(random_histories())
def test_every_week_equals_the_reference(random_history: History) -> None:
    document, pages = document_of(random_history), Pages(random_history)
    for muscle in Muscle:
        days = pages.muscle_days(muscle)
        page = document.muscles.get(muscle)
        assert (page is not None) == bool(days or muscle in RANGES)
        if page is None:
            continue
        assert page.last_trained_on == max(days, default=None)
        assert (page.weekly is None) == (not days)
        if page.weekly:
            first, last = monday(min(days)), monday(max(days))
            weeks = [first + WEEK * at for at in range((last - first) // WEEK + 1)]
            assert page.weekly.first_week_start == first
            assert list(zip(page.weekly.hard_sets, page.weekly.sessions, strict=True)) == [
                (float(sets), sessions) for sets, sessions in (pages.muscle_week(muscle, week) for week in weeks)
            ]


@settings(max_examples=40, deadline=None)
@given(random_histories())
def test_the_latest_weeks_and_their_status_equal_the_reference(random_history: History) -> None:
    document, pages = document_of(random_history), Pages(random_history)
    this_week = monday(random_history.as_of)
    complete = [this_week - WEEK * back for back in range(1, 5) if this_week - WEEK * back >= monday(first_day(pages))]
    for muscle, page in document.muscles.items():
        bounds = pages.range_of(muscle)
        assert_week(page.this_week, [pages.muscle_week(muscle, this_week)[0]], bounds)
        assert page.weeks_averaged == len(complete)
        assert (page.weeks_reason is None) == bool(complete)
        if complete:
            done = [pages.muscle_week(muscle, week) for week in complete]
            assert_week(page.last_week, [done[0][0]], bounds)
            assert_week(page.four_weeks, [sets for sets, _ in done], bounds)
            assert page.sessions_per_week == round(sum(sessions for _, sessions in done) / len(done), 2)
        found = {one.exercise_id: (one.sets, one.hard_sets) for one in page.contributions}
        assert found == pages.contributions(muscle, this_week - 4 * WEEK)


def assert_week(found: WeeklySets | None, sets: list[Fraction], bounds: tuple[int, int] | None) -> None:
    mean = sum(sets, Fraction(0)) / len(sets)
    assert found
    assert abs(found.hard_sets - float(mean)) <= 0.005001
    assert found.junk_volume == (mean > 22)
    if bounds is None:
        assert found.status is None
    else:
        assert found.status == ("below" if mean < bounds[0] else "above" if mean > bounds[1] else "within")


def first_day(pages: Pages) -> date:
    return min(workout["performed_on"] for workout in pages.workouts.values())


@settings(max_examples=20, deadline=None)
@given(random_histories())
def test_the_order_of_rows_changes_no_byte(random_history: History) -> None:
    one, other = (msgspec.json.encode(document_of(rows)) for rows in (random_history, shuffled(random_history, seed=3)))
    assert one == other


def test_an_athlete_who_never_trained_has_no_muscles() -> None:
    document = document_of(empty_history(MONDAY))
    assert (document.index.muscles, document.muscles) == ((), {})


def test_an_untrained_week_between_trained_ones_is_a_zero() -> None:
    page = page_of(squats(0, 6), squats(2, 8))
    assert page.weekly
    assert (page.weekly.hard_sets, page.weekly.sessions) == ((6.0, 0.0, 8.0), (1, 0, 1))


def test_four_complete_weeks_are_averaged_and_this_one_is_not() -> None:
    page = page_of(*(squats(week, sets) for week, sets in enumerate((20, 8, 8, 1, 8, 3))))
    assert page.four_weeks
    assert page.last_week
    assert (page.this_week.hard_sets, page.last_week.hard_sets, page.four_weeks.hard_sets) == (3.0, 8.0, 6.25)
    assert (page.four_weeks.status, page.weeks_averaged) == ("within", 4)


def test_weeks_before_the_first_workout_are_not_averaged() -> None:
    page = page_of(squats(0, 6), squats(1, 10), as_of=MONDAY + 2 * WEEK)
    assert page.four_weeks
    assert (page.four_weeks.hard_sets, page.weeks_averaged, page.sessions_per_week) == (8.0, 2, 1.0)


def test_the_first_week_has_no_complete_one_and_says_so() -> None:
    page = page_of(squats(0, 6))
    assert page.weeks_reason
    assert (page.last_week, page.four_weeks, page.weeks_reason.code) == (None, None, "no_complete_week")


@pytest.mark.parametrize(
    ("sets", "level", "status"),
    [
        (5, "beginner", "below"),
        (6, "beginner", "within"),
        (12, "beginner", "within"),
        (13, "beginner", "above"),
        (7, "intermediate", "below"),
        (8, "advanced", "within"),
        (18, "advanced", "within"),
        (19, "intermediate", "above"),
    ],
)
def test_the_range_is_that_of_the_level_and_holds_its_bounds(sets: int, level: str, status: str) -> None:
    assert page_of(squats(0, sets), level=level).this_week.status == status


def test_more_than_22_sets_are_junk_volume() -> None:
    assert [page_of(squats(0, sets)).this_week.junk_volume for sets in (22, 23)] == [False, True]


def test_a_muscle_without_a_range_says_so() -> None:
    page = page_of(AWorkout(sets=(ASet(exercise_id=DEADLIFT),)), muscle="neck")
    assert page.range_reason
    assert (page.range, page.range_reason.code, page.this_week.status) == (None, "no_range", None)


def test_a_muscle_that_was_never_trained_stands_below_its_range() -> None:
    page = page_of(squats(0, 6), muscle="chest")
    assert (page.weekly, page.last_trained_on, page.this_week.status) == (None, None, "below")


def test_contributions_are_of_the_last_weeks_with_the_greatest_first() -> None:
    old = AWorkout(day=0, sets=(ASet(exercise_id=BENCH_PRESS),))
    recent = AWorkout(day=63, sets=(ASet(exercise_id=LUNGE), ASet(), ASet(), ASet()))
    page = page_of(old, recent, muscle="glutes")
    assert page.contributions_from == MONDAY + 5 * WEEK
    assert [(one.exercise, one.sets, one.hard_sets, one.share_percent) for one in page.contributions] == [
        ("Squat (Barbell)", 3, 1.5, 75.0),
        ("Lunge (Dumbbell)", 1, 0.5, 25.0),
    ]


def test_two_workouts_of_a_week_train_a_muscle_twice() -> None:
    page = page_of(squats(0, 3), squats(0, 3, day=3), as_of=MONDAY + WEEK)
    assert (page.sessions_per_week, page.last_week and page.last_week.hard_sets) == (2.0, 6.0)
