"""What an athlete states beside workouts (measurements, goals, equipment, ...): small nouns that share one table."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import AthleteKey, Base, Big, Small, UuidKey


class AthleteItem(Base):
    """The current state of one item; `deleted_at` makes it a tombstone, which has no record."""

    __tablename__ = "athlete_items"
    __table_args__ = (
        CheckConstraint("(deleted_at IS NULL) = (record IS NOT NULL)", name="record"),
        Index("ix_athlete_items_changes", "athlete_id", "data_version"),
    )

    athlete_id: Mapped[AthleteKey]
    kind: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UuidKey]
    data_version: Mapped[Big]
    schema_version: Mapped[Small]
    record: Mapped[str | None] = mapped_column(JSON)
    create_digest: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class AthleteItemRevision(Base):
    """What an item was after each create, edit and delete. A trigger refuses UPDATE and DELETE."""

    __tablename__ = "athlete_item_revisions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["athlete_id", "kind", "item_id"],
            ["athlete_items.athlete_id", "athlete_items.kind", "athlete_items.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("action IN ('create', 'edit', 'delete')", name="action"),
        CheckConstraint("(action = 'delete') = (record IS NULL)", name="record"),
    )

    athlete_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[UuidKey]
    data_version: Mapped[Big] = mapped_column(primary_key=True)
    action: Mapped[str]
    schema_version: Mapped[Small]
    record: Mapped[str | None] = mapped_column(JSON)
    recorded_at: Mapped[datetime]
    actor_id: Mapped[UUID]
