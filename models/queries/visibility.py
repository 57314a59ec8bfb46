"""Who may see whose data. Only this module makes a VisibleAthlete, so every read has passed here."""

from uuid import UUID

from msgspec import Struct

from models.db import Session
from models.domain.errors import NotFound


class Actor(Struct, frozen=True, kw_only=True):
    """Who is asking."""

    account_id: UUID
    role: str


class VisibleAthlete(Struct, frozen=True, kw_only=True):
    """An athlete whose data the actor may read and write."""

    athlete_id: UUID


async def visible(session: Session, actor: Actor, athlete_id: UUID) -> VisibleAthlete:
    """The athlete, if the actor may see it; a stranger learns nothing but NotFound."""
    if actor.account_id != athlete_id:
        raise NotFound("There is no such athlete.")
    return VisibleAthlete(athlete_id=athlete_id)


def system(athlete_id: UUID) -> VisibleAthlete:
    """The athlete, for the product's own durable work."""
    return VisibleAthlete(athlete_id=athlete_id)
