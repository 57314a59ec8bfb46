"""A custom exercise counts a set once for each muscle."""

import msgspec
import pytest

from models.domain import exercises
from models.domain.errors import Invalid
from models.domain.exercises import CustomExerciseDraft, Muscle, MuscleShare

CHEST = MuscleShare(muscle=Muscle.CHEST, share=1.0)


def test_a_muscle_is_named_once() -> None:
    with pytest.raises(Invalid) as refused:
        exercises.check(CustomExerciseDraft(name="Press", muscles=(CHEST, CHEST)))
    assert [fault.path for fault in refused.value.faults] == ["$.muscles[1].muscle"]


def test_lists_are_no_longer_than_what_there_is_to_name() -> None:
    body = msgspec.json.encode({"name": "Press", "muscles": [CHEST] * (len(Muscle) + 1)})
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(body, type=CustomExerciseDraft)
