"""The RPE chart against its vectors, its edges, and its columns against its functions."""

from itertools import pairwise
from math import isfinite

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics import plates, rts, rts_columns
from analytics.metrics.outcome import Why
from tests.analytics.vectors import vectors

ROWS = st.lists(
    st.tuples(
        st.one_of(st.sampled_from([0.0, -5.0, float("nan"), float("inf"), 1e308]), st.floats(0.5, 500)),
        st.integers(-1, 20),
        st.one_of(st.none(), st.sampled_from([8.3, -1.0, 10.5, float("nan")]), st.integers(0, 20).map(lambda n: n / 2)),
    ),
    min_size=1,
    max_size=30,
)
SCHEMA = {"load": pl.Float64, "reps": pl.Int32, "rpe": pl.Float64}


def test_the_chart_reproduces_the_vectors() -> None:
    for case in vectors("rts.pct"):
        assert rts.percent(case["reps"], case["rpe"]).value == case["chart"]


def test_e1rm_and_load_reproduce_the_vectors() -> None:
    for case in vectors("rts.e1rm"):
        assert rts.e1rm(case["w"], case["reps"], case["rpe"]).value == pytest.approx(case["out"], abs=1e-3)
    for case in vectors("rts.load_for"):
        found = rts.load_for(case["e1rm"], case["reps"], case["rpe"]).value
        assert found == pytest.approx(case["raw"], abs=1e-9)
        assert found is not None
        assert plates.rounded(found, 1.25).value == case["rounded"]


@pytest.mark.parametrize(("reps", "rpe"), [(0, 10), (17, 10), (5, 8.3), (12, 5), (5, 11), (5, -1), (5, float("nan"))])
def test_off_the_chart_there_is_a_reason_and_no_number(reps: int, rpe: float) -> None:
    for found in (rts.percent(reps, rpe), rts.e1rm(100, reps, rpe), rts.load_for(100, reps, rpe)):
        assert (found.value, found.reason) == (None, Why.OUT_OF_RANGE)


@pytest.mark.parametrize("load", [0.0, -20.0, float("nan"), float("inf")])
def test_no_load_is_no_maximum(load: float) -> None:
    assert rts.e1rm(load, 5, 8).reason is Why.NOT_POSITIVE
    assert rts.load_for(load, 5, 8).reason is Why.NOT_POSITIVE


def test_a_single_of_unknown_rpe_is_the_load_itself() -> None:
    assert rts.e1rm(140, 1).value == 140


def test_each_half_rep_in_reserve_takes_something_off_the_load() -> None:
    loads = [rts.load_for(100, 7, 10 - halves / 2).value for halves in range(19)]
    assert all(more is not None and less is not None and less < more for more, less in pairwise(loads))


@given(ROWS)
def test_a_column_equals_the_function_row_by_row(rows: list[tuple[float, int, float | None]]) -> None:
    sets = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    found = sets.select(rts_columns.value().alias("value"), rts_columns.reason().alias("reason"))
    expected = [rts.e1rm(*row) for row in rows]
    assert found.get_column("reason").to_list() == [one.reason and one.reason.value for one in expected]
    for value, one in zip(found.get_column("value"), expected, strict=True):
        assert (value is None) == (one.value is None)
        assert value is None or (isfinite(value) and value == pytest.approx(one.value, rel=1e-12))


def test_a_row_without_load_or_reps_has_a_reason() -> None:
    sets = pl.DataFrame([(None, 5, 8.0), (100.0, None, 8.0)], schema=SCHEMA, orient="row")
    found = sets.select(rts_columns.value().alias("value"), rts_columns.reason().alias("reason"))
    assert found.rows() == [(None, "not_positive"), (None, "out_of_range")]
