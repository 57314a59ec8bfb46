"""Sums of which a part is unknown are no records, and none to beat."""

from analytics.progress import ProgressParams, progress_v3
from analytics.training import training_of
from models.domain.insights import RecordKind, RecordsDocument
from models.domain.workouts import SetKind
from tests.analytics.histories import BAND, PULL_UP, ASet, AWorkout, history

SQUAT_AND_PULL_UPS = (ASet(), ASet(exercise_id=PULL_UP, load_g=None, reps=10))
SUMS = {RecordKind.SESSION_TONNAGE, RecordKind.EXERCISE_VOLUME}


def sums(*workouts: AWorkout) -> list[tuple[RecordKind, float, float | None]]:
    """The records of sums that were ever set, newest first."""
    document = progress_v3(training_of(history(*workouts)), ProgressParams())["records"]
    assert isinstance(document, RecordsDocument)
    return [(one.kind, one.value_kg, one.previous_value_kg) for one in document.feed if one.kind in SUMS]


def test_a_bodyweight_told_later_makes_no_record_of_the_same_work() -> None:
    weighed = AWorkout(day=3, sets=SQUAT_AND_PULL_UPS, bodyweight_g=80_000)
    assert sums(AWorkout(sets=SQUAT_AND_PULL_UPS), weighed, AWorkout(day=6, sets=SQUAT_AND_PULL_UPS)) == []


def test_a_load_that_was_not_written_down_makes_no_record_of_the_next_session() -> None:
    partly = AWorkout(sets=(ASet(), ASet(load_g=None)))
    whole = (ASet(), ASet())
    assert sums(partly, AWorkout(day=3, sets=whole), AWorkout(day=6, sets=whole)) == []


def test_what_has_no_kilograms_bars_no_record() -> None:
    others = (
        ASet(exercise_id=BAND),
        ASet(reps=None, load_g=None, duration_ms=60_000),
        ASet(kind=SetKind.WARM_UP, load_g=None),
        ASet(reps=0, load_g=None),
    )
    found = sums(AWorkout(sets=(ASet(), *others)), AWorkout(day=3, sets=(ASet(), ASet(), *others)))
    assert found == [(RecordKind.SESSION_TONNAGE, 1000.0, 500.0), (RecordKind.EXERCISE_VOLUME, 1000.0, 500.0)]
