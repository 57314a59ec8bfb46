"""Recording a parsed log: all of it in one transaction, and nothing that an earlier import brought."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.domain import catalogue
from models.domain.errors import Fault, Invalid
from models.domain.receipts import Receipt
from models.domain.workouts import CLOCK_TOLERANCE
from models.queries.visibility import VisibleAthlete
from models.readers import parsed
from models.readers.drafts import draft
from models.readers.parsed import ParsedLog
from models.services import bulk, exercises

UNIT_MISSING = "The file states no unit and its loads do not tell kilograms from pounds; say which."


async def import_log(
    session: AsyncSession, log: ParsedLog, *, athlete: VisibleAthlete, actor_id: UUID, now: datetime
) -> Receipt:
    """Record the log's new workouts; names that the catalogue does not know become the athlete's own exercises.

    What was imported before stays as it is, and what the athlete deleted stays deleted. Raises Invalid while the
    unit of the loads is unknown.
    """
    if log.unit_missing:
        raise Invalid([Fault(path="$.unit", message=UNIT_MISSING)])
    log = parsed.without_future(log, latest=now + CLOCK_TOLERANCE)
    exercise_ids = await _exercise_ids(session, log, athlete)
    keys = {ids.new(): item for item in log.workouts}
    items = [
        (workout_id, draft(item.workout, resolve_exercise=exercise_ids.__getitem__), item.source)
        for workout_id, item in keys.items()
    ]
    batch = await bulk.record_workouts(session, items, athlete=athlete, actor_id=actor_id, now=now)
    present = frozenset(item.source.key for workout_id, item in keys.items() if workout_id not in batch.recorded_ids)
    return parsed.receipt(log, catalogue.load(), present=present)


async def _exercise_ids(session: AsyncSession, log: ParsedLog, athlete: VisibleAthlete) -> Mapping[str, int]:
    known = catalogue.load()
    found = {name: known.resolve(name) for name in parsed.exercise_names(log)}
    custom = [name for name, exercise in found.items() if exercise is None]
    own = await exercises.ensure_custom(session, athlete, custom)
    return own | {name: exercise.id for name, exercise in found.items() if exercise is not None}
