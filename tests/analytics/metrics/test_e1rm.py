"""e1RM formulas against published values, and the integer key against the formula."""

from collections.abc import Callable

import pytest

from analytics.frames import History
from analytics.metrics import e1rm
from analytics.metrics.atoms import atoms
from analytics.metrics.e1rm import NoEstimate, brzycki, epley, estimate
from models.domain.workouts import SetKind
from tests.analytics.histories import PULL_UP, ASet, AWorkout, history
from tests.analytics.vectors import vectors


def best_kg(*sets: ASet, bodyweight_g: int | None = None) -> float | None:
    key = atoms(of(*sets, bodyweight_g=bodyweight_g)).item(0, "e1rm_key")
    return None if key is None else e1rm.key_kg(key)


def of(*sets: ASet, bodyweight_g: int | None = None) -> History:
    return history(AWorkout(sets=sets, bodyweight_g=bodyweight_g))


@pytest.mark.parametrize("formula", e1rm.FORMULAS, ids=lambda formula: formula.__name__)
def test_every_formula_reproduces_the_vectors(formula: Callable[[float, float], float]) -> None:
    for case in vectors(f"e1rm.{formula.__name__}"):
        assert estimate(formula, case["w"], case["reps"]).value == pytest.approx(case["out"], abs=1e-4)


@pytest.mark.parametrize("formula", [epley, brzycki], ids=lambda formula: formula.__name__)
def test_reserve_counts_as_reps(formula: Callable[[float, float], float]) -> None:
    for case in vectors(f"e1rm_rir.{formula.__name__}"):
        assert estimate(formula, case["w"], case["reps"], 10 - case["rpe"]).value == pytest.approx(
            case["out"], abs=1e-4
        )


def test_the_key_reproduces_epleys_vectors() -> None:
    for case in vectors("e1rm.epley"):
        assert best_kg(ASet(load_g=round(case["w"] * 1000), reps=case["reps"])) == pytest.approx(case["out"], abs=5e-4)


@pytest.mark.parametrize(
    ("entry", "expected_kg"),
    [
        (ASet(reps=1), 100.0),
        (ASet(reps=1, rpe_tenths=100), 100.0),
        (ASet(reps=1, rir_tenths=10), 106.667),
        (ASet(reps=5), 116.667),
        (ASet(reps=5, rpe_tenths=80), 123.333),
        (ASet(reps=5, rir_tenths=5), 118.333),
        (ASet(reps=12), 140.0),
        (ASet(reps=12, rir_tenths=1), None),
        (ASet(reps=13), None),
        (ASet(reps=0), None),
        (ASet(reps=None), None),
        (ASet(load_g=0), None),
        (ASet(load_g=None), None),
        (ASet(kind=SetKind.WARM_UP), None),
        (ASet(kind=SetKind.PARTIAL), None),
    ],
)
def test_a_sets_e1rm_is_epleys_in_its_domain_and_null_outside(entry: ASet, expected_kg: float | None) -> None:
    assert best_kg(entry) == expected_kg


def test_bodyweight_counts_where_it_moves() -> None:
    assert best_kg(ASet(exercise_id=PULL_UP, load_g=20_000, reps=1), bodyweight_g=80_000) == 100.0


def test_the_best_set_of_a_session_comes_back_whole() -> None:
    row = atoms(of(ASet(reps=10, load_g=90_000), ASet(reps=5, rir_tenths=15), ASet(reps=3))).row(0, named=True)
    assert (row["best_reps"], row["best_tenths"], row["best_moved_g"], row["best_mode"]) == (5, 65, 100_000, 1)


@pytest.mark.parametrize(
    ("load", "reps", "rir", "reason"),
    [
        (0, 5, None, NoEstimate.NO_LOAD),
        (None, 5, None, NoEstimate.NO_LOAD),
        (-20, 5, None, NoEstimate.NO_LOAD),
        (100, 0, None, NoEstimate.NO_REPS),
        (100, None, None, NoEstimate.NO_REPS),
        (100, 38, None, NoEstimate.TOO_MANY_REPS),
        (100, 10, 2.5, NoEstimate.TOO_MANY_REPS),
    ],
)
def test_outside_the_domain_there_is_a_reason_and_no_number(
    load: float | None, reps: int | None, rir: float | None, reason: NoEstimate
) -> None:
    assert estimate(brzycki, load, reps, rir) == e1rm.Estimate(None, reason)
