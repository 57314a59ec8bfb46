"""ACWR: the three forms on literal series, and null where a ratio would mean nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics import acwr
from analytics.metrics.outcome import Why
from tests.analytics.vectors import vectors

SERIES = {"const": [100.0] * 28, "spike": [100.0] * 21 + [200.0] * 7, "taper": [100.0] * 21 + [40.0] * 7}
FORMS = (acwr.coupled, acwr.uncoupled, acwr.ewma)


def test_the_forms_reproduce_the_vectors() -> None:
    for case in vectors("acwr"):
        loads = SERIES[case["case"]]
        found = [form(loads).value for form in FORMS]
        assert found == pytest.approx([case["coupled"], case["uncoupled"], case["ewma_coupled"]], abs=1e-4)
        assert found[0] == pytest.approx(case["identity_coupled_from_uncoupled"], abs=1e-4)


def test_a_doubled_week_literally() -> None:
    assert [form(SERIES["spike"]).value for form in FORMS] == pytest.approx([1.6, 2.0, 1.3394], abs=1e-4)


@pytest.mark.parametrize("form", FORMS)
def test_the_first_four_weeks_and_no_load_at_all_give_null_and_the_reason(form: acwr.Form) -> None:
    assert form([100.0] * 27).reason is Why.TOO_FEW_DAYS
    assert form([0.0] * 40).reason is Why.NO_LOAD_BEFORE
    assert form([100.0] * 40 + [float("nan")]).reason is Why.OUT_OF_RANGE


def test_after_three_weeks_of_rest_only_the_uncoupled_form_has_nothing_to_compare_with() -> None:
    loads = [100.0] + [0.0] * 27 + [50.0] * 7
    assert acwr.uncoupled(loads).reason is Why.NO_LOAD_BEFORE
    assert acwr.coupled(loads).value == pytest.approx(4.0)


@given(st.lists(st.floats(0, 5000), min_size=28, max_size=80))
def test_uncoupled_and_coupled_are_one_identity_apart(loads: list[float]) -> None:
    coupled, uncoupled = acwr.coupled(loads).value, acwr.uncoupled(loads).value
    if coupled is not None and uncoupled is not None:
        assert coupled == pytest.approx(4 * uncoupled / (uncoupled + 3), rel=1e-6)


def test_the_caveat_speaks_of_no_injury() -> None:
    assert "injur" not in acwr.CAVEAT.lower()
