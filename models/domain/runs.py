"""Runs as clients follow them: the document of the REST resource and of its live events alike."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct


class RunKind(StrEnum):
    ANALYSIS = "analysis"
    SUMMARY = "summary"
    IMPORT = "import"


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


FINAL_STATUSES = frozenset({RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.SUPERSEDED})


class RunRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A job to start now: an analysis or a summary."""

    kind: RunKind


class StepRunView(Struct, frozen=True, kw_only=True):
    """How one step of a run goes; `id` leads to its lineage."""

    id: UUID
    step: str
    version: int
    status: str
    started_at: datetime
    ended_at: datetime | None
    elapsed_ms: int | None
    problem: dict[str, Any] | None


class RunView(Struct, frozen=True, kw_only=True):
    """A run. `revision` rises with every change and is the id of the live event that tells of it."""

    id: UUID
    kind: RunKind
    trigger: str
    requested_by: UUID | None
    status: RunStatus
    revision: int
    period: str | None
    data_version: int | None
    as_of: date | None
    waiting_for: dict[str, Any] | None
    problem: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    steps: tuple[StepRunView, ...]


class StepRunLineage(Struct, frozen=True, kw_only=True):
    """Everything that decided the numbers of one run of one step."""

    id: UUID
    run_id: UUID
    step: str
    version: int
    status: str
    data_version: int
    as_of: date
    params: dict[str, Any]
    inputs: dict[str, Any] | None
    output_digest: str | None
    documents: dict[str, Any] | None
    git_revision: str
    lock_digest: str
    attempts: int
    started_at: datetime
    ended_at: datetime | None
    problem: dict[str, Any] | None
