"""Consistency and the comparison of periods as the athlete's page states them."""

from datetime import date

import polars as pl

from analytics.metrics import consistency, periods
from analytics.metrics.periods import Period
from models.domain.athlete_progress import Comparisons, Consistency, SessionRate
from models.domain.insights import Reason
from models.domain.periods import DayTotals

WEEK_DAYS = 7
SHORT_WEEKS, LONG_WEEKS = 4, 12


def day_totals(days: pl.DataFrame) -> DayTotals:
    """The rows of `metrics.days`, of one athlete, as columns."""
    return DayTotals(
        day=tuple(days.get_column("performed_on")),
        sessions=tuple(days.get_column("sessions")),
        sets=tuple(days.get_column("sets")),
        hard_sets=tuple(days.get_column("hard_sets")),
        volume_g=tuple(days.get_column("volume_g")),
        volume_sets=tuple(days.get_column("volume_sets")),
        effort=tuple(days.get_column("effort")),
        recorded=tuple(days.get_column("recorded")),
    )


def consistency_of(days: DayTotals, as_of: date, layoff_days: int) -> Consistency:
    """Of an athlete with at least one workout. A workout dated after `as_of` (athletes travel) was just now."""
    found = consistency.streaks(days.day)
    return Consistency(
        four_weeks=_rate(days, as_of, SHORT_WEEKS),
        twelve_weeks=_rate(days, as_of, LONG_WEEKS),
        current_streak=consistency.current_streak(found, as_of),
        longest_streak=consistency.longest_streak(found),
        layoff_days=layoff_days,
        layoffs=tuple(consistency.layoffs(days.day, as_of, layoff_days)),
        days_since_last_session=max((as_of - days.day[-1]).days, 0),
    )


def comparisons(days: DayTotals, as_of: date) -> Comparisons:
    """The periods that everybody asks for."""
    this_week = Period(consistency.monday(as_of), as_of)
    return Comparisons(
        four_weeks=_with_the_one_before(days, as_of, SHORT_WEEKS),
        twelve_weeks=_with_the_one_before(days, as_of, LONG_WEEKS),
        this_week=periods.compare(days, this_week, this_week.days_before(WEEK_DAYS)),
    )


def _with_the_one_before(days: DayTotals, as_of: date, weeks: int) -> periods.PeriodComparison:
    period = periods.last_days(weeks * WEEK_DAYS, as_of)
    return periods.compare(days, period, period.days_before(weeks * WEEK_DAYS))


def _rate(days: DayTotals, as_of: date, weeks: int) -> SessionRate:
    period = periods.last_days(weeks * WEEK_DAYS, as_of)
    sessions = periods.totals(days, period).sessions
    begun = days.day[0] <= period.first_day
    return SessionRate(
        weeks=weeks,
        sessions=sessions,
        sessions_per_week=round(sessions / weeks, 2) if begun else None,
        reason=None if begun else _too_short(days.day[0], as_of, weeks),
    )


def _too_short(first: date, as_of: date, weeks: int) -> Reason:
    known = max((as_of - first).days + 1, 0)
    text = f"A rate over {weeks} weeks needs {weeks * WEEK_DAYS} days from the first workout on; so far: {known}."
    return Reason(code="too_short", text=text, values={"weeks": weeks, "days": known})
