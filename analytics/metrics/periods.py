"""Periods: totals of any days, and how two periods differ. Plain integers, so that the API can answer by it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from models.domain.insights import LoadSource, Reason
from models.domain.periods import DayTotals, Difference, PeriodComparison, PeriodTotals

EFFORT_PER_HUNDREDTH = 6_000


class Period(Struct, frozen=True):
    """A first and a last day, both included."""

    first_day: date
    last_day: date

    def days_before(self, days: int) -> "Period":
        """The period as long as this one, so many days earlier."""
        return Period(self.first_day - timedelta(days=days), self.last_day - timedelta(days=days))


def last_days(days: int, until: date) -> Period:
    """The days up to `until`, which is the last of them.

    >>> last_days(7, date(2026, 1, 11)).first_day.isoformat()
    '2026-01-05'
    """
    return Period(until - timedelta(days=days - 1), until)


def compare(days: DayTotals, period: Period, against: Period) -> PeriodComparison:
    """Two periods, each summed from the trained days in it."""
    this, that = totals(days, period), totals(days, against)
    return PeriodComparison(
        period=this,
        against=that,
        sessions=difference(this.sessions, that.sessions),
        sets=difference(this.sets, that.sets),
        hard_sets=difference(this.hard_sets, that.hard_sets),
        tonnage=difference(_thousandths(this.tonnage_kg), _thousandths(that.tonnage_kg), per_unit=1000),
        load=difference(round(100 * this.load), round(100 * that.load), per_unit=100),
    )


def totals(days: DayTotals, period: Period) -> PeriodTotals:
    """The sums over the trained days of a period."""
    of = slice(bisect_left(days.day, period.first_day), bisect_right(days.day, period.last_day))
    sets, known, sessions = sum(days.sets[of]), sum(days.volume_sets[of]), sum(days.sessions[of])
    return PeriodTotals(
        first_day=period.first_day,
        last_day=period.last_day,
        days=(period.last_day - period.first_day).days + 1,
        sessions=sessions,
        sets=sets,
        hard_sets=sum(days.hard_sets[of]),
        tonnage_kg=_sum(days.volume_g[of]) / 1000 if known or not sets else None,
        sets_without_tonnage=sets - known,
        load=_hundredths(sum(days.effort[of])),
        load_source=source(sessions, sum(days.recorded[of])),
    )


def source(sessions: int, recorded: int) -> LoadSource:
    """Where the load of so many sessions comes from, of which so many were recorded.

    >>> [source(*counts).value for counts in ((0, 0), (3, 3), (3, 0), (3, 1))]
    ['rest', 'recorded', 'derived', 'mixed']
    """
    if sessions == 0:
        return LoadSource.REST
    if recorded in (0, sessions):
        return LoadSource.RECORDED if recorded else LoadSource.DERIVED
    return LoadSource.MIXED


def difference(this: int | None, that: int | None, *, per_unit: int = 1) -> Difference:
    """Between integers of so many to the unit.

    >>> difference(30, 20).percent, difference(5, 0).reason.code, difference(1500, 1000, per_unit=1000).difference
    (50.0, 'nothing_before', 0.5)
    """
    if this is None or that is None:
        return Difference(difference=None, percent=None, reason=_UNKNOWN)
    change = (this - that) / per_unit
    if that == 0:
        return Difference(difference=change, percent=None, reason=_NOTHING_BEFORE)
    return Difference(difference=change, percent=round(100 * (this - that) / that, 2) + 0.0, reason=None)


def _hundredths(effort: int) -> float:
    return (effort + EFFORT_PER_HUNDREDTH // 2) // EFFORT_PER_HUNDREDTH / 100


def _thousandths(value: float | None) -> int | None:
    return None if value is None else round(1000 * value)


def _sum(values: Sequence[int | None]) -> int:
    return sum(value for value in values if value is not None)


_UNKNOWN = Reason(code="unknown", text="No set of one of the periods has a known moved load.", values={})
_NOTHING_BEFORE = Reason(
    code="nothing_before", text="There was none in the period compared with, so there is no percentage.", values={}
)
