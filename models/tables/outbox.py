"""The outbox: events written with the facts they tell of, leased and settled by the relay."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import AthleteKey, Base, Small


class OutboxEvent(Base):
    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_id", "id"),)

    athlete_id: Mapped[AthleteKey]
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    topic: Mapped[str]
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[Small] = mapped_column(server_default="0")
