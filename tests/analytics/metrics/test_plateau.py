"""Plateau: the slope and its judgement as published, and equal to exact fractions on random sessions."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.metrics import plateau
from analytics.metrics.plateau import NoTrend, PlateauParams
from tests.analytics.histories import MONDAY
from tests.analytics.reference_pages import trend
from tests.analytics.vectors import vectors

POINTS = st.lists(st.tuples(st.integers(0, 70), st.integers(95_000, 105_000)), max_size=25)


@settings(max_examples=300, deadline=None)
@given(POINTS, st.integers(0, 40))
def test_slope_window_and_judgement_equal_exact_fractions(points: list[tuple[int, int]], days_after: int) -> None:
    ordered = [(MONDAY + timedelta(days=day), grams) for day, grams in sorted(points)]
    days, grams = [day for day, _ in ordered], [value for _, value in ordered]
    as_of = max(days, default=MONDAY) + timedelta(days=days_after)
    expected = trend(ordered, as_of)
    start = plateau.window_start(days, as_of, PlateauParams())
    if isinstance(start, NoTrend):
        assert start.value == expected
        return
    slope = plateau.slope_percent_per_week(days[start:], grams[start:])
    assert slope is not None
    assert not isinstance(expected, str)
    assert (plateau.status(slope).value, slope) == (expected[0], pytest.approx(float(expected[1]), abs=1e-6))


def test_the_judgement_of_the_published_slopes_is_reproduced() -> None:
    for case in vectors("plateau.theilsen(thr 0.25%/wk)"):
        found = plateau.status(case["out"]["slope_pct_per_week"])
        assert (found == "plateau", found == "decline") == (case["out"]["plateau"], case["out"]["regress"])


def test_both_thresholds_are_no_plateau() -> None:
    assert [plateau.status(slope) for slope in (0.25, 0.249999, -0.249999, -0.25)] == [
        "progress",
        "plateau",
        "plateau",
        "decline",
    ]


def test_sessions_of_one_day_alone_have_no_slope() -> None:
    assert plateau.slope_percent_per_week([MONDAY, MONDAY], [100, 110]) is None


@pytest.mark.parametrize(("span", "found"), [(20, NoTrend.TOO_SHORT), (21, 0), (42, 0), (43, 1)])
def test_the_window_is_three_to_six_weeks_with_both_ends_in_it(span: int, found: int | NoTrend) -> None:
    days = [date(2026, 1, 1) + timedelta(days=day) for day in (0, 15, 16, 17, 18, 19, span)]
    assert plateau.window_start(days, days[-1], PlateauParams()) == found
