"""Every published vector is reproduced by a test, or named as another convention."""

import re
from pathlib import Path

import msgspec
import pytest

from analytics.metrics import volume
from analytics.metrics.atoms import atoms
from models.domain import units
from models.domain.exercises import LoadMode
from tests.analytics.histories import DIP, LUNGE, PULL_UP, ASet, AWorkout, history
from tests.analytics.vectors import PATH, vectors

PLUS = LoadMode.BODYWEIGHT_PLUS
HERE = Path(__file__).parent
# Named by a test with a name that is computed.
COMPUTED = {"e1rm.", "e1rm_rir."}
# What the cases of the volume vectors say in words; each at a bodyweight of 80 kg.
VOLUMES = {
    "3x10x100 external + warmup 10x40 excluded": [ASet(reps=10)] * 3,
    "pull-up 3x8 bw80 +10kg, frac 1.0": [ASet(exercise_id=PULL_UP, reps=8, load_g=10_000)] * 3,
    "push-up 2x20 bw80, frac 0.64": [ASet(exercise_id=DIP, load_mode=LoadMode.BODYWEIGHT_PLUS, reps=20, load_g=None)]
    * 2,
    "assisted dip 3x10 bw80 assist 30": [ASet(exercise_id=DIP, reps=10, load_g=1_200)] * 3,
    "DB lunge 3x10 per side, 2x20kg": [ASet(exercise_id=LUNGE, reps=10, load_g=20_000)] * 3,
}


def test_no_vector_is_without_a_test() -> None:
    if not PATH.is_file():
        pytest.skip("the shared vectors are not on this machine")
    sources = "".join(path.read_text() for path in HERE.glob("test_*.py"))
    named = set(re.findall(r'vectors\(\s*"([^"]+)"', sources)) | set(re.findall(r'"(wilks\d+|dots)"', sources))
    names = msgspec.json.decode(PATH.read_bytes())
    missing = {name for name in names if name not in named and not name.startswith((*COMPUTED, "informative."))}
    assert missing == set()


def test_volume_reproduces_the_vectors() -> None:
    for case in vectors("volume"):
        given = history(AWorkout(sets=tuple(VOLUMES[case["case"]]), bodyweight_g=80_000))
        assert atoms(given).item(0, "volume_g") / 1000 == case["out"]


def test_pounds_and_kilograms_reproduce_the_vectors() -> None:
    for case in vectors("lb_to_kg"):
        assert case["lb"] * units.GRAMS_PER_LB / 1000 == pytest.approx(case["exact"], abs=1e-6)
    for case in vectors("kg_to_lb"):
        assert case["kg"] * 1000 / units.GRAMS_PER_LB == pytest.approx(case["exact"], abs=1e-6)


def test_hard_sets_by_muscle_reproduce_the_vectors() -> None:
    """The cases' press is direct for one muscle and indirect for two: here by the shares of the exercise."""
    for case, sets in {
        "4 bench": [ASet()] * 4,
        "2 warmup+3 bench rir2+1 bench rir5(excluded)": [ASet(rir_tenths=20)] * 3 + [ASet(rir_tenths=50)],
    }.items():
        expected = next(row["out"] for row in vectors("hard_sets") if row["case"] == case)
        given = history(AWorkout(sets=tuple(sets)))
        weeks = volume.muscle_weeks(atoms(given), given.muscles)
        found = {muscle: sets / 1000 for muscle, sets in weeks.select("muscle", "milli_sets").iter_rows()}
        assert (found["quads"], found["glutes"]) == (expected["chest"], expected["triceps"])
