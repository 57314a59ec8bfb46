"""Heart rate, power and running: the published cases, and a reason outside the domains."""

from math import isfinite
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics import heart_rate, power, running
from analytics.metrics.outcome import Outcome, Why
from tests.analytics.vectors import vectors

SEXES = {"m": "male", "f": "female"}
RIDES = {
    "const 200": [200.0] * 3600,
    "60/60 300/100 x30": ([300.0] * 60 + [100.0] * 60) * 30,
    "1800@150+1800@250": [150.0] * 1800 + [250.0] * 1800,
}
EFFORTS = {
    "180s@350": [350.0] * 180,
    "4x(60@350,60@150)": ([350.0] * 60 + [150.0] * 60) * 4,
    "3x(180@300,120@100)": ([300.0] * 180 + [100.0] * 120) * 3,
}


def test_maximum_heart_rate_reproduces_the_vectors() -> None:
    for case in vectors("hrmax"):
        assert heart_rate.maximum_bpm(case["age"]).value == pytest.approx(case["tanaka"], abs=1e-4)


def test_karvonen_reproduces_the_vectors() -> None:
    for case in vectors("karvonen"):
        for share, expected in case["zones"].items():
            found = heart_rate.karvonen_bpm(float(share), case["rest"], case["max"]).value
            assert found == pytest.approx(expected, abs=1e-4)


def test_trimp_reproduces_the_vectors() -> None:
    for case in vectors("trimp.banister"):
        minutes, mean, rest, most, sex = case["inp"]
        assert heart_rate.trimp(minutes, mean, rest, most, SEXES[sex]).value == pytest.approx(case["out"], abs=1e-4)
    for case in vectors("trimp.edwards"):
        assert heart_rate.edwards(case["minutes_z1_5"]).value == case["out"]


def test_another_convention_for_women_gives_another_number() -> None:
    """GoldenCheetah takes the women's weight with the men's exponent; ours is Morton's."""
    for case in vectors("informative.trimp.goldencheetah_female"):
        minutes, mean, rest, most, sex = case["inp"]
        assert heart_rate.trimp(minutes, mean, rest, most, SEXES[sex]).value != pytest.approx(case["out"], rel=0.1)


def test_hrtss_reproduces_the_vectors() -> None:
    for case in vectors("hrtss"):
        minutes, mean, rest, most, threshold, sex = case["inp"]
        assert heart_rate.hrtss(minutes, mean, rest, most, threshold, SEXES[sex]).value == pytest.approx(
            case["out"], abs=1e-3
        )


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (heart_rate.trimp(60, 150, 60, 190, "unspecified"), Why.SEX_UNKNOWN),
        (heart_rate.trimp(60, 200, 60, 190, "male"), Why.OUT_OF_RANGE),
        (heart_rate.trimp(60, 150, 190, 60, "male"), Why.OUT_OF_RANGE),
        (heart_rate.trimp(0, 150, 60, 190, "male"), Why.NOT_POSITIVE),
        (heart_rate.hrtss(60, 150, 60, 190, 60, "male"), Why.NOT_POSITIVE),
        (heart_rate.edwards([1, 2, 3, 4]), Why.TOO_FEW_VALUES),
        (heart_rate.edwards([1, 2, 3, 4, -5]), Why.OUT_OF_RANGE),
        (heart_rate.karvonen_bpm(1.1, 60, 190), Why.OUT_OF_RANGE),
        (heart_rate.maximum_bpm(float("nan")), Why.NOT_POSITIVE),
        (power.iso_power_w([200.0] * 29), Why.TOO_FEW_VALUES),
        (power.iso_power_w([-1.0] * 60), Why.OUT_OF_RANGE),
        (power.intensity([200.0] * 60, 0), Why.NOT_POSITIVE),
        (power.variability([0.0] * 60), Why.NOT_POSITIVE),
        (running.cost_j_kg_m(0.46), Why.OUT_OF_RANGE),
        (running.grade_adjusted_pace_s_km(0, 0.1), Why.NOT_POSITIVE),
        (running.vdot(5000, 3), Why.OUT_OF_RANGE),
        (running.vdot(50, 60), Why.NOT_POSITIVE),
        (running.riegel_s(1200, 0, 10), Why.NOT_POSITIVE),
        (running.rtss(3600, float("inf"), 270), Why.NOT_POSITIVE),
    ],
)
def test_outside_the_domain_there_is_a_reason_and_no_number(found: Outcome, why: Why) -> None:
    assert (found.value, found.reason) == (None, why)


