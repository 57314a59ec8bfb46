"""Workouts, their sets, and the history that is never overwritten."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import AthleteKey, Base, Big, Small, UuidKey

WORKOUT = ["workouts.athlete_id", "workouts.id"]


class Workout(Base):
    """The current state of a workout; `deleted_at` makes it a tombstone.

    `body` caches the response (without its version, which is spliced in): rebuildable, keyed by `representation`.
    """

    __tablename__ = "workouts"
    __table_args__ = (
        CheckConstraint("ended_at >= started_at", name="ends_after_start"),
        CheckConstraint("session_rpe_tenths BETWEEN 0 AND 100", name="session_rpe"),
        CheckConstraint("(bodyweight_g IS NULL) = (bodyweight_unit IS NULL)", name="bodyweight_has_unit"),
        CheckConstraint("bodyweight_g BETWEEN 0 AND 650000 AND bodyweight_unit IN (1, 2)", name="bodyweight"),
        CheckConstraint("(source_app IS NULL) = (source_key IS NULL)", name="source"),
        CheckConstraint("data_version > 0", name="data_version"),
        Index(
            "ix_workouts_newest",
            "athlete_id",
            text("started_at DESC"),
            text("id DESC"),
            postgresql_where="deleted_at IS NULL",
        ),
        Index(
            "uq_workouts_source",
            *("athlete_id", "source_app", "source_key"),
            unique=True,
            postgresql_where="source_app IS NOT NULL",
        ),
        CheckConstraint("(import_id IS NULL) = (import_version IS NULL)", name="import"),
        Index("ix_workouts_changes", "athlete_id", "data_version"),
        Index("ix_workouts_import", "athlete_id", "import_id", postgresql_where="import_id IS NOT NULL"),
    )

    athlete_id: Mapped[AthleteKey]
    id: Mapped[UuidKey]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    performed_on: Mapped[date]
    time_zone: Mapped[str]
    title: Mapped[str | None]
    notes: Mapped[str | None]
    session_rpe_tenths: Mapped[Small | None]
    bodyweight_unit: Mapped[Small | None]
    bodyweight_g: Mapped[int | None]
    bodyweight_text: Mapped[str | None]
    source_app: Mapped[str | None]
    source_key: Mapped[str | None]
    # The import that brought the workout, and the version that it gave it: another one means edited since.
    import_id: Mapped[UUID | None]
    import_version: Mapped[Big | None]
    data_version: Mapped[Big]
    create_digest: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    representation: Mapped[Small]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


class SetEntry(Base):
    """The hot, time-series-like table: fixed-width columns only."""

    __tablename__ = "set_entries"
    __table_args__ = (
        ForeignKeyConstraint(["athlete_id", "workout_id"], WORKOUT, ondelete="CASCADE"),
        CheckConstraint("position >= 0", name="position"),
        CheckConstraint("kind BETWEEN 1 AND 10 AND load_mode BETWEEN 1 AND 5 AND side BETWEEN 1 AND 3", name="codes"),
        CheckConstraint("reps BETWEEN 0 AND 10000 AND superset BETWEEN 1 AND 1000", name="counts"),
        # The numbers on a machine's stack (mode 5) have no unit.
        CheckConstraint(
            "(load_g IS NULL) = (load_unit IS NULL) OR (load_unit IS NULL AND load_mode IS NOT DISTINCT FROM 5)",
            name="load_has_unit",
        ),
        CheckConstraint("load_g BETWEEN 0 AND 1200000 AND load_unit IN (1, 2)", name="load"),
        CheckConstraint("rpe_tenths BETWEEN 0 AND 100 AND rir_tenths BETWEEN 0 AND 300", name="effort"),
        CheckConstraint("rpe_tenths IS NULL OR rir_tenths IS NULL", name="one_effort"),
        CheckConstraint("duration_ms >= 0 AND distance_mm >= 0 AND rest_s >= 0", name="extents"),
    )

    athlete_id: Mapped[UUID] = mapped_column(primary_key=True)
    workout_id: Mapped[UuidKey]
    position: Mapped[Small] = mapped_column(primary_key=True)
    kind: Mapped[Small]
    performed_on: Mapped[date]
    # Deferrable for the erasure of an account, which takes the exercises and their sets in any order.
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercises.id", deferrable=True, initially="IMMEDIATE"))
    load_g: Mapped[int | None]
    duration_ms: Mapped[int | None]
    distance_mm: Mapped[int | None]
    rest_s: Mapped[int | None]
    load_unit: Mapped[Small | None]
    load_mode: Mapped[Small | None]
    reps: Mapped[Small | None]
    rpe_tenths: Mapped[Small | None]
    rir_tenths: Mapped[Small | None]
    superset: Mapped[Small | None]
    side: Mapped[Small | None]


class SetDetail(Base):
    """Text and rare fields of a set, kept off the hot table."""

    __tablename__ = "set_details"
    __table_args__ = (
        ForeignKeyConstraint(
            ["athlete_id", "workout_id", "position"],
            ["set_entries.athlete_id", "set_entries.workout_id", "set_entries.position"],
            ondelete="CASCADE",
        ),
        CheckConstraint("load_text IS NOT NULL OR note IS NOT NULL OR extras IS NOT NULL", name="not_empty"),
    )

    athlete_id: Mapped[UUID] = mapped_column(primary_key=True)
    workout_id: Mapped[UuidKey]
    position: Mapped[Small] = mapped_column(primary_key=True)
    load_text: Mapped[str | None]
    note: Mapped[str | None]
    # Tempo, targets, and which circuit and chain the set belongs to: models.domain.set_extras.
    extras: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class WorkoutRevision(Base):
    """What a workout was after each create, edit, delete and restore. A trigger refuses UPDATE and DELETE."""

    __tablename__ = "workout_revisions"
    __table_args__ = (
        ForeignKeyConstraint(["athlete_id", "workout_id"], WORKOUT, ondelete="CASCADE"),
        CheckConstraint("action IN ('create', 'edit', 'delete', 'restore')", name="action"),
        CheckConstraint("(action = 'delete') = (record IS NULL)", name="record"),
        Index("uq_workout_revisions_clock", "athlete_id", "data_version", unique=True),
    )

    athlete_id: Mapped[UUID] = mapped_column(primary_key=True)
    workout_id: Mapped[UuidKey]
    data_version: Mapped[Big] = mapped_column(primary_key=True)
    action: Mapped[str]
    schema_version: Mapped[Small]
    record: Mapped[str | None] = mapped_column(JSON)
    recorded_at: Mapped[datetime]
    actor_id: Mapped[UUID]
