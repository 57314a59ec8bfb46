"""The strength scores over columns say of each row what the functions say of one total."""

from collections.abc import Callable
from functools import partial
from math import isfinite

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics import strength, strength_columns
from analytics.metrics.outcome import Outcome

Row = tuple[float | None, float | None, str | None]
ODD = st.one_of(st.none(), st.sampled_from([0.0, -5.0, float("nan"), float("inf"), 701.0, 1e307]))
ROWS = st.lists(
    st.tuples(
        st.one_of(st.floats(0.5, 2000), ODD),
        st.one_of(st.floats(1, 700), ODD),
        st.sampled_from(["male", "female", "male", "female", "unspecified", None]),
    ),
    min_size=1,
    max_size=30,
)
SCHEMA = {"total_kg": pl.Float64, "bodyweight_kg": pl.Float64, "sex": pl.String}
FUNCTIONS: dict[str, Callable[..., Outcome]] = {
    "wilks_1994": strength.wilks_1994,
    "wilks_2020": strength.wilks_2020,
    "dots": strength.dots,
    "ipf_gl": strength.ipf_gl,
    "ipf_gl_equipped": partial(strength.ipf_gl, equipped=True),
    "ipf_gl_bench": partial(strength.ipf_gl, bench_only=True),
    "ipf_gl_equipped_bench": partial(strength.ipf_gl, equipped=True, bench_only=True),
}


def test_every_score_has_its_expression() -> None:
    assert list(strength_columns.EXPRESSIONS) == list(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
@given(ROWS)
def test_a_column_equals_the_function_row_by_row(name: str, rows: list[Row]) -> None:
    lifted = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    found = lifted.select(strength_columns.value(name).alias("value"), strength_columns.reason(name).alias("reason"))
    expected = [FUNCTIONS[name](*row) for row in rows]
    assert found.get_column("reason").to_list() == [one.reason and one.reason.value for one in expected]
    for value, one in zip(found.get_column("value"), expected, strict=True):
        assert (value is None) == (one.value is None)
        assert value is None or (isfinite(value) and value == pytest.approx(one.value, rel=1e-9))
