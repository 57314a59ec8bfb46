"""Whatever a formula is given, it answers a finite number, or null and why; and more is more where it ought to be."""

from collections.abc import Callable
from functools import partial
from math import isfinite

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.metrics import acwr, banister, e1rm, heart_rate, inol, plates, power, rts, running, strength
from analytics.metrics.banister import Response
from analytics.metrics.e1rm import NoEstimate
from analytics.metrics.outcome import Outcome, Why

NUMBERS = st.one_of(st.floats(), st.floats(0.1, 1000))
SERIES = st.one_of(st.lists(NUMBERS, max_size=40), st.lists(st.floats(0, 1e308), min_size=30, max_size=40))
SEXES = st.sampled_from(["male", "female", "unspecified", None])
REPS = st.integers(-3, 45)
UNKNOWN = st.one_of(st.none(), NUMBERS)
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5)
# Each formula with what its arguments may be at worst.
FORMULAS: tuple[tuple[Callable[..., Outcome], tuple[st.SearchStrategy[object], ...]], ...] = (
    *((score, (UNKNOWN, UNKNOWN, SEXES)) for score in strength.FORMULAS),
    (partial(strength.ipf_gl, equipped=True, bench_only=True), (UNKNOWN, UNKNOWN, SEXES)),
    *((form, (SERIES,)) for form in (acwr.coupled, acwr.uncoupled, acwr.ewma)),
    (inol.inol, (st.lists(st.tuples(REPS, NUMBERS), max_size=5),)),
    (banister.accumulated, (SERIES, st.integers(-2, 60), NUMBERS)),
    (banister.performance, (SERIES, st.integers(-2, 60), st.builds(Response, baseline=NUMBERS, fatigue_days=NUMBERS))),
    (heart_rate.maximum_bpm, (NUMBERS,)),
    (heart_rate.karvonen_bpm, (NUMBERS, NUMBERS, NUMBERS)),
    (heart_rate.trimp, (NUMBERS, NUMBERS, NUMBERS, NUMBERS, SEXES)),
    (heart_rate.edwards, (st.lists(NUMBERS, max_size=6),)),
    (heart_rate.hrtss, (NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, SEXES)),
    *((ride, (SERIES,)) for ride in (power.iso_power_w, power.variability)),
    *((ride, (SERIES, NUMBERS)) for ride in (power.intensity, power.load)),
    (running.cost_j_kg_m, (NUMBERS,)),
    (running.grade_adjusted_pace_s_km, (NUMBERS, NUMBERS)),
    (running.vdot, (NUMBERS, NUMBERS)),
    (running.riegel_s, (NUMBERS, NUMBERS, NUMBERS)),
    (running.rtss, (NUMBERS, NUMBERS, NUMBERS)),
    (rts.percent, (REPS, UNKNOWN)),
    *((chart, (NUMBERS, REPS, UNKNOWN)) for chart in (rts.e1rm, rts.load_for)),
    (plates.rounded, (NUMBERS, NUMBERS)),
)


@pytest.mark.parametrize(("formula", "worst"), FORMULAS)
@given(data=st.data())
def test_there_is_a_finite_number_or_a_reason(
    formula: Callable[..., Outcome], worst: tuple[st.SearchStrategy[object], ...], data: st.DataObject
) -> None:
    found = formula(*(data.draw(values) for values in worst))
    assert (found.value is None) == (found.reason is not None)
    assert found.value is None or isfinite(found.value)


@pytest.mark.parametrize("formula", e1rm.FORMULAS, ids=lambda formula: formula.__name__)
@given(load=UNKNOWN, reps=st.one_of(st.none(), REPS), rir=UNKNOWN)
@example(load=float("nan"), reps=5, rir=None)
@example(load=100.0, reps=5, rir=float("nan"))
@example(load=100.0, reps=1, rir=-2.0)
@example(load=1e308, reps=12, rir=None)
def test_an_estimate_is_a_finite_number_above_zero_or_a_reason(
    formula: Callable[[float, float], float], load: float | None, reps: int | None, rir: float | None
) -> None:
    found = e1rm.estimate(formula, load, reps, rir)
    assert (found.value is None) == (found.reason is not None)
    assert found.value is None or (isfinite(found.value) and found.value > 0)


