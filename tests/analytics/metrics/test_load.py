"""Training load: the published series, the derivation's rule, and going on from a state."""

import polars as pl
import pytest

from analytics.metrics import load
from analytics.metrics.atoms import atoms
from analytics.metrics.load import Averages
from models.domain.workouts import SetKind
from tests.analytics.histories import ASet, AWorkout, history
from tests.analytics.vectors import vectors

SERIES = {"7x100": [100] * 7, "42x100": [100] * 42, "alt 150/0 x14": [150, 0] * 7}


def loads(*workouts: AWorkout) -> list[tuple[float, int]]:
    given = history(*workouts)
    return list(load.daily(atoms(given), given.workouts, given.as_of).select("load", "source").iter_rows())


def test_fitness_fatigue_and_form_reproduce_the_vectors() -> None:
    for case in vectors("pmc.coggan_1_over_n"):
        values = load.averages(pl.Series(SERIES[case["case"]], dtype=pl.Float64)).row(-1)
        assert list(values) == pytest.approx(case["last"], abs=1e-4)


def test_monotony_and_strain_reproduce_the_vectors() -> None:
    for case in vectors("foster.pop"):
        expected = case["out"]
        assert load.monotony(case["week"]) == pytest.approx(expected["monotony"], abs=1e-4)
        assert load.strain(case["week"]) == pytest.approx(expected["strain"], abs=1e-2)


def test_going_on_from_a_state_gives_the_same_bits() -> None:
    series = pl.Series([float((at * 37) % 11 * 50) for at in range(200)])
    whole, first = load.averages(series), load.averages(series.head(90))
    state = Averages(*first.select("fitness", "fatigue").row(-1))
    assert load.averages(series.tail(110), state).equals(whole.tail(110))


def test_session_rpe_times_minutes_where_both_are_recorded() -> None:
    for case in vectors("srpe"):
        workout = AWorkout(session_rpe_tenths=case["rpe"] * 10, duration_s=case["min"] * 60)
        assert loads(workout) == [(case["out"], load.RECORDED)]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (ASet(), 24),
        (ASet(rpe_tenths=100), 30),
        (ASet(rir_tenths=40), 18),
        (ASet(duration_ms=600_000), 80),
        (ASet(duration_ms=100_000_000), 1920),
        (ASet(kind=SetKind.WARM_UP), 0),
    ],
)
def test_without_session_rpe_each_set_stands_for_minutes_at_its_own_rpe(entry: ASet, expected: float) -> None:
    assert loads(AWorkout(sets=(entry,))) == [(expected, load.DERIVED)]


def test_a_forgotten_clock_is_no_training() -> None:
    assert loads(AWorkout(session_rpe_tenths=80, duration_s=264 * 3600)) == [(24, load.DERIVED)]


def test_a_clock_that_never_ran_is_no_record_of_a_load() -> None:
    assert loads(AWorkout(session_rpe_tenths=80, duration_s=0)) == [(24, load.DERIVED)]


def test_rest_days_are_zeros_and_a_day_of_both_kinds_is_mixed() -> None:
    recorded = AWorkout(day=2, session_rpe_tenths=50, duration_s=600)
    days = loads(AWorkout(day=0), AWorkout(day=2), recorded)
    assert days == [(24, load.DERIVED), (0, load.REST), (74, load.MIXED)]
