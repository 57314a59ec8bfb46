"""Strength scores: the published cases, clamped bodyweights, and a reason wherever there is no number."""

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics import strength
from analytics.metrics.outcome import Why
from analytics.metrics.strength import Score
from tests.analytics.vectors import vectors

SEXES = {"m": "male", "f": "female"}
BY_POLYNOMIAL = {"wilks1994": strength.wilks_1994, "wilks2020": strength.wilks_2020, "dots": strength.dots}


@pytest.mark.parametrize("name", BY_POLYNOMIAL)
def test_the_polynomials_reproduce_the_vectors(name: str) -> None:
    for case in vectors(name):
        found = BY_POLYNOMIAL[name](case["t"], case["bw"], SEXES[case["sex"]]).value
        assert found == pytest.approx(case["out"], abs=1e-4)


def test_ipf_gl_reproduces_the_vectors_and_published_results() -> None:
    for case in vectors("ipfgl"):
        kind = {"equipped": case.get("q") == "eq", "bench_only": case.get("e") == "bench"}
        found = strength.ipf_gl(case["t"], case["bw"], SEXES[case["sex"]], **kind).value
        assert found == pytest.approx(case["out"], abs=5e-3 if "published" in case else 1e-4)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (strength.wilks_1994, 608.5891),
        (strength.wilks_2020, 729.362),
        (strength.dots, 615.5158),
        (strength.ipf_gl, 126.3292),
    ],
)
def test_a_ton_at_a_hundred_kilograms(score: Score, expected: float) -> None:
    assert score(1000, 100, "male").value == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("score", strength.FORMULAS[:3])
def test_bodyweights_beyond_the_fitted_range_score_as_its_ends(score: Score) -> None:
    assert score(500, 300, "male") == score(500, 699, "male")
    assert score(100, 10, "female") == score(100, 20, "female")


@pytest.mark.parametrize("score", strength.FORMULAS)
@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ((None, 80.0, "male"), Why.TOTAL_UNKNOWN),
        ((500.0, None, "male"), Why.BODYWEIGHT_UNKNOWN),
        ((500.0, 80.0, None), Why.SEX_UNKNOWN),
        ((500.0, 80.0, "unspecified"), Why.SEX_UNKNOWN),
        ((0.0, 80.0, "male"), Why.NOT_POSITIVE),
        ((500.0, -1.0, "male"), Why.NOT_POSITIVE),
        ((500.0, float("nan"), "male"), Why.NOT_POSITIVE),
        ((float("inf"), 80.0, "male"), Why.NOT_POSITIVE),
        ((500.0, 701.0, "male"), Why.OUT_OF_RANGE),
    ],
)
def test_without_what_it_needs_there_is_a_reason(
    score: Score, given_: tuple[float | None, float | None, str | None], why: Why
) -> None:
    found = score(*given_)
    assert (found.value, found.reason) == (None, why)


@pytest.mark.parametrize("score", strength.FORMULAS)
@given(total=st.floats(0.1, 2000), bodyweight=st.floats(1, 700), sex=st.sampled_from(["male", "female"]))
def test_everywhere_in_the_domain_the_score_is_a_number_that_rises_with_the_total(
    score: Score, total: float, bodyweight: float, sex: str
) -> None:
    one, more = score(total, bodyweight, sex).value, score(total * 1.5, bodyweight, sex).value
    assert one is not None
    assert more is not None
    assert isfinite(one)
    assert 0 < one < more
