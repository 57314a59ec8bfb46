"""Accounts, their credentials, and the clock that orders everything an athlete owns."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import AthleteKey, Base, Big, Small, UuidKey


class Account(Base):
    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("role IN ('athlete', 'coach', 'admin')", name="role"),
        CheckConstraint("mass_unit IN (1, 2)", name="mass_unit"),
        CheckConstraint("email = lower(email) AND position('@' in email) > 1", name="email"),
    )

    id: Mapped[UuidKey]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    display_name: Mapped[str | None]
    role: Mapped[str]
    time_zone: Mapped[str]
    mass_unit: Mapped[Small]
    # Of the athlete's clock, when the settings last changed.
    settings_version: Mapped[Big] = mapped_column(server_default="0")
    created_at: Mapped[datetime]


class RefreshToken(Base):
    """One rotation of a login. Using a rotated token again revokes its whole family."""

    __tablename__ = "refresh_tokens"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[UuidKey]
    family_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class IdempotencyKey(Base):
    """The answer that a POST gave, for the client that asks again with the same key."""

    __tablename__ = "idempotency_keys"

    athlete_id: Mapped[AthleteKey]
    key: Mapped[str] = mapped_column(primary_key=True)
    request_digest: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[Small]
    location: Mapped[str | None]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class AthleteClock(Base):
    """The athlete's clock: raised, its row locked to commit, by every write to the athlete's data or settings.

    `analysed_version` is the newest version whose analysis succeeded, `attempted_version` the newest whose
    analysis reached any final state: the sweep looks for clocks whose attempts lag behind their data.
    """

    __tablename__ = "athlete_clocks"
    __table_args__ = (
        CheckConstraint("analysed_version <= attempted_version", name="analysed"),
        CheckConstraint("attempted_version <= data_version", name="attempted"),
        Index("ix_athlete_clocks_lagging", "changed_at", postgresql_where="attempted_version < data_version"),
        Index("ix_athlete_clocks_last_recorded_at", "last_recorded_at"),
    )

    athlete_id: Mapped[AthleteKey]
    data_version: Mapped[Big] = mapped_column(server_default="0")
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_recorded_at: Mapped[datetime | None]
    attempted_version: Mapped[Big] = mapped_column(server_default="0")
    analysed_version: Mapped[Big] = mapped_column(server_default="0")
    analysed_on: Mapped[date | None]
    analysed_pipeline: Mapped[str | None]
