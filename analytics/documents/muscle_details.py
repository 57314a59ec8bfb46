"""The page of one muscle: its weeks on a grid without holes, against the range of the level."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from models.domain.exercises import Muscle
from models.domain.field_profiles import Level
from models.domain.insights import Reason
from models.domain.muscle_progress import (
    Contribution,
    MuscleDetail,
    MuscleEntry,
    MuscleWeekSeries,
    RangeStatus,
    WeeklySets,
)
from models.domain.set_ranges import JUNK_VOLUME_ABOVE_SETS, SetRange, range_of

WEEK = timedelta(days=7)


class MuscleWeek(Struct, frozen=True):
    """A week in which a muscle was trained."""

    milli_sets: int
    sessions: int
    last_day: date


class Situation(Struct, frozen=True, kw_only=True):
    """What holds for all muscles: the level, this week, and how many complete weeks are averaged."""

    level: Level
    this_week: date
    weeks: int
    weeks_reason: Reason | None
    contributions_from: date


def detail(
    muscle: Muscle, weeks: Mapping[date, MuscleWeek], contributions: Sequence[Contribution], situation: Situation
) -> MuscleDetail:
    """`weeks` are the trained ones by their Monday."""
    bounds = range_of(muscle, situation.level)
    complete = [weeks.get(situation.this_week - WEEK * back) for back in range(1, situation.weeks + 1)]
    now = weeks.get(situation.this_week)
    return MuscleDetail(
        muscle=muscle.value,
        level=situation.level,
        range=bounds,
        range_reason=None if bounds else _NO_RANGE,
        junk_volume_above_sets=JUNK_VOLUME_ABOVE_SETS,
        last_trained_on=max((week.last_day for week in weeks.values()), default=None),
        this_week_start=situation.this_week,
        this_week=_against([now], bounds),
        sessions_this_week=now.sessions if now else 0,
        last_week=_against(complete[:1], bounds) if complete else None,
        four_weeks=_against(complete, bounds) if complete else None,
        weeks_averaged=len(complete),
        sessions_per_week=_mean([week.sessions if week else 0 for week in complete]) if complete else None,
        weeks_reason=situation.weeks_reason,
        weekly=_series(weeks) if weeks else None,
        contributions_from=situation.contributions_from,
        contributions=tuple(contributions),
    )


def entry(detail: MuscleDetail) -> MuscleEntry:
    """The muscle as the index shows it."""
    return MuscleEntry(
        muscle=detail.muscle,
        range=detail.range,
        last_trained_on=detail.last_trained_on,
        this_week=detail.this_week,
        last_week=detail.last_week,
        four_weeks=detail.four_weeks,
        weeks_averaged=detail.weeks_averaged,
        sessions_per_week=detail.sessions_per_week,
    )


def _against(weeks: Sequence[MuscleWeek | None], bounds: SetRange | None) -> WeeklySets:
    """The mean of the weeks, judged before it is rounded."""
    milli = sum(week.milli_sets for week in weeks if week)
    return WeeklySets(
        hard_sets=milli / 1000 if len(weeks) == 1 else round(milli / 1000 / len(weeks), 2),
        status=_status(milli, 1000 * len(weeks), bounds),
        junk_volume=milli > JUNK_VOLUME_ABOVE_SETS * 1000 * len(weeks),
    )


def _status(milli: int, one: int, bounds: SetRange | None) -> RangeStatus | None:
    if bounds is None:
        return None
    if milli < bounds.low_sets * one:
        return RangeStatus.BELOW
    return RangeStatus.ABOVE if milli > bounds.high_sets * one else RangeStatus.WITHIN


def _series(weeks: Mapping[date, MuscleWeek]) -> MuscleWeekSeries:
    first, last = min(weeks), max(weeks)
    grid = [weeks.get(first + WEEK * at) for at in range((last - first) // WEEK + 1)]
    return MuscleWeekSeries(
        first_week_start=first,
        hard_sets=tuple(week.milli_sets / 1000 if week else 0.0 for week in grid),
        sessions=tuple(week.sessions if week else 0 for week in grid),
    )


def _mean(counts: Sequence[int]) -> float:
    return round(sum(counts) / len(counts), 2)


_NO_RANGE = Reason(code="no_range", text="There is no weekly range for this muscle.", values={})