@pytest.mark.parametrize(
    ("load", "rir"), [(float("nan"), None), (float("inf"), None), (1e8, None), (100.0, -1.0), (100.0, float("nan"))]
)
def test_no_such_load_and_no_such_reserve_are_out_of_range(load: float, rir: float | None) -> None:
    assert e1rm.estimate(e1rm.epley, load, 5, rir) == e1rm.Estimate(None, NoEstimate.OUT_OF_RANGE)


@pytest.mark.parametrize("formula", e1rm.FORMULAS, ids=lambda formula: formula.__name__)
@given(load=st.floats(1, 500), reps=st.integers(1, 11))
def test_an_e1rm_rises_with_the_load_the_reps_and_the_reserve(
    formula: Callable[[float, float], float], load: float, reps: int
) -> None:
    one = e1rm.estimate(formula, load, reps).value
    others = [(load * 1.01, reps, None), (load, reps + 1, None), (load, reps, 0.5)]
    assert one is not None
    assert all((e1rm.estimate(formula, *other).value or 0) > one for other in others)


@given(minutes=st.floats(1, 300), bpm=st.floats(61, 180), sex=st.sampled_from(["male", "female"]))
def test_trimp_rises_with_the_minutes_and_the_heart_rate(minutes: float, bpm: float, sex: str) -> None:
    one = heart_rate.trimp(minutes, bpm, 60, 190, sex).value
    longer, harder = (
        heart_rate.trimp(minutes + 1, bpm, 60, 190, sex),
        heart_rate.trimp(minutes, bpm + 1, 60, 190, sex),
    )
    assert one is not None
    assert min(longer.value or 0, harder.value or 0) > one


@given(minutes=st.floats(4, 300), speed=st.floats(150, 400))
def test_who_runs_further_in_the_same_time_has_the_higher_vdot_and_the_shorter_prediction(
    minutes: float, speed: float
) -> None:
    near, far = minutes * speed, minutes * speed * 1.01
    assert (running.vdot(far, minutes).value or 0) > (running.vdot(near, minutes).value or float("inf"))
    sooner, later = (running.riegel_s(minutes * 60, distance, 42_195).value for distance in (far, near))
    assert sooner is not None
    assert later is not None
    assert sooner < later


@given(grade=st.floats(0, 0.44))
def test_a_steeper_climb_costs_more(grade: float) -> None:
    assert (running.cost_j_kg_m(grade + 0.01).value or 0) > (running.cost_j_kg_m(grade).value or 0)


@given(watts=st.lists(st.integers(0, 1500).map(float), min_size=30, max_size=90))
def test_iso_power_lies_between_the_rolling_means_and_rises_with_every_watt(watts: list[float]) -> None:
    means = [sum(watts[at : at + 30]) / 30 for at in range(len(watts) - 29)]
    one, more = power.iso_power_w(watts).value, power.iso_power_w([sample + 1 for sample in watts]).value
    assert one is not None
    assert more is not None
    assert min(means) - 1e-6 <= one <= max(means) + 1e-6
    assert more > one


@given(watts=st.lists(NUMBERS, max_size=60), cp_w=NUMBERS, w_prime_j=NUMBERS)
@example(watts=[251.0] + [0.0] * 2000, cp_w=250.0, w_prime_j=50.0)
@example(watts=[1e308] * 4, cp_w=250.0, w_prime_j=20_000.0)
def test_a_balance_is_finite_every_second_or_has_a_reason(watts: list[float], cp_w: float, w_prime_j: float) -> None:
    for second in power.w_balance_j(watts, cp_w, w_prime_j):
        assert (second.value is None) == (second.reason is not None)
        assert second.value is None or isfinite(second.value)


@given(watts=st.lists(st.floats(0, 1500), max_size=200))
def test_a_balance_never_recovers_beyond_what_there_was(watts: list[float]) -> None:
    assert all((second.value or 0) <= 20_000 + 1e-6 for second in power.w_balance_j(watts, 250, 20_000))


@given(PAIRS)
@example([(1e200, 1.0), (1.0, 2.0)])
@example([(1e-200, 1.0), (2e-200, 2.0)])
def test_critical_power_is_two_finite_numbers_or_a_reason(efforts: list[tuple[float, float]]) -> None:
    found = power.critical_power(efforts)
    values = (found.cp_w, found.w_prime_j)
    assert all((value is None) == (found.reason is not None) for value in values)
    assert all(value is None or isfinite(value) for value in values)


def test_a_reserve_that_would_overshoot_in_a_second_has_no_balance() -> None:
    assert {second.reason for second in power.w_balance_j([300.0, 0.0], 250, 249)} == {Why.OUT_OF_RANGE}
