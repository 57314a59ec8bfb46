"""Pages of lists: `next_cursor` is null on the last one."""

from msgspec import Struct

from models.domain.exercises import Exercise
from models.domain.imports import ImportView
from models.domain.runs import RunView
from models.domain.workout_view import WorkoutOut
from models.queries.revisions import Revision


class ExercisePage(Struct, frozen=True, kw_only=True):
    items: tuple[Exercise, ...]
    next_cursor: str | None


class WorkoutPage(Struct, frozen=True, kw_only=True):
    items: tuple[WorkoutOut, ...]
    next_cursor: str | None


class ImportPage(Struct, frozen=True, kw_only=True):
    items: tuple[ImportView, ...]
    next_cursor: str | None


class RunPage(Struct, frozen=True, kw_only=True):
    items: tuple[RunView, ...]
    next_cursor: str | None


class RevisionPage(Struct, frozen=True, kw_only=True):
    items: tuple[Revision, ...]
    next_cursor: str | None
