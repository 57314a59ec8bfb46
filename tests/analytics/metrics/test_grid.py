"""The grid of days: every day of every athlete, nothing between athletes."""

from datetime import date

import numpy as np

from analytics.metrics.grid import daily_sums

UNTIL = date(1970, 1, 6)


def rows(athlete: list[int], day: list[int], *, before: int = 0) -> list[tuple[int, int, int]]:
    ones = {"load": np.ones(len(day), dtype=np.int64)}
    found = daily_sums(np.array(athlete, dtype=np.int64), np.array(day, dtype=np.int64), ones, UNTIL, before=before)
    return list(zip(*(found[name].tolist() for name in ("athlete", "day", "load")), strict=True))


def test_rest_days_are_rows_of_zeros_up_to_the_end() -> None:
    assert rows([0, 0, 0], [4, 2, 2]) == [(0, 2, 2), (0, 3, 0), (0, 4, 1), (0, 5, 0)]


def test_a_day_after_the_end_is_there_all_the_same() -> None:
    assert rows([0], [7]) == [(0, 7, 1)]


def test_athletes_follow_each_other_each_from_the_own_first_day() -> None:
    assert rows([5, 3], [5, 4]) == [(3, 4, 1), (3, 5, 0), (5, 5, 1)]


def test_empty_days_may_stand_before_the_first() -> None:
    assert rows([1, 2], [5, 5], before=1) == [(1, 4, 0), (1, 5, 1), (2, 4, 0), (2, 5, 1)]


def test_days_before_1970_are_days() -> None:
    assert rows([0], [-1])[:2] == [(0, -1, 1), (0, 0, 0)]


def test_nobody_has_no_days() -> None:
    assert rows([], []) == []
