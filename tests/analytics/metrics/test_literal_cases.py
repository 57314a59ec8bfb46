"""A handful of published numbers of each formula, for machines without the shared vectors."""

import pytest

from analytics.metrics import banister, e1rm, heart_rate, inol, plates, power, rts, running, strength
from analytics.metrics.e1rm import Estimate, estimate
from analytics.metrics.outcome import Outcome

INTERVALS = ([300.0] * 60 + [100.0] * 60) * 30
SPENT = power.w_balance_j(([350.0] * 60 + [150.0] * 60) * 4, 250, 20_000)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (estimate(e1rm.epley, 140, 3), 154.0),
        (estimate(e1rm.brzycki, 60, 12), 86.4),
        (estimate(e1rm.brzycki, 140, 3, 1), 152.7273),
        (estimate(e1rm.lombardi, 82.5, 8), 101.5694),
        (estimate(e1rm.oconner, 82.5, 8), 99.0),
        (estimate(e1rm.wathan, 82.5, 8), 105.3289),
        (estimate(e1rm.mayhew, 82.5, 8), 104.1862),
        (estimate(e1rm.lander, 82.5, 8), 103.2151),
        (rts.percent(3, 9), 89.2),
        (rts.e1rm(60, 10, 7), 91.8836),
        (rts.load_for(180, 3, 9), 160.56),
    ],
)
def test_an_estimate_is_the_published_one(found: Estimate | Outcome, expected: float) -> None:
    assert found.value == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (strength.wilks_1994(400, 57, "female"), 464.1577),
        (strength.wilks_1994(700, 230, "male"), 372.052),
        (strength.wilks_2020(600, 82.5, "male"), 482.6629),
        (strength.dots(500, 60, "female"), 554.2728),
        (strength.dots(700, 230, "male"), 346.9345),
        (strength.ipf_gl(400, 57, "female"), 93.8262),
        (inol.inol([(3, 90), (3, 90), (3, 90)]), 0.9),
        (inol.inol([(1, 95), (5, 75), (5, 75)]), 0.6),
        (banister.performance([50.0] * 10, 10), -55.4755),
        (banister.performance([50.0] * 10, 24), 248.0186),
        (plates.rounded(314.158724, 2.5), 315.0),
    ],
)
def test_a_score_is_the_published_one(found: Outcome, expected: float) -> None:
    assert found.value == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (heart_rate.maximum_bpm(60), 166.0),
        (heart_rate.karvonen_bpm(0.8, 50, 185), 158.0),
        (heart_rate.trimp(60, 150, 60, 190, "female"), 113.5168),
        (heart_rate.trimp(45, 170, 50, 195, "male"), 116.7575),
        (heart_rate.edwards([0, 40, 20, 0, 0]), 140),
        (heart_rate.hrtss(60, 165, 50, 190, 165, "male"), 100.0),
        (power.iso_power_w(INTERVALS), 239.1),
        (power.intensity(INTERVALS, 250), 0.9564),
        (power.variability(INTERVALS), 1.1955),
        (power.load(INTERVALS, 250), 91.47),
        (SPENT[-1], 8034.87),
        (running.cost_j_kg_m(-0.2), 1.8),
        (running.cost_j_kg_m(0.45), 19.426),
        (running.grade_adjusted_pace_s_km(280, -0.05), 367.09),
        (running.vdot(42_195, 180), 53.5283),
        (running.riegel_s(5400, 21.0975, 42.195), 11258.63),
        (running.rtss(5400, 330, 255), 89.566),
    ],
)
def test_an_endurance_figure_is_the_published_one(found: Outcome, expected: float) -> None:
    assert found.value == pytest.approx(expected, rel=5e-5)


def test_critical_power_is_the_published_line() -> None:
    found = power.critical_power([(120, 500), (300, 400), (1200, 320)])
    assert (found.cp_w, found.w_prime_j) == pytest.approx((297.849, 27161.3), rel=1e-5)
