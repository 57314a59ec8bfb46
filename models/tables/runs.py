"""The product's own ledger of jobs: runs, the runs of their steps with lineage, and the documents they made."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import AthleteKey, Base, Big, Small, UuidKey

FINAL = "status IN ('succeeded', 'failed', 'cancelled', 'superseded')"
STATUS = "status IN ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'superseded')"


class Run(Base):
    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint("kind IN ('analysis', 'summary', 'import')", name="kind"),
        CheckConstraint(STATUS, name="status"),
        CheckConstraint(f"(ended_at IS NOT NULL) = ({FINAL})", name="ended"),
        CheckConstraint("(status = 'failed') = (problem IS NOT NULL)", name="problem"),
        CheckConstraint("(status = 'waiting') = (waiting_for IS NOT NULL)", name="waiting"),
        Index("ix_runs_newest", "athlete_id", text("created_at DESC"), text("id DESC")),
        Index("ix_runs_open", "athlete_id", "kind", postgresql_where="ended_at IS NULL"),
    )

    athlete_id: Mapped[AthleteKey]
    id: Mapped[UuidKey]
    kind: Mapped[str]
    trigger: Mapped[str]
    requested_by: Mapped[UUID | None]
    status: Mapped[str]
    workflow_id: Mapped[str]
    period: Mapped[str | None]
    data_version: Mapped[Big | None]
    as_of: Mapped[date | None]
    waiting_for: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    revision: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class StepRun(Base):
    """One run of one step: everything that decided its numbers."""

    __tablename__ = "step_runs"
    __table_args__ = (
        ForeignKeyConstraint(["athlete_id", "run_id"], ["runs.athlete_id", "runs.id"], ondelete="CASCADE"),
        CheckConstraint("status IN ('running', 'succeeded', 'failed')", name="status"),
        CheckConstraint("(status = 'running') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(status = 'failed') = (problem IS NOT NULL)", name="problem"),
        CheckConstraint("(status = 'succeeded') = (output_digest IS NOT NULL)", name="digest"),
        Index("uq_step_runs_run_step", "athlete_id", "run_id", "step", unique=True),
    )

    athlete_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UuidKey]
    run_id: Mapped[UUID]
    position: Mapped[Small]
    step: Mapped[str]
    version: Mapped[Small]
    status: Mapped[str]
    data_version: Mapped[Big]
    as_of: Mapped[date]
    params: Mapped[dict[str, Any]] = mapped_column(JSONB(none_as_null=True))
    inputs: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    output_digest: Mapped[str | None]
    documents: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    git_revision: Mapped[str]
    lock_digest: Mapped[str]
    attempts: Mapped[Small]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class StepDocument(Base):
    """The newest document of each name, as bytes that the API serves untouched."""

    __tablename__ = "step_documents"
    __table_args__ = (
        ForeignKeyConstraint(
            ["athlete_id", "step_run_id"], ["step_runs.athlete_id", "step_runs.id"], ondelete="CASCADE"
        ),
        Index("ix_step_documents_analysed", "written_at", postgresql_where="name = 'progress'"),
    )

    athlete_id: Mapped[AthleteKey]
    name: Mapped[str] = mapped_column(primary_key=True)
    step_run_id: Mapped[UUID]
    data_version: Mapped[Big]
    as_of: Mapped[date]
    digest: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime]


class TrainingState(Base):
    """A cache, rebuildable from history: an athlete's aggregated training as of a version, so that an analysis reads
    what has changed since and not everything.
    """

    __tablename__ = "training_states"

    athlete_id: Mapped[AthleteKey]
    # Of the code that wrote it: another one's state is rebuilt.
    layout: Mapped[Small]
    data_version: Mapped[Big]
    digest: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime]


class Pipeline(Base):
    """A pipeline is data: its steps in order, with the version that is active."""

    __tablename__ = "pipelines"
    __table_args__ = (Index("uq_pipelines_step", "name", "step", unique=True),)

    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[Small] = mapped_column(primary_key=True)
    step: Mapped[str]
    version: Mapped[Small]
