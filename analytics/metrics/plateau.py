"""Plateau: whether an exercise's e1RM goes up, stays or goes down, by its latest sessions.

The slope is the median of the slopes of all pairs of sessions (Theil 1950, Sen 1968), which one odd session does not
move, over the median e1RM. Our definition of the window: it ends with the last session that has an e1RM and takes every
session of the `window_days` before it, so that more sessions are more evidence and a slow wave of loads is seen whole.
It needs at least `sessions` of them over at least `shortest_days`, and an end not longer than `current_days` ago: an
exercise that was left says nothing of today.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations
from statistics import median

from msgspec import Struct

from models.domain.exercise_progress import TrendStatus


class PlateauParams(Struct, frozen=True, kw_only=True):
    """The window in days and sessions, and the slope in percent a week that is no plateau any more."""

    window_days: int = 42
    shortest_days: int = 21
    sessions: int = 6
    current_days: int = 28
    threshold_percent_per_week: float = 0.25


class NoTrend(StrEnum):
    """Why there is no trend."""

    NO_E1RM = "no_e1rm"
    TOO_LONG_AGO = "too_long_ago"
    TOO_FEW_SESSIONS = "too_few_sessions"
    TOO_SHORT = "too_short"


def window_start(days: Sequence[date], as_of: date, params: PlateauParams) -> int | NoTrend:
    """The index of the window's first session, of the days in order, or why there is no window.

    >>> weekly = [date(2026, 1, 5) + timedelta(days=7 * week) for week in range(10)]
    >>> window_start(weekly, weekly[-1], PlateauParams()), window_start(weekly[:5], weekly[4], PlateauParams())
    (3, <NoTrend.TOO_FEW_SESSIONS: 'too_few_sessions'>)
    """
    if not days:
        return NoTrend.NO_E1RM
    if (as_of - days[-1]).days > params.current_days:
        return NoTrend.TOO_LONG_AGO
    start = bisect_left(days, days[-1] - timedelta(days=params.window_days))
    if len(days) - start < params.sessions:
        return NoTrend.TOO_FEW_SESSIONS
    if (days[-1] - days[start]).days < params.shortest_days:
        return NoTrend.TOO_SHORT
    return start


def slope_percent_per_week(days: Sequence[date], values: Sequence[float]) -> float | None:
    """Theil and Sen's slope over the median, in percent a week to a millionth; null where no two days differ.

    `days` and positive `values` in any one unit are of equal length. Pairs of one day have no slope and are left out.

    >>> weekly = [date(2026, 1, 5) + timedelta(days=7 * week) for week in range(6)]
    >>> slope_percent_per_week(weekly, [100, 101, 102, 103, 104, 105])
    0.97561
    >>> slope_percent_per_week(weekly, [100, 100, 100, 180, 100, 100])
    0.0
    """
    sessions = zip(days, values, strict=True)
    slopes = [
        (later - earlier) / (last - first).days
        for (first, earlier), (last, later) in combinations(sessions, 2)
        if last != first
    ]
    return round(100 * 7 * median(slopes) / median(values), 6) + 0.0 if slopes else None


def status(slope_percent: float, threshold_percent: float = PlateauParams().threshold_percent_per_week) -> TrendStatus:
    """Judge a slope in percent a week: both thresholds are no plateau any more.

    >>> [status(slope).value for slope in (0.25, 0.2499, -0.25)]
    ['progress', 'plateau', 'decline']
    """
    if abs(slope_percent) < threshold_percent:
        return TrendStatus.PLATEAU
    return TrendStatus.PROGRESS if slope_percent > 0 else TrendStatus.DECLINE
