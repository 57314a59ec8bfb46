"""The shape of the export: as much as a workout has, reversible in its cells, and no more than it says."""

import pytest
from hypothesis import given

from models.domain import exports
from models.domain.exercises import CustomExerciseDraft
from models.domain.exports import COLUMNS, NUMBERS, TEXTS, OwnExercise, WorkoutHead, WrittenSet, WrittenTarget
from models.domain.exports import WrittenWorkout as Written
from models.domain.sets import SetDraft, SetTarget
from models.domain.workouts import WorkoutDraft
from tests.anything import texts


@pytest.mark.parametrize(("shape", "draft"), [(WrittenSet, SetDraft), (WrittenTarget, SetTarget)])
def test_a_set_is_written_with_every_field_that_it_can_have(shape: type, draft: type) -> None:
    assert set(shape.__struct_fields__) == set(draft.__struct_fields__)  # type: ignore[attr-defined]


def test_a_workout_is_written_and_read_with_every_field_that_it_can_have() -> None:
    fields = {*WorkoutDraft.__struct_fields__, "id", "source"}
    assert set(Written.__struct_fields__) == fields
    assert {*WorkoutHead.__struct_fields__, "sets"} == fields


def test_an_own_exercise_is_written_with_every_field_that_it_can_have() -> None:
    assert set(CustomExerciseDraft.__struct_fields__) <= set(OwnExercise.__struct_fields__)


def test_every_column_is_there_once() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS)
    assert {*NUMBERS, *TEXTS} < set(COLUMNS)


@given(text=texts())
def test_a_cell_is_no_formula_and_gives_its_text_back(text: str) -> None:
    cell = exports.guarded(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert exports.unguarded(cell) == text
