"""Plates by exact search, Banister's model and INOL."""

from collections.abc import Callable, Mapping
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics import banister, inol, plates
from analytics.metrics.outcome import Why
from tests.analytics.vectors import vectors

USUAL = {25_000: 4, 20_000: 1, 15_000: 1, 10_000: 1, 5_000: 1, 2_500: 1, 1_250: 1}
PAIRS = st.dictionaries(st.integers(1, 12), st.integers(0, 2), max_size=4)
Load = Callable[[int, int, Mapping[int, int]], plates.Loading]
TRAINING = {
    "1 impulse 100, next day": ([100.0], 1),
    "10x50 then next day": ([50.0] * 10, 10),
    "10x50 + 14 rest": ([50.0] * 10, 24),
}


def test_plates_reproduce_the_vectors() -> None:
    for case in vectors("plates_kg_bar20"):
        side_kg, total_kg = case["out"]
        found = plates.loading(round(case["target"] * 1000), 20_000, USUAL)
        assert (found.side_g, found.total_g) == (tuple(kg * 1000 for kg in side_kg), total_kg * 1000)


def test_the_largest_first_would_miss_what_the_search_finds() -> None:
    found = plates.loading(80_000, 20_000, {25_000: 1, 20_000: 1, 10_000: 1})
    assert found == plates.Loading(side_g=(20_000, 10_000), total_g=80_000)


@pytest.mark.parametrize("load", [plates.loading, plates.nearest])
@pytest.mark.parametrize(
    ("target_g", "bar_g", "why"),
    [
        (15_000, 20_000, Why.BAR_TOO_HEAVY),
        (-1, 0, Why.BAR_TOO_HEAVY),
        (60_000, -1, Why.OUT_OF_RANGE),
        (1_000_001, 20_000, Why.OUT_OF_RANGE),
    ],
)
def test_where_nothing_can_be_loaded_there_is_a_reason(load: Load, target_g: int, bar_g: int, why: Why) -> None:
    assert load(target_g, bar_g, USUAL) == plates.Loading(side_g=None, total_g=None, reason=why)


def test_the_nearest_may_lie_above() -> None:
    assert plates.nearest(97_300, 20_000, USUAL).total_g == 97_500


def test_of_two_equally_near_loads_the_lighter_is_taken() -> None:
    assert plates.nearest(96_250, 20_000, USUAL).total_g == 95_000


@given(PAIRS, st.integers(4, 60))
def test_no_other_choice_of_plates_comes_nearer_from_below_or_with_fewer_plates(
    pairs: dict[int, int], target: int
) -> None:
    below = [side for side in every_side(pairs) if 4 + 2 * sum(side) <= target]
    best = max(below, key=lambda side: (sum(side), -len(side), side))
    assert plates.loading(target, 4, pairs) == plates.Loading(side_g=best, total_g=4 + 2 * sum(best))


@given(PAIRS, st.integers(4, 60))
def test_no_other_choice_of_plates_comes_nearer_from_either_side(pairs: dict[int, int], target: int) -> None:
    best = min((4 + 2 * sum(side) for side in every_side(pairs)), key=lambda total: (abs(total - target), total))
    assert plates.nearest(target, 4, pairs).total_g == best


def every_side(pairs: dict[int, int]) -> list[tuple[int, ...]]:
    """Each choice of plates, heaviest first."""
    plates_g = sorted(pairs, reverse=True)
    choices = product(*(range(pairs[plate] + 1) for plate in plates_g))
    return [tuple(p for p, n in zip(plates_g, counts, strict=True) for _ in range(n)) for counts in choices]


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
