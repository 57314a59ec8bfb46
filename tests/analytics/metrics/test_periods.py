"""Periods: sums over days with both ends in, differences, and why there is none."""

from datetime import date, timedelta

import msgspec

from analytics.metrics import periods
from analytics.metrics.periods import Period
from models.domain.periods import DayTotals
from tests.analytics.histories import MONDAY

DAYS = DayTotals(
    day=(MONDAY, MONDAY + timedelta(days=7), MONDAY + timedelta(days=8)),
    sessions=(1, 2, 1),
    sets=(10, 20, 5),
    hard_sets=(8, 20, 4),
    volume_g=(1_000_000, 1_250_500, None),
    volume_sets=(10, 15, 0),
    effort=(600_000, 900_000, 2_999),
    recorded=(0, 1, 1),
)


def at(first: int, last: int) -> Period:
    return Period(MONDAY + timedelta(days=first), MONDAY + timedelta(days=last))


def test_a_period_includes_its_first_and_last_day() -> None:
    assert [periods.totals(DAYS, at(*days)).sessions for days in ((0, 7), (1, 7), (0, 6), (8, 8), (9, 99))] == [
        3,
        2,
        1,
        1,
        0,
    ]


def test_sets_of_unknown_volume_are_counted_beside_the_tonnage_of_the_others() -> None:
    totals = periods.totals(DAYS, at(7, 8))
    assert (totals.sets, totals.tonnage_kg, totals.sets_without_tonnage, totals.load) == (25, 1250.5, 10, 1.5)


def test_a_load_says_where_it_comes_from() -> None:
    periods_of = (at(0, 6), at(7, 8), at(8, 8), at(1, 6))
    assert [periods.totals(DAYS, period).load_source.value for period in periods_of] == [
        "derived",
        "mixed",
        "recorded",
        "rest",
    ]


def test_unknown_volumes_alone_are_an_unknown_tonnage_and_no_sets_are_none() -> None:
    assert [periods.totals(DAYS, at(day, day)).tonnage_kg for day in (8, 1)] == [None, 0.0]


def test_differences_are_absolute_and_in_percent_of_the_period_compared_with() -> None:
    compared = periods.compare(DAYS, at(7, 8), at(0, 6))
    assert (compared.sessions.difference, compared.sessions.percent) == (2, 200.0)
    assert (compared.tonnage.difference, compared.tonnage.percent) == (250.5, 25.05)
    assert (compared.load.difference, compared.load.percent, compared.load.reason) == (0.5, 50.0, None)


def test_nothing_before_has_a_difference_but_no_percentage() -> None:
    found = periods.compare(DAYS, at(0, 6), at(-7, -1)).sets
    assert found.reason
    assert (found.difference, found.percent, found.reason.code) == (10, None, "nothing_before")


def test_an_unknown_tonnage_is_compared_with_nothing() -> None:
    found = periods.compare(DAYS, at(8, 8), at(0, 6)).tonnage
    assert found.reason
    assert (found.difference, found.percent, found.reason.code) == (None, None, "unknown")


def test_a_period_with_itself_differs_in_nothing() -> None:
    compared = periods.compare(DAYS, at(0, 8), at(0, 8))
    for name in ("sessions", "sets", "hard_sets", "tonnage", "load"):
        assert msgspec.structs.astuple(getattr(compared, name)) == (0, 0.0, None)


def test_the_last_days_end_with_the_day_itself() -> None:
    assert periods.last_days(28, date(2026, 1, 28)) == Period(date(2026, 1, 1), date(2026, 1, 28))
