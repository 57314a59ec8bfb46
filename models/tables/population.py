"""Work on many athletes at once, and what decides which version of a step is active."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Big, Small, UuidKey

FINAL = "status IN ('succeeded', 'failed', 'cancelled')"


class PopulationRun(Base):
    """A reanalysis of many athletes: `steps` null for the whole pipeline, `athletes` null for everybody."""

    __tablename__ = "population_runs"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="status"),
        CheckConstraint(f"(ended_at IS NOT NULL) = ({FINAL})", name="ended"),
        CheckConstraint("(status = 'failed') = (problem IS NOT NULL)", name="problem"),
        Index("ix_population_runs_open", "created_at", postgresql_where="ended_at IS NULL"),
    )

    id: Mapped[UuidKey]
    trigger: Mapped[str]
    requested_by: Mapped[str]
    steps: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    athletes: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    status: Mapped[str]
    revision: Mapped[int] = mapped_column(server_default="1")
    cancel_requested_at: Mapped[datetime | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class PopulationChunk(Base):
    """The athletes between two ids, analysed together; what has ended is never done again."""

    __tablename__ = "population_chunks"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'succeeded', 'failed')", name="status"),
        CheckConstraint("(status = 'queued') = (ended_at IS NULL)", name="ended"),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey("population_runs.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[UUID]
    last_id: Mapped[UUID]
    athletes: Mapped[int]
    status: Mapped[str]
    attempts: Mapped[Small] = mapped_column(server_default="0")
    # Of the athletes: results that are new or differ from the ones before, that are the same, and that failed.
    changed: Mapped[int | None]
    unchanged: Mapped[int | None]
    failed: Mapped[int | None]
    sets: Mapped[Big | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    ended_at: Mapped[datetime | None]


class StepDiff(Base):
    """What a version of a step would change, measured on athletes before it may be promoted."""

    __tablename__ = "step_diffs"
    __table_args__ = (Index("ix_step_diffs_step", "step", "from_version", "to_version", "created_at"),)

    id: Mapped[UuidKey]
    step: Mapped[str]
    # Null where the step is new: everything that it makes is then an addition.
    from_version: Mapped[Small | None]
    to_version: Mapped[Small]
    # The digest of the code and parameters that ran as `to_version`: another one needs another diff.
    to_code: Mapped[str]
    git_revision: Mapped[str]
    athletes: Mapped[int]
    athletes_changed: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    report: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class Promotion(Base):
    """Each move of a pipeline's pointer: from which version to which, by whom, on the strength of which diff."""

    __tablename__ = "promotions"
    __table_args__ = (Index("ix_promotions_step", "pipeline", "step", "promoted_at"),)

    id: Mapped[UuidKey]
    pipeline: Mapped[str]
    step: Mapped[str]
    from_version: Mapped[Small | None]
    to_version: Mapped[Small]
    diff_id: Mapped[UUID] = mapped_column(ForeignKey("step_diffs.id"))
    population_run_id: Mapped[UUID | None] = mapped_column(ForeignKey("population_runs.id"))
    promoted_by: Mapped[str]
    promoted_at: Mapped[datetime]
