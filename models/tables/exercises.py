"""Exercises: the catalogue's rows (ids below 10,000, seeded from the data file) and the athletes' own."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
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
from models.tables.base import Base, Small

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
