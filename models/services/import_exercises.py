"""From the names of a file to exercises: the catalogue's, the athlete's own, or new ones of the athlete's own."""

from collections.abc import Collection
from datetime import datetime

from models.db import Session
from models.domain import catalogue
from models.domain.catalogue import normalise
from models.queries import exercises as queries
from models.queries.visibility import VisibleAthlete
from models.readers import matching
from models.services import exercises


def think(names: Collection[str]) -> None:
    """Find what the names mean, which takes milliseconds each: it is remembered for those who must not wait."""
    known = catalogue.load()
    for name in names:
        matching.match(name, known)


async def identify(
    session: Session, names: Collection[str], *, athlete: VisibleAthlete, now: datetime
) -> dict[str, int]:
    """The exercise of each name, made where there is none. In a transaction, of which it raises the clock.

    An exercise of the athlete's own comes before the catalogue's; spellings of one name are one exercise.
    """
    known, own = catalogue.load(), await queries.own_names(session, athlete)
    found = {name: matching.match(name, known, own) for name in sorted(names)}
    unknown = [name for name, item in found.items() if item.exercise is None and item.own_id is None]
    first = {normalise(name) or name: name for name in reversed(unknown)}
    wanted = list(first.values())
    made = await exercises.ensure_custom(session, wanted, athlete=athlete, now=now) if wanted else {}
    there = {name: item.exercise.id if item.exercise else item.own_id for name, item in found.items()}
    return {name: number or made[first[normalise(name) or name]] for name, number in there.items()}
