"""Plates by exact search, Banister's model and INOL."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics import banister, inol, plates
from analytics.metrics.outcome import Why
from tests.analytics.vectors import vectors

USUAL = {25_000: 4, 20_000: 1, 15_000: 1, 10_000: 1, 5_000: 1, 2_500: 1, 1_250: 1}
TRAINING = {
    "1 impulse 100, next day": ([100.0], 1),
    "10x50 then next day": ([50.0] * 10, 10),
    "10x50 + 14 rest": ([50.0] * 10, 24),
}


def test_plates_reproduce_the_vectors() -> None:
    for case in vectors("plates_kg_bar20"):
        side_kg, total_kg = case["out"]
        found = plates.loading(round(case["target"] * 1000), 20_000, USUAL)
        assert found is not None
        assert ([grams / 1000 for grams in found.side_g], found.total_g / 1000) == (side_kg, total_kg)


def test_the_largest_first_would_miss_what_the_search_finds() -> None:
    found = plates.loading(80_000, 20_000, {25_000: 1, 20_000: 1, 10_000: 1})
    assert found == plates.Loading(side_g=(20_000, 10_000), total_g=80_000)


def test_a_bar_that_is_too_heavy_has_no_loading() -> None:
    assert plates.loading(15_000, 20_000, USUAL) is None
    assert plates.nearest(15_000, 20_000, USUAL) is None


def test_the_nearest_may_lie_above() -> None:
    found = plates.nearest(97_300, 20_000, USUAL)
    assert found is not None
    assert found.total_g == 97_500


@given(
    st.dictionaries(st.integers(1, 12), st.integers(0, 2), max_size=4),
    st.integers(0, 60),
)
def test_no_other_choice_of_plates_comes_nearer_from_below(pairs: dict[int, int], target: int) -> None:
    sides = (
        sum(plate * count for plate, count in zip(pairs, counts, strict=True))
        for counts in product(*(range(count + 1) for count in pairs.values()))
    )
    best = max((4 + 2 * side for side in sides if 4 + 2 * side <= target), default=None)
    found = plates.loading(target, 4, pairs)
    assert (found and found.total_g) == best
    assert found is None or all(found.side_g.count(plate) <= pairs[plate] for plate in found.side_g)


def test_banister_reproduces_the_vectors() -> None:
    for case in vectors("banister(k1=1,k2=2,t1=42,t2=7)"):
        loads, on = TRAINING[case["case"]]
        assert banister.accumulated(loads, on, 42).value == pytest.approx(case["out"]["fitness"], abs=1e-4)
        assert banister.accumulated(loads, on, 7).value == pytest.approx(case["out"]["fatigue"], abs=1e-4)
        assert banister.performance(loads, on).value == pytest.approx(case["out"]["perf"], abs=1e-4)


def test_banister_before_the_first_day_or_with_nonsense_has_a_reason() -> None:
    assert banister.performance([100.0], -1).reason is Why.OUT_OF_RANGE
    assert banister.performance([float("nan")], 3).reason is Why.OUT_OF_RANGE
    assert banister.accumulated([100.0], 3, 0).reason is Why.OUT_OF_RANGE


def test_inol_reproduces_the_vectors() -> None:
    for case in vectors("inol"):
        assert inol.inol([(reps, percent) for reps, percent in case["sets"]]).value == pytest.approx(
            case["out"], abs=1e-4
        )


@pytest.mark.parametrize("percent", [0.0, 100.0, 105.0, float("nan")])
def test_inol_is_undefined_at_the_maximum(percent: float) -> None:
    assert inol.inol([(1, percent)]).reason is Why.OUT_OF_RANGE
