"""The formulas over columns say of each row what the functions say of one set."""

from collections.abc import Callable
from math import isfinite

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics import e1rm, e1rm_columns
from analytics.metrics.e1rm import estimate

ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.sampled_from([0.0, -5.0, float("nan"), float("inf"), 1e308]), st.floats(0.5, 500)),
        st.one_of(st.none(), st.integers(0, 40)),
        st.one_of(st.none(), st.sampled_from([0.0, 0.5, 1.0, 4.0, 10.0, -1.0, float("nan"), float("inf")])),
    ),
    min_size=1,
    max_size=30,
)
SCHEMA = {"load": pl.Float64, "reps": pl.Int32, "rir": pl.Float64}


def test_every_formula_has_its_expression() -> None:
    assert list(e1rm_columns.EXPRESSIONS) == [formula.__name__ for formula in e1rm.FORMULAS]


@pytest.mark.parametrize("formula", e1rm.FORMULAS, ids=lambda formula: formula.__name__)
@given(ROWS)
def test_a_column_equals_the_function_row_by_row(
    formula: Callable[[float, float], float], rows: list[tuple[float | None, int | None, float | None]]
) -> None:
    sets = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    found = sets.select(e1rm_columns.value(formula.__name__).alias("value"), e1rm_columns.reason().alias("reason"))
    expected = [estimate(formula, *row) for row in rows]
    assert found.get_column("reason").to_list() == [one.reason and one.reason.value for one in expected]
    for value, one in zip(found.get_column("value"), expected, strict=True):
        assert (value is None) == (one.value is None)
        assert value is None or (isfinite(value) and value == pytest.approx(one.value, rel=1e-12))
