"""The RPE chart against its vectors."""

import pytest

from analytics.metrics import rts
from tests.analytics.vectors import vectors


def test_the_chart_reproduces_the_vectors() -> None:
    for case in vectors("rts.pct"):
        assert rts.percent(case["reps"], case["rpe"]) == case["chart"]


def test_e1rm_and_load_reproduce_the_vectors() -> None:
    for case in vectors("rts.e1rm"):
        assert rts.e1rm(case["w"], case["reps"], case["rpe"]) == pytest.approx(case["out"], abs=1e-3)
    for case in vectors("rts.load_for"):
        assert rts.load_for(case["e1rm"], case["reps"], case["rpe"]) == pytest.approx(case["raw"], abs=1e-9)


@pytest.mark.parametrize(("reps", "rpe"), [(0, 10), (17, 10), (5, 8.3), (12, 5)])
def test_off_the_chart_there_is_no_number(reps: int, rpe: float) -> None:
    assert rts.percent(reps, rpe) is None
    assert rts.e1rm(100, reps, rpe) is None
    assert rts.load_for(100, reps, rpe) is None
