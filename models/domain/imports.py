"""Imports as clients follow them: the file, the question it may raise, its receipt, and what was changed afterwards."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

from models.domain.receipts import Receipt
from models.domain.runs import RunStatus
from models.domain.units import MassUnit


class ImportPhase(StrEnum):
    """How far a file is on its way into the history; `asking` waits for its athlete."""

    UPLOADED = "uploaded"
    ASKING = "asking"
    STAGED = "staged"
    PUBLISHED = "published"
    UNDONE = "undone"
    REFUSED = "refused"


class ImportTrigger(StrEnum):
    """Why a run works on an import: each names what there is to do."""

    UPLOADED = "uploaded"
    UNIT_CORRECTION = "unit correction"
    UNDO = "undo"


class ImportStep(StrEnum):
    """A piece of work on an import, which is done whole or not at all."""

    READ = "read"
    PUBLISH = "publish"
    CORRECT_UNIT = "correct_unit"
    UNDO = "undo"


class UnitChoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The unit that the loads of a file are in."""

    unit: MassUnit


class Question(Struct, frozen=True, kw_only=True):
    """What a waiting run must know: `field` takes one of the options."""

    question: str
    field: str
    options: tuple[str, ...]
    evidence: str


class UnitCorrected(Struct, frozen=True, kw_only=True, tag="unit_corrected", tag_field="kind"):
    """A corrected unit. What was changed or deleted since is kept, and so is what would be too heavy in it."""

    run_id: UUID
    unit: MassUnit
    corrected: int
    kept_edited: tuple[UUID, ...]
    kept_deleted: tuple[UUID, ...]
    kept_too_heavy: tuple[UUID, ...]


class Undone(Struct, frozen=True, kw_only=True, tag="undone", tag_field="kind"):
    """An import taken back. Workouts that were changed since stay, and those that were deleted before stay deleted."""

    run_id: UUID
    removed: int
    kept_edited: tuple[UUID, ...]
    kept_deleted: tuple[UUID, ...]


class ImportView(Struct, frozen=True, kw_only=True):
    """An import, which has the id of its run. `unit` is what the file as a whole was taken for, null where it says."""

    id: UUID
    phase: ImportPhase
    run_status: RunStatus
    question: Question | None
    problem: dict[str, Any] | None
    file_name: str | None
    size_bytes: int
    sha256: str
    time_zone: str
    unit_given: MassUnit | None
    unit: MassUnit | None
    receipt: Receipt | None
    outcome: UnitCorrected | Undone | None
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    undone_at: datetime | None
