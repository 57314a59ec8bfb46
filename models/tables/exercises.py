"""Exercises: the catalogue's rows (ids below 10,000, seeded from the data file) and the athletes' own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Sequence,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.bounds import FIRST_CUSTOM_EXERCISE_ID
from models.tables.base import AthleteKey, Base, Big, Small

CUSTOM_IDS = Sequence("custom_exercise_ids", data_type=Integer, start=FIRST_CUSTOM_EXERCISE_ID, metadata=Base.metadata)


class Exercise(Base):
    __tablename__ = "exercises"
    __table_args__ = (
        CheckConstraint(f"(owner_id IS NULL) = (id < {FIRST_CUSTOM_EXERCISE_ID})", name="custom_id"),
        CheckConstraint("(owner_id IS NULL) = (public_id IS NULL)", name="custom_public_id"),
        CheckConstraint("(owner_id IS NULL) = (slug IS NOT NULL)", name="catalogue_slug"),
        CheckConstraint("bodyweight_permille BETWEEN 0 AND 1000", name="bodyweight"),
        CheckConstraint("implements IN (1, 2)", name="implements"),
        CheckConstraint("load_mode BETWEEN 1 AND 5", name="load_mode"),
        Index("uq_exercises_slug", "slug", unique=True, postgresql_where="owner_id IS NULL"),
        Index("uq_exercises_owner_name", "owner_id", text("lower(name)"), unique=True),
        Index("uq_exercises_owner_public_id", "owner_id", "public_id", unique=True),
        Index("ix_exercises_changes", "owner_id", "data_version", postgresql_where="owner_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    public_id: Mapped[UUID | None]
    slug: Mapped[str | None]
    name: Mapped[str]
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text))
    muscles: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    pattern: Mapped[str]
    equipment: Mapped[list[str]] = mapped_column(ARRAY(Text))
    mechanics: Mapped[str | None]
    load_mode: Mapped[Small]
    unilateral: Mapped[bool]
    implements: Mapped[Small]
    bodyweight_permille: Mapped[int]
    joint_tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    substitutions: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=text("'{}'"))
    # Of the owner's clock; null for the catalogue's.
    data_version: Mapped[Big | None]


class ExerciseRevision(Base):
    """What an athlete's own exercise was after each create and edit. A trigger refuses UPDATE and DELETE."""

    __tablename__ = "exercise_revisions"
    __table_args__ = (CheckConstraint("action IN ('create', 'edit')", name="action"),)

    athlete_id: Mapped[AthleteKey]
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercises.id", ondelete="CASCADE"), primary_key=True)
    data_version: Mapped[Big] = mapped_column(primary_key=True)
    action: Mapped[str]
    record: Mapped[str] = mapped_column(JSON)
    recorded_at: Mapped[datetime]
    actor_id: Mapped[UUID]


class ExerciseMerge(Base):
    """A mapping at read: what was done as the athlete's own exercise counts as another one, until it is undone."""

    __tablename__ = "exercise_merges"
    __table_args__ = (
        CheckConstraint("exercise_id <> target_id", name="itself"),
        Index("ix_exercise_merges_changes", "athlete_id", "data_version"),
    )

    athlete_id: Mapped[AthleteKey]
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercises.id", ondelete="CASCADE"), primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("exercises.id", name="fk_exercise_merges_target"))
    data_version: Mapped[Big]
    merged_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
