"""Imports: the upload as it came, the receipt of what its rows became, and the chunks on their way to be published."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Big, Small, UuidKey

IMPORT = ["imports.athlete_id", "imports.id"]


class Import(Base):
    """One file on its way into an athlete's history; its id is that of its run.

    `phase` says how far it is; `unit_given` is the answer or wish of the athlete, `unit` what the loads were taken for.
    """

    __tablename__ = "imports"
    __table_args__ = (
        ForeignKeyConstraint(["athlete_id", "id"], ["runs.athlete_id", "runs.id"], ondelete="CASCADE"),
        CheckConstraint("phase IN ('uploaded', 'asking', 'staged', 'published', 'undone', 'refused')", name="phase"),
        CheckConstraint("unit_given IN (1, 2) AND unit IN (1, 2)", name="unit"),
        CheckConstraint("(phase IN ('published', 'undone')) = (published_at IS NOT NULL)", name="published"),
        CheckConstraint("(phase = 'undone') = (undone_at IS NOT NULL)", name="undone"),
    )

    athlete_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UuidKey]
    phase: Mapped[str]
    file_name: Mapped[str | None]
    size_bytes: Mapped[Big]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    time_zone: Mapped[str]
    unit_given: Mapped[Small | None]
    unit: Mapped[Small | None]
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class ImportPart(Base):
    """A piece of the upload, in order: it is kept, so that a better reader may read it again."""

    __tablename__ = "import_parts"
    __table_args__ = (ForeignKeyConstraint(["athlete_id", "import_id"], IMPORT, ondelete="CASCADE"),)

    athlete_id: Mapped[UUID] = mapped_column(primary_key=True)
    import_id: Mapped[UuidKey]
    position: Mapped[Small] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportChunk(Base):
    """Workouts that were read and wait to be published with all the others of their file."""

    __tablename__ = "import_chunks"
    __table_args__ = (ForeignKeyConstraint(["athlete_id", "import_id"], IMPORT, ondelete="CASCADE"),)

    athlete_id: Mapped[UUID] = mapped_column(primary_key=True)
    import_id: Mapped[UuidKey]
    position: Mapped[Small] = mapped_column(primary_key=True)
    workouts: Mapped[int]
    sets: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