def test_power_reproduces_the_vectors() -> None:
    for case in vectors("np_if_tss(ftp=250)"):
        watts = RIDES[case["case"]]
        assert fmean(watts) == case["avg"]
        assert power.iso_power_w(watts).value == pytest.approx(case["NP"], abs=1e-3)
        assert power.intensity(watts, 250).value == pytest.approx(case["IF"], abs=1e-4)
        assert power.variability(watts).value == pytest.approx(case["VI"], abs=1e-4)
        assert power.load(watts, 250).value == pytest.approx(case["TSS"], abs=1e-2)


def test_critical_power_reproduces_the_vectors() -> None:
    for case in vectors("cp_wprime.linear_work_time"):
        found = power.critical_power([(seconds, watts) for seconds, watts in case["points"]])
        assert found.cp_w == pytest.approx(case["CP"], abs=1e-3)
        assert found.w_prime_j == pytest.approx(case["W"], abs=0.1)


def test_one_duration_or_a_falling_line_has_no_critical_power() -> None:
    assert power.critical_power([(180, 400), (180, 410)]).reason is Why.TOO_FEW_VALUES
    assert power.critical_power([(60, 600), (600, 20)]).reason is Why.NOT_POSITIVE


def test_the_balance_of_w_prime_reproduces_the_vectors() -> None:
    for case in vectors("wbal(CP=250,W'=20000)"):
        left = [second.value for second in power.w_balance_j(EFFORTS[case["case"]], 250, 20_000)]
        known = [joules for joules in left if joules is not None]
        assert [known[-1], min(known)] == pytest.approx(case["diff_end_min"], abs=1e-2)


def test_a_balance_of_nonsense_is_a_reason_for_each_second() -> None:
    assert {second.reason for second in power.w_balance_j([1.0, float("nan")], 250, 20_000)} == {Why.OUT_OF_RANGE}
    assert {second.reason for second in power.w_balance_j([1.0], 0, 20_000)} == {Why.NOT_POSITIVE}


def test_running_reproduces_the_vectors() -> None:
    for case in vectors("minetti_cost_J_kg_m"):
        cost = running.cost_j_kg_m(case["grade"]).value
        assert cost == pytest.approx(case["C"], abs=1e-4)
        assert cost is not None
        assert cost / 3.6 == pytest.approx(case["ratio"], abs=1e-4)
    for case in vectors("gap"):
        found = running.grade_adjusted_pace_s_km(case["pace_s_km"], case["grade"]).value
        assert found == pytest.approx(case["out"], abs=1e-3)
    for case in vectors("vdot"):
        assert running.vdot(case["m"], case["min"]).value == pytest.approx(case["out"], abs=1e-4)
    for case in vectors("riegel"):
        assert running.riegel_s(case["t"], case["d1"], case["d2"]).value == pytest.approx(case["out"], abs=1e-2)
    for case in vectors("rtss"):
        found = running.rtss(case["sec"], case["ngp_s_km"], case["threshold_s_km"]).value
        assert found == pytest.approx(case["out"], abs=1e-3)


@given(st.floats(-0.45, 0.45), st.floats(60, 1200))
def test_every_slope_in_the_domain_has_a_pace(grade: float, pace: float) -> None:
    found = running.grade_adjusted_pace_s_km(pace, grade).value
    assert found is not None
    assert isfinite(found)
    assert found > 0
