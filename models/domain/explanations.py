"""Explanations: from a number back to the workouts that it came from."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from models.domain.runs import StepRunLineage


class LeftOut(Struct, frozen=True, kw_only=True):
    """A workout that a number came from, and the number without it: null where there would be none."""

    workout_id: str
    performed_on: date
    value_without: float | int | str | bool | None


class Explanation(Struct, frozen=True, kw_only=True):
    """The number at the address `of`, and its workouts, the oldest first.

    Without any one of them the number would be another one; without any other workout it would be the same.
    """

    of: str
    value: float | int | str | bool | None
    workouts: tuple[LeftOut, ...]


class MadeDocument(Struct, frozen=True, kw_only=True):
    """A document that a run of a step made. `is_served`: what `path` answers today is this very document."""

    name: str
    digest: str
    path: str
    is_served: bool


class ReadDocument(Struct, frozen=True, kw_only=True):
    """A document that a run of a step read, and the run of a step that made it, where that is still on record."""

    name: str
    digest: str
    step_run_id: UUID | None


class ExplainedStepRun(StepRunLineage, frozen=True, kw_only=True):
    """Everything that decided the numbers of one run of one step, and the explanation of the one asked for.

    `made` is where its documents can be read, `read` the documents that it read instead of the history.
    """

    made: tuple[MadeDocument, ...]
    read: tuple[ReadDocument, ...]
    explanation: Explanation | None
