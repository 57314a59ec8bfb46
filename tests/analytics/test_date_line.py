"""Who flies over the date line trains on an earlier day after a later one."""

from datetime import timedelta

from analytics.exercises import ExercisesParams, exercises_v1
from analytics.progress import ProgressParams, progress_v3
from analytics.training import training_of
from models.domain.exercise_progress import ExercisesDocument
from models.domain.insights import ProgressDocument
from tests.analytics.histories import MONDAY, SQUAT, ASet, AWorkout, history

# The morning of Tuesday in Auckland, then the evening of Monday in Honolulu.
THERE = AWorkout(day=0, apart=1)
BACK = AWorkout(day=0, sets=(ASet(load_g=105_000),))


def test_pages_tell_the_same_latest_day_and_e1rm() -> None:
    training = training_of(history(THERE, BACK, as_of=MONDAY + timedelta(days=1)))
    page = exercises_v1(training, ExercisesParams())["exercises"]
    progress = progress_v3(training, ProgressParams())["progress"]
    assert isinstance(page, ExercisesDocument)
    assert isinstance(progress, ProgressDocument)
    found, [entry] = page.exercises[str(SQUAT)], progress.exercises
    assert (found.first_performed_on, found.last_performed_on) == (MONDAY, MONDAY + timedelta(days=1))
    assert found.series.performed_on == (MONDAY, MONDAY + timedelta(days=1))
    assert found.latest_e1rm
    assert (found.latest_e1rm.performed_on, found.latest_e1rm.e1rm_kg) == (entry.latest_e1rm_on, entry.latest_e1rm_kg)
