"""Grouping by numbers: equal to a dictionary's sums and maxima, whatever the order of the keys."""

from collections import defaultdict

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics import groups

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 2), st.integers(0, 100)), max_size=40)


@given(PAIRS, st.booleans())
def test_sums_and_maxima_equal_those_of_a_dictionary(rows: list[tuple[int, int, int]], in_order: bool) -> None:
    rows = sorted(rows) if in_order else rows
    expected: dict[tuple[int, int], list[int]] = defaultdict(list)
    for high, low, value in rows:
        expected[high, low].append(value)
    high, low, values = (np.array([row[at] for row in rows], dtype=np.int64) for at in range(3))
    keys, number = groups.numbered(groups.packed(high, low))
    assert list(zip(*(part.tolist() for part in groups.unpacked(keys)), strict=True)) == sorted(expected)
    assert groups.sums(values, number, len(keys)).tolist() == [sum(expected[key]) for key in sorted(expected)]
    assert groups.maxima(values, number, len(keys)).tolist() == [max(expected[key]) for key in sorted(expected)]


def test_sums_of_small_integers_do_not_overflow() -> None:
    values, number = np.full(3, 2**31 - 1, dtype=np.int32), np.zeros(3, dtype=np.int64)
    assert groups.sums(values, number, 1).tolist() == [3 * (2**31 - 1)]


def test_the_extremes_of_a_pair_survive_packing() -> None:
    pairs = [(0, -(2**31)), (0, 2**31 - 1), (2**31 - 1, -(2**31)), (2**31 - 1, 2**31 - 1)]
    keys = groups.packed(*(np.array(part) for part in zip(*pairs, strict=True)))
    assert keys.tolist() == sorted(keys.tolist())
    assert list(zip(*(part.tolist() for part in groups.unpacked(keys)), strict=True)) == pairs


@given(st.sets(st.integers(0, 50)), st.lists(st.integers(0, 60)), st.sampled_from([0, 2**21, 2**30]))
def test_positions_are_found_among_small_ids_and_large_ones(ids: set[int], wanted: list[int], above: int) -> None:
    known = np.array(sorted(ids), dtype=np.int32) + above
    found = groups.positions(known, np.array(wanted, dtype=np.int32) + above)
    assert found.tolist() == [sorted(ids).index(one) if one in ids else len(ids) for one in wanted]


def test_null_is_absent_and_a_date_a_number_of_days() -> None:
    rows = pl.DataFrame({"day": [0, 3], "reps": [None, 5]}).with_columns(pl.col("day").cast(pl.Int32).cast(pl.Date))
    assert [values.tolist() for values in groups.arrays(rows, "day", "reps")] == [[0, 3], [-1, 5]]
    assert [values.tolist() for values in groups.arrays(rows, "reps", absent=0)] == [[0, 5]]
