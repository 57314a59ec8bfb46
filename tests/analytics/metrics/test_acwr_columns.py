"""The ratios over a grid say of each day what the functions say of the days up to it, athlete by athlete."""

from math import isfinite

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics import acwr, acwr_columns

# Runs of alike days, so that whole weeks of rest and of nonsense occur.
RUNS = st.lists(st.tuples(st.sampled_from([0.0, 0.0, 37.5, 240.0, 1000.0]), st.integers(1, 20)), min_size=1, max_size=6)
NONSENSE = st.sampled_from([None, None, None, float("nan"), float("inf"), -1.0])
FUNCTIONS = {"coupled": acwr.coupled, "uncoupled": acwr.uncoupled, "ewma": acwr.ewma}


def days(runs: list[tuple[float, int]], last: float | None) -> list[float]:
    return [load for load, length in runs for _ in range(length)] + ([] if last is None else [last])


def test_every_form_has_its_expression() -> None:
    assert list(acwr_columns.FORMS) == list(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
@given(one=st.builds(days, RUNS, NONSENSE), other=st.builds(days, RUNS, NONSENSE))
def test_each_day_equals_the_function_of_the_days_up_to_it(name: str, one: list[float], other: list[float]) -> None:
    grid = pl.DataFrame({"athlete": [1] * len(one) + [2] * len(other), "load": [*one, *other]})
    found = grid.select(acwr_columns.value(name).alias("value"), acwr_columns.reason(name).alias("reason"))
    expected = [FUNCTIONS[name](loads[: at + 1]) for loads in (one, other) for at in range(len(loads))]
    assert found.get_column("reason").to_list() == [ratio.reason and ratio.reason.value for ratio in expected]
    for value, ratio in zip(found.get_column("value"), expected, strict=True):
        assert (value is None) == (ratio.value is None)
        assert value is None or (isfinite(value) and value == pytest.approx(ratio.value, rel=1e-9))


def test_an_unknown_load_leaves_the_days_after_it_without_a_ratio() -> None:
    grid = pl.DataFrame({"athlete": [1] * 30, "load": [100.0] * 29 + [None]})
    reasons = grid.select(acwr_columns.reason("ewma")).to_series().to_list()
    assert reasons[26:] == ["too_few_days", None, None, "out_of_range"]
