"""Consistency: streaks of trained weeks, layoffs, and sessions a week."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from models.domain.athlete_progress import Layoff, Streak

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def streaks(days: Sequence[date]) -> list[Streak]:
    """Weeks on end with a workout in each, from trained days in any order, the oldest first.

    >>> [streak.weeks for streak in streaks([date(2026, 1, 5), date(2026, 1, 18), date(2026, 1, 27)])]
    [2, 1]
    """
    found: list[Streak] = []
    for week in sorted({monday(day) for day in days}):
        if found and week - found[-1].last_week_start == WEEK:
            before = found.pop()
            found.append(Streak(weeks=before.weeks + 1, first_week_start=before.first_week_start, last_week_start=week))
        else:
            found.append(Streak(weeks=1, first_week_start=week, last_week_start=week))
    return found


def current_streak(found: Sequence[Streak], as_of: date) -> Streak | None:
    """The last streak, if it reaches this week or the one before: a week without a workout is missed when it is over.

    >>> weeks = streaks([date(2026, 1, 5), date(2026, 1, 12)])
    >>> [current_streak(weeks, date(2026, 1, day)) is not None for day in (12, 25, 26)]
    [True, True, False]
    """
    if not found or found[-1].last_week_start < monday(as_of) - WEEK:
        return None
    return found[-1]


def longest_streak(found: Sequence[Streak]) -> Streak | None:
    """The longest one; of equally long ones the latest."""
    return max(found, key=lambda streak: (streak.weeks, streak.first_week_start), default=None)


def layoffs(days: Sequence[date], as_of: date, least_days: int) -> list[Layoff]:
    """At least so many days on end without a workout, after the first one ever, the latest first.

    >>> [(gap.days, gap.ongoing) for gap in layoffs([date(2026, 1, 1), date(2026, 1, 16)], date(2026, 1, 29), 14)]
    [(14, False)]
    """
    trained = sorted(set(days))
    gaps = [_layoff(before, after - DAY, ongoing=False) for before, after in pairwise(trained)]
    if trained:
        gaps.append(_layoff(trained[-1], as_of, ongoing=True))
    return [gap for gap in reversed(gaps) if gap.days >= least_days]


def monday(day: date) -> date:
    """The first day of a week."""
    return day - DAY * day.weekday()


def _layoff(trained: date, last_day: date, *, ongoing: bool) -> Layoff:
    return Layoff(first_day=trained + DAY, last_day=last_day, days=(last_day - trained).days, ongoing=ongoing)
