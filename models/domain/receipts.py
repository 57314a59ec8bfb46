"""The receipt of an import: what every row of the file became."""

from enum import StrEnum

from msgspec import Struct

from models.domain.units import MassUnit


class Match(StrEnum):
    """How a name of the file found its exercise.

    By the catalogue's name, one of its aliases, a spelling close enough to be shown as matched, or the athlete's own.
    """

    EXACT = "exact"
    ALIAS = "alias"
    SIMILAR = "similar"
    CUSTOM = "custom"


class UnitFinding(Struct, frozen=True, kw_only=True):
    """The unit of the file's loads. `value` is null where rows differ, none has a load, or nothing decides it."""

    value: MassUnit | None
    inferred: bool
    evidence: str


class RejectedRow(Struct, frozen=True, kw_only=True):
    """A row that was not recorded. `line` is the physical line where it begins, the first line being 1."""

    line: int
    field: str
    reason: str


class ReceiptWarning(Struct, frozen=True, kw_only=True):
    """Something of a recorded row, or of the whole file (no line), that its owner should know."""

    line: int | None
    field: str
    reason: str


class ExerciseMatch(Struct, frozen=True, kw_only=True):
    """A name of the file with its recorded sets; `exercise` is the catalogue's name, null for a custom exercise.

    `score` runs from 0 to 1. That of a custom exercise is how near `suggestion`, the nearest name of the catalogue,
    comes; both are null where nothing is near, or where the exercise was the athlete's own before.
    """

    name: str
    sets: int
    exercise: str | None
    match: Match
    score: float | None
    suggestion: str | None = None


class Receipt(Struct, frozen=True, kw_only=True):
    """Always: rows_read = sets_recorded + the sum of non_set_rows + the number of rejected rows."""

    format: str
    variant: str
    unit: UnitFinding
    rows_read: int
    workouts: int
    workouts_already_present: int
    sets_recorded: int
    non_set_rows: dict[str, int]
    rejected: tuple[RejectedRow, ...]
    exercises: tuple[ExerciseMatch, ...]
    warnings: tuple[ReceiptWarning, ...]

    def adds_up(self) -> bool:
        """Whether every row read is accounted for exactly once."""
        return self.rows_read == self.sets_recorded + sum(self.non_set_rows.values()) + len(self.rejected)
