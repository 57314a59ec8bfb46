"""Consistency: streaks by week, and layoffs by day."""

from datetime import date, timedelta

import pytest

from analytics.metrics import consistency
from tests.analytics.histories import MONDAY


def on(*days: int) -> list[date]:
    return [at(day) for day in days]


def at(day: int) -> date:
    return MONDAY + timedelta(days=day)


def test_a_week_counts_once_however_often_it_was_trained() -> None:
    assert [streak.weeks for streak in consistency.streaks(on(0, 2, 6, 7, 21))] == [2, 1]


def test_of_equally_long_streaks_the_latest_is_the_longest() -> None:
    longest = consistency.longest_streak(consistency.streaks(on(0, 7, 28, 35)))
    assert longest
    assert (longest.weeks, longest.first_week_start) == (2, MONDAY + timedelta(days=28))


@pytest.mark.parametrize(("today", "weeks"), [(7, 2), (13, 2), (14, 2), (20, 2), (21, None)])
def test_a_streak_lasts_until_a_week_is_over_without_a_workout(today: int, weeks: int | None) -> None:
    found = consistency.current_streak(consistency.streaks(on(0, 7)), at(today))
    assert (found and found.weeks) == weeks


def test_a_workout_dated_after_today_keeps_the_streak() -> None:
    found = consistency.current_streak(consistency.streaks(on(0, 7)), at(6))
    assert found
    assert found.weeks == 2


def test_thirteen_days_are_no_layoff_and_fourteen_are() -> None:
    gaps = consistency.layoffs(on(0, 14, 29), at(29), 14)
    assert [(gap.first_day, gap.last_day, gap.days, gap.ongoing) for gap in gaps] == [(at(15), at(28), 14, False)]


def test_a_layoff_that_still_goes_on_ends_today() -> None:
    (gap,) = consistency.layoffs(on(0), at(20), 14)
    assert (gap.first_day, gap.last_day, gap.days, gap.ongoing) == (at(1), at(20), 20, True)


def test_nobody_is_away_before_the_first_workout() -> None:
    assert (consistency.layoffs([], MONDAY, 14), consistency.streaks([])) == ([], [])
    assert consistency.longest_streak([]) is None
