"""Moved load, tonnage and hard sets: the published cases, literally."""

import pytest

from analytics.metrics import volume
from analytics.metrics.atoms import atoms
from models.domain.exercises import LoadMode
from models.domain.workouts import SetKind, Side
from tests.analytics.histories import BAND, DIP, LUNGE, PULL_UP, ASet, AWorkout, history


def volume_kg(*sets: ASet, bodyweight_g: int | None = 80_000) -> float | None:
    grams = atoms(history(AWorkout(sets=sets, bodyweight_g=bodyweight_g))).item(0, "volume_g")
    return None if grams is None else grams / 1000


@pytest.mark.parametrize(
    ("sets", "expected_kg"),
    [
        ((*[ASet(reps=10)] * 3, ASet(kind=SetKind.WARM_UP, reps=10, load_g=40_000)), 3000),
        ([ASet(exercise_id=PULL_UP, reps=8, load_g=10_000)] * 3, 2160),
        ([ASet(exercise_id=DIP, reps=10, load_g=1_200)] * 3, 1500),
        ([ASet(exercise_id=DIP, reps=10, load_g=60_000)], 0),
        ([ASet(exercise_id=LUNGE, reps=10, load_g=20_000)] * 3, 2400),
        ([ASet(exercise_id=LUNGE, reps=10, load_g=20_000, side=Side.LEFT)] * 3, 1200),
        ([ASet(reps=10, side=Side.EACH)], 2000),
        ([ASet(reps=0)], 0),
        ([ASet(reps=None)], None),
        ([ASet(load_g=None)], None),
        ([ASet(exercise_id=BAND)], None),
        ([ASet(load_mode=LoadMode.MACHINE_UNITS)], None),
    ],
)
def test_tonnage_is_reps_times_moved_load_times_sides_times_implements(
    sets: list[ASet], expected_kg: float | None
) -> None:
    assert volume_kg(*sets) == expected_kg


@pytest.mark.parametrize("exercise_id", [PULL_UP, DIP])
def test_unknown_bodyweight_gives_no_volume(exercise_id: int) -> None:
    assert volume_kg(ASet(exercise_id=exercise_id), bodyweight_g=None) is None


@pytest.mark.parametrize(
    ("entry", "is_hard"),
    [
        (ASet(), True),
        (ASet(rir_tenths=40), True),
        (ASet(rir_tenths=45), False),
        (ASet(rpe_tenths=60), True),
        (ASet(rpe_tenths=50), False),
        (ASet(kind=SetKind.WARM_UP), False),
        (ASet(kind=SetKind.DROP), True),
        (ASet(reps=0), False),
        (ASet(reps=None, duration_ms=60_000), True),
    ],
)
def test_a_hard_set_is_a_working_set_near_failure_or_of_unknown_reserve(entry: ASet, is_hard: bool) -> None:
    assert atoms(history(AWorkout(sets=(entry,)))).item(0, "hard_sets") == is_hard


def test_an_indirect_target_counts_half() -> None:
    given = history(AWorkout(sets=(ASet(),) * 4))
    weeks = volume.muscle_weeks(atoms(given), given.muscles)
    assert dict(weeks.select("muscle", "milli_sets").iter_rows()) == {"quads": 4000, "glutes": 2000}
