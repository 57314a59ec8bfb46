"""The trend of an exercise as its page states it: with its evidence, or with the reason why there is none."""

from collections.abc import Sequence
from datetime import date
from statistics import median

from analytics.metrics import plateau
from analytics.metrics.plateau import NoTrend, PlateauParams
from models.domain.exercise_progress import Trend
from models.domain.insights import Reason


def trend(
    days: Sequence[date], grams: Sequence[int], as_of: date, params: PlateauParams
) -> tuple[Trend | None, Reason | None]:
    """Of the session bests in their order; the slope is of the whole grams that are shown."""
    start = plateau.window_start(days, as_of, params)
    if isinstance(start, NoTrend):
        return None, _reason(start, days, as_of, params)
    used_days, used_grams = days[start:], grams[start:]
    slope = plateau.slope_percent_per_week(used_days, used_grams)
    if slope is None:
        return None, _reason(NoTrend.TOO_SHORT, days, as_of, params)
    return _trend(used_days, used_grams, slope, params), None


def _trend(days: Sequence[date], grams: Sequence[int], slope: float, params: PlateauParams) -> Trend:
    return Trend(
        status=plateau.status(slope, params.threshold_percent_per_week),
        slope_percent_per_week=round(slope, 2) + 0.0,
        threshold_percent_per_week=params.threshold_percent_per_week,
        sessions=len(days),
        first_day=days[0],
        last_day=days[-1],
        median_e1rm_kg=round(median(grams)) / 1000,
        performed_on=tuple(days),
        e1rm_kg=tuple(value / 1000 for value in grams),
    )


def _reason(cause: NoTrend, days: Sequence[date], as_of: date, params: PlateauParams) -> Reason:
    inside = sum((days[-1] - day).days <= params.window_days for day in days)
    span = (days[-1] - days[-inside]).days if inside else 0
    values: dict[str, int | float | str] = {}
    if cause is NoTrend.TOO_LONG_AGO:
        values = {"days_ago": (as_of - days[-1]).days, "at_most_days": params.current_days}
    elif cause is NoTrend.TOO_FEW_SESSIONS:
        values = {"sessions": inside, "needed": params.sessions, "weeks": params.window_days // 7}
    elif cause is NoTrend.TOO_SHORT:
        values = {"days": span, "needed": params.shortest_days}
    return Reason(code=cause.value, text=_TEXTS[cause].format(**values), values=values)


_TEXTS = {
    NoTrend.NO_E1RM: "No session of this exercise has an e1RM.",
    NoTrend.TOO_LONG_AGO: "The last session with an e1RM was {days_ago} days ago: it says nothing of today.",
    NoTrend.TOO_FEW_SESSIONS: "A trend needs {needed} sessions with an e1RM in {weeks} weeks; there are {sessions}.",
    NoTrend.TOO_SHORT: "A trend needs sessions over {needed} days; these span {days}.",
}
