"""Volume, hard sets and units: the published cases."""

import polars as pl
import pytest

from analytics.metrics import plates, volume
from analytics.metrics.atoms import atoms
from models.domain import units
from models.domain.exercises import LoadMode
from models.domain.workouts import SetKind
from tests.analytics.histories import BENCH_PRESS, DEADLIFT, DIP, LUNGE, PULL_UP, SQUAT, ASet, AWorkout, history
from tests.analytics.vectors import vectors

WARM_UP = ASet(kind=SetKind.WARM_UP, reps=10, load_g=40_000)
# What the cases say in words. The test catalogue's pull-up moves the whole body, its dip 64 % of it.
VOLUMES = {
    "3x10x100 external + warmup 10x40 excluded": [ASet(reps=10)] * 3 + [WARM_UP],
    "pull-up 3x8 bw80 +10kg, frac 1.0": [ASet(exercise_id=PULL_UP, reps=8, load_g=10_000)] * 3,
    "push-up 2x20 bw80, frac 0.64": [ASet(exercise_id=DIP, load_mode=LoadMode.BODYWEIGHT_PLUS, reps=20, load_g=None)]
    * 2,
    "assisted dip 3x10 bw80 assist 30": [
        ASet(exercise_id=PULL_UP, load_mode=LoadMode.ASSISTED, reps=10, load_g=30_000),
    ]
    * 3,
    "DB lunge 3x10 per side, 2x20kg": [ASet(exercise_id=LUNGE, reps=10, load_g=20_000)] * 3,
}
# Three exercises of the test catalogue play the cases' bench press, row and triceps extension.
PRESS, ROW, EXTENSION = BENCH_PRESS, DEADLIFT, SQUAT
TARGETS = [
    *((PRESS, "chest", 1000), (PRESS, "shoulders", 500), (PRESS, "triceps", 500)),
    *((ROW, "lats", 1000), (ROW, "middle back", 1000), (ROW, "biceps", 500)),
    (EXTENSION, "triceps", 1000),
]
HARD_SETS = {
    "4 bench": [ASet(exercise_id=PRESS)] * 4,
    "4 bench+3 row+3 triceps ext": [
        *[ASet(exercise_id=PRESS)] * 4,
        *[ASet(exercise_id=ROW)] * 3,
        *[ASet(exercise_id=EXTENSION)] * 3,
    ],
    "2 warmup+3 bench rir2+1 bench rir5(excluded)": [
        *[ASet(exercise_id=PRESS, kind=SetKind.WARM_UP)] * 2,
        *[ASet(exercise_id=PRESS, rir_tenths=20)] * 3,
        ASet(exercise_id=PRESS, rir_tenths=50),
    ],
}


def test_volume_reproduces_the_vectors() -> None:
    for case in vectors("volume"):
        given = history(AWorkout(sets=tuple(VOLUMES[case["case"]]), bodyweight_g=80_000))
        assert atoms(given).item(0, "volume_g") / 1000 == case["out"]


def hard_sets(sets: list[ASet]) -> dict[str, float]:
    muscles = pl.DataFrame(TARGETS, schema=["exercise_id", "muscle", "share_milli"], orient="row")
    weeks = volume.muscle_weeks(atoms(history(AWorkout(sets=tuple(sets)))), muscles)
    return {muscle: milli / 1000 for muscle, milli in weeks.select("muscle", "milli_sets").iter_rows()}


def test_hard_sets_by_muscle_reproduce_the_vectors() -> None:
    for case in vectors("hard_sets"):
        assert hard_sets(HARD_SETS[case["case"]]) == case["out"]


def test_direct_and_indirect_sets_of_a_muscle_add_up_literally() -> None:
    found = hard_sets(HARD_SETS["4 bench+3 row+3 triceps ext"])
    assert (found["triceps"], found["biceps"], found["chest"]) == (5.0, 1.5, 4.0)


def test_pounds_reproduce_the_vectors() -> None:
    for case in vectors("lb_to_kg"):
        assert case["lb"] * units.GRAMS_PER_LB / 1000 == pytest.approx(case["exact"], abs=1e-6)


def test_kilograms_in_pounds_and_in_steps_reproduce_the_vectors() -> None:
    for case in vectors("kg_to_lb"):
        pounds = case["kg"] * 1000 / units.GRAMS_PER_LB
        steps = [plates.rounded(pounds, step).value for step in (0.5, 2.5)]
        assert pounds == pytest.approx(case["exact"], abs=1e-6)
        assert steps == [case["round_0_5"], case["rounded_to_2_5lb"]]
