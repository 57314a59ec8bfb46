"""The step `athlete`: equal to a slow reference on random histories, and literal on small ones."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.athlete import AthleteParams, athlete_v1
from analytics.frames import History, empty_history
from analytics.metrics import periods
from analytics.metrics.periods import Period
from analytics.training import training_of
from models.domain.athlete_progress import AthleteDocument
from models.domain.periods import PeriodComparison, PeriodTotals
from tests.analytics.histories import (
    BENCH_PRESS,
    DEADLIFT,
    LOW_BAR_SQUAT,
    MONDAY,
    SQUAT,
    AnAthlete,
    ASet,
    AWorkout,
    history,
    progressing,
    random_histories,
    shuffled,
)
from tests.analytics.reference import monday
from tests.analytics.reference_pages import LIFTS, Pages, acwr

DAY = timedelta(days=1)
LIFTER = AnAthlete(sex="male", weighed={0: 100_000})


def document_of(given_history: History) -> AthleteDocument:
    document = athlete_v1(training_of(given_history), AthleteParams())["athlete"]
    assert isinstance(document, AthleteDocument)
    return document


def single(exercise_id: int, load_kg: int, day: int = 0) -> AWorkout:
    return AWorkout(day=day, sets=(ASet(exercise_id=exercise_id, reps=1, load_g=1000 * load_kg),))


def three_lifts(*more: AWorkout, athlete: AnAthlete = LIFTER, as_of: date | None = None) -> AthleteDocument:
    lifts = (single(LOW_BAR_SQUAT, 400), single(BENCH_PRESS, 250, day=1), single(DEADLIFT, 350, day=2))
    return document_of(history(*lifts, *more, athlete=athlete, as_of=as_of))


def totals_of(period: PeriodTotals) -> tuple[Any, ...]:
    named = ("sessions", "sets", "hard_sets", "tonnage_kg", "sets_without_tonnage", "load")
    return tuple(getattr(period, name) for name in named)


def assert_compared(found: PeriodComparison, pages: Pages, first: date, last: date, back: timedelta) -> None:
    this, that = pages.period(first, last), pages.period(first - back, last - back)
    assert (found.period.first_day, found.period.last_day) == (first, last)
    assert (totals_of(found.period), totals_of(found.against)) == (this, that)
    for name, at in {"sessions": 0, "sets": 1, "hard_sets": 2, "tonnage": 3, "load": 5}.items():
        difference = getattr(found, name)
        if this[at] is None or that[at] is None:
            assert (difference.difference, difference.percent, difference.reason.code) == (None, None, "unknown")
            continue
        assert difference.difference == pytest.approx(this[at] - that[at])
        assert (difference.percent is None) == (that[at] == 0) == (difference.reason is not None)
        if that[at]:
            assert difference.percent == pytest.approx(100 * (this[at] - that[at]) / that[at], abs=0.005001)


@settings(max_examples=40, deadline=None)
@given(random_histories())
def test_compared_periods_equal_the_reference(random_history: History) -> None:
    document, pages, today = document_of(random_history), Pages(random_history), random_history.as_of
    assert document.comparisons
    assert_compared(document.comparisons.four_weeks, pages, today - 27 * DAY, today, 28 * DAY)
    assert_compared(document.comparisons.twelve_weeks, pages, today - 83 * DAY, today, 84 * DAY)
    assert_compared(document.comparisons.this_week, pages, monday(today), today, 7 * DAY)


@settings(max_examples=40, deadline=None)
@given(random_histories(), st.integers(-20, 70), st.integers(0, 30))
def test_any_period_can_be_summed_from_the_days(random_history: History, start: int, length: int) -> None:
    first, last = MONDAY + start * DAY, MONDAY + (start + length) * DAY
    found = periods.totals(document_of(random_history).days, Period(first, last))
    assert totals_of(found) == Pages(random_history).period(first, last)


@settings(max_examples=40, deadline=None)
@given(random_histories())
def test_consistency_equals_the_reference(random_history: History) -> None:
    document, pages, today = document_of(random_history), Pages(random_history), random_history.as_of
    found = document.consistency
    assert found
    assert found.longest_streak
    assert (found.longest_streak.weeks, found.longest_streak.first_week_start) == pages.longest_streak()
    assert (found.current_streak.weeks if found.current_streak else 0) == pages.current_streak()
    assert {(gap.first_day, gap.last_day) for gap in found.layoffs} == pages.layoffs(14)
    for rate in (found.four_weeks, found.twelve_weeks):
        start = today - (7 * rate.weeks - 1) * DAY
        assert rate.sessions == pages.period(start, today)[0]
        expected = round(rate.sessions / rate.weeks, 2) if pages.trained_days()[0] <= start else None
        assert (rate.sessions_per_week, rate.reason is None) == (expected, expected is not None)
    assert found.days_since_last_session == max((today - pages.trained_days()[-1]).days, 0)


@settings(max_examples=40, deadline=None)
@given(random_histories())
def test_the_lifts_of_the_total_equal_the_reference(random_history: History) -> None:
    strength, pages = document_of(random_history).strength, Pages(random_history)
    best = {lift: pages.lift(lift, random_history.as_of - 83 * DAY) for lift in LIFTS}
    assert {lift.lift.value: lift.e1rm_kg for lift in strength.lifts} == {
        lift: grams / 1000 for lift, grams in best.items() if grams is not None
    }
    known = [grams for grams in best.values() if grams is not None]
    assert strength.total_kg == (sum(known) / 1000 if len(known) == 3 else None)
    assert (strength.total_reason is None) == (len(known) == 3)
    body_g = pages.bodyweight_g(random_history.as_of)
    assert strength.bodyweight_kg == (None if body_g is None else body_g / 1000)
    scored = len(known) == 3 and body_g is not None and strength.sex in ("male", "female")
    for score in strength.scores:
        assert (score.points is not None, score.reason is None) == (scored, scored)


@settings(max_examples=40, deadline=None)
@given(random_histories())
def test_load_and_its_ratios_equal_the_reference(random_history: History) -> None:
    document, pages = document_of(random_history), Pages(random_history)
    days = [row for row in pages.daily() if row[0] <= random_history.as_of]
    assert document.load
    found = (document.load.fitness, document.load.fatigue, document.load.form)
    assert found == pytest.approx(days[-1][2:], abs=0.00501)
    asked = random_history.athletes.item(0, "show_acwr")
    assert (document.acwr is not None, document.acwr_reason is None) == (asked, asked)
    if document.acwr:
        expected = acwr([load for _, load, *_ in days])
        assert {ratio.formula.name: ratio.ratio is None for ratio in document.acwr.ratios} == {
            name: ratio is None for name, ratio in expected.items()
        }
        for ratio in document.acwr.ratios:
            assert (ratio.ratio is None) == (ratio.reason is not None)
            if ratio.ratio is not None:
                assert ratio.ratio == pytest.approx(expected[ratio.formula.name], abs=0.005001)


@settings(max_examples=20, deadline=None)
@given(random_histories())
def test_the_order_of_rows_changes_no_byte(random_history: History) -> None:
    one, other = (msgspec.json.encode(document_of(rows)) for rows in (random_history, shuffled(random_history, seed=9)))
    assert one == other


def test_an_athlete_who_never_trained_has_a_page_without_numbers() -> None:
    document = document_of(empty_history(MONDAY))
    assert (document.sessions, document.consistency, document.comparisons, document.load) == (0, None, None, None)
    assert document.strength.total_reason
    assert document.strength.total_reason.code == "lift_missing"


def test_a_total_has_the_published_scores_and_names_its_lifts() -> None:
    strength = three_lifts().strength
    assert (strength.total_kg, strength.bodyweight_kg) == (1000.0, 100.0)
    assert [(lift.exercise, lift.workout_id) for lift in strength.lifts] == [
        ("Low Bar Squat (Barbell)", "workout-0"),
        ("Bench Press (Barbell)", "workout-1"),
        ("Deadlift (Barbell)", "workout-2"),
    ]
    assert {score.formula.name: score.points for score in strength.scores} == {
        "wilks_1994": 608.59,
        "wilks_2020": 729.36,
        "dots": 615.52,
        "ipf_gl": 126.33,
    }


@pytest.mark.parametrize(
    ("athlete", "code"),
    [
        (AnAthlete(weighed={0: 100_000}), "sex_unknown"),
        (AnAthlete(sex="unspecified", weighed={0: 100_000}), "sex_unknown"),
        (AnAthlete(sex="female"), "bodyweight_unknown"),
        (AnAthlete(sex="female", weighed={50: 60_000}), "bodyweight_unknown"),
    ],
)
def test_without_sex_or_bodyweight_there_is_a_total_and_no_score(athlete: AnAthlete, code: str) -> None:
    strength = three_lifts(athlete=athlete).strength
    assert strength.total_kg == 1000.0
    assert {(score.points, score.reason and score.reason.code) for score in strength.scores} == {(None, code)}


def test_a_lift_not_done_for_twelve_weeks_is_missing_and_named() -> None:
    document = three_lifts(
        single(LOW_BAR_SQUAT, 380, day=80), single(BENCH_PRESS, 230, day=80), as_of=MONDAY + 86 * DAY
    )
    strength = document.strength
    assert strength.total_reason
    assert ([lift.e1rm_kg for lift in strength.lifts], strength.total_kg) == ([380.0, 230.0], None)
    assert (strength.total_reason.code, strength.total_reason.values["missing"]) == ("lift_missing", "deadlift")
    assert {score.reason and score.reason.code for score in strength.scores} == {"lift_missing"}


def test_exercises_of_ones_own_are_no_competition_lifts() -> None:
    assert document_of(history(single(SQUAT, 400), athlete=LIFTER)).strength.lifts == ()


def test_the_ratio_of_loads_is_shown_to_nobody_who_did_not_ask() -> None:
    reason = document_of(history(*progressing(20))).acwr_reason
    assert reason
    assert reason.code == "not_asked"


def test_who_asked_for_the_ratio_gets_it_with_its_caveat_and_no_word_of_injury() -> None:
    shown = document_of(history(*progressing(20), athlete=AnAthlete(show_acwr=True))).acwr
    assert shown
    assert all(ratio.ratio for ratio in shown.ratios)
    assert len(shown.caveat) > 20
    assert "injur" not in msgspec.json.encode(shown).decode().lower()


def test_the_first_28_days_have_no_ratio_and_say_so() -> None:
    workouts = history(*progressing(9), athlete=AnAthlete(show_acwr=True))
    assert (workouts.as_of - MONDAY).days == 24
    shown = document_of(workouts).acwr
    assert shown
    assert all(ratio.ratio is None and ratio.reason for ratio in shown.ratios)


def test_a_workout_of_tomorrow_counts_for_the_streak_and_not_for_this_week() -> None:
    document = document_of(history(AWorkout(day=0), AWorkout(day=3), as_of=MONDAY + 2 * DAY))
    assert document.consistency
    assert document.comparisons
    assert document.consistency.days_since_last_session == 0
    assert document.comparisons.this_week.period.sessions == 1


def test_a_first_workout_of_tomorrow_has_left_nothing_yet() -> None:
    load = document_of(history(AWorkout(day=1), as_of=MONDAY)).load
    assert load is not None
    assert (load.fitness, load.fatigue, load.form, load.week_load) == (0.0, 0.0, 0.0, 0.0)
    assert load.monotony_reason is not None
    assert load.monotony_reason.values == {"days": 0}


def test_a_week_says_whether_its_load_was_recorded() -> None:
    recorded = AWorkout(day=7, duration_s=3600, session_rpe_tenths=70)
    athlete = AnAthlete(show_acwr=True)
    for workouts, of_week, of_month in (
        ((AWorkout(),), "rest", "derived"),
        ((AWorkout(), recorded), "recorded", "mixed"),
    ):
        document = document_of(history(*workouts, as_of=MONDAY + 7 * DAY, athlete=athlete))
        assert document.load
        assert document.acwr
        assert document.comparisons
        assert document.load.week_source.value == of_week
        assert document.acwr.source.value == document.comparisons.four_weeks.period.load_source.value == of_month
        assert "3 minutes a set" in document.load.derivation
