"""Pages of lists: `next_cursor` is null on the last one."""

from msgspec import Struct

from models.domain.exercises import Exercise
from models.domain.runs import RunView
from models.domain.workout_view import WorkoutOut


class ExercisePage(Struct, frozen=True, kw_only=True):
    items: tuple[Exercise, ...]
    next_cursor: str | None


class WorkoutPage(Struct, frozen=True, kw_only=True):
    items: tuple[WorkoutOut, ...]
    next_cursor: str | None


class RunPage(Struct, frozen=True, kw_only=True):
    items: tuple[RunView, ...]
    next_cursor: str | None
