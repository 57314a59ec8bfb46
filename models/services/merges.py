"""Merging an athlete's own exercise into another one, and undoing it: a mapping that readers follow."""

from datetime import datetime
from typing import Any

from models.db import Session, raw
from models.domain.errors import Conflict, Fault, Invalid, NotFound
from models.domain.events import Topic
from models.domain.merges import Merge, MergeDraft
from models.queries.merges import COLUMNS, list_merges
from models.queries.visibility import VisibleAthlete

# Longer ones make every reading of the history slower, and mean nothing more.
LONGEST_CHAIN = 20
LOCK = "SELECT data_version FROM athlete_clocks WHERE athlete_id = $1 FOR UPDATE"
USABLE = "SELECT id, owner_id FROM exercises WHERE id = ANY ($2::int[]) AND (owner_id IS NULL OR owner_id = $1)"
RAISE = """
UPDATE athlete_clocks SET data_version = data_version + 1, changed_at = $2 WHERE athlete_id = $1 RETURNING data_version
"""
EVENT = "INSERT INTO outbox (athlete_id, topic, created_at) VALUES ($1, $2, $3)"
MERGE = f"""
INSERT INTO exercise_merges (athlete_id, exercise_id, target_id, data_version, merged_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (athlete_id, exercise_id) DO UPDATE SET target_id = excluded.target_id,
    data_version = excluded.data_version, merged_at = excluded.merged_at, undone_at = NULL
RETURNING {COLUMNS}
"""
UNDO = """
UPDATE exercise_merges SET data_version = $3, undone_at = $4
WHERE athlete_id = $1 AND exercise_id = $2 AND undone_at IS NULL
"""


async def merge(session: Session, draft: MergeDraft, *, athlete: VisibleAthlete, now: datetime) -> Merge:
    """Let one exercise count as another from now on, its whole history included. Merging again changes nothing.

    Raises Invalid for exercises that are not there or not the athlete's own, Conflict for a merge that leads back to
    its beginning. Needs a transaction.
    """
    connection = await raw(session)
    await connection.fetchval(LOCK, athlete.athlete_id)
    await _check(connection, draft, athlete)
    in_force = {found.exercise_id: found for found in await list_merges(session, athlete)}
    known = in_force.get(draft.exercise_id)
    if known is not None and known.target_id == draft.target_id:
        return known
    chain = _chain(draft.target_id, in_force)
    if len(chain) > LONGEST_CHAIN:
        raise Conflict(f"The target is at the end of {LONGEST_CHAIN} merges already. Merge into the last one.")
    if draft.exercise_id in chain:
        raise Conflict("The target is itself merged into this exercise. Undo that first.")
    version = await _raise_clock(connection, athlete, now)
    row = await connection.fetchrow(MERGE, athlete.athlete_id, draft.exercise_id, draft.target_id, version, now)
    return Merge(**dict(row))


async def undo(session: Session, exercise_id: int, *, athlete: VisibleAthlete, now: datetime) -> int:
    """Let the exercise count as itself again; its version. Raises NotFound where it is not merged. In a transaction."""
    connection = await raw(session)
    await connection.fetchval(LOCK, athlete.athlete_id)
    if exercise_id not in {found.exercise_id for found in await list_merges(session, athlete)}:
        raise NotFound("This exercise is not merged into another one.")
    version = await _raise_clock(connection, athlete, now)
    await connection.execute(UNDO, athlete.athlete_id, exercise_id, version, now)
    return version


async def _check(connection: Any, draft: MergeDraft, athlete: VisibleAthlete) -> None:
    rows = await connection.fetch(USABLE, athlete.athlete_id, [draft.exercise_id, draft.target_id])
    owners = {row["id"]: row["owner_id"] for row in rows}
    faults = [
        *([] if owners.get(draft.exercise_id) else [("exercise_id", "There is no such exercise of your own.")]),
        *([] if draft.target_id in owners else [("target_id", "There is no such exercise.")]),
        *([("target_id", "An exercise cannot be merged into itself.")] if draft.exercise_id == draft.target_id else []),
    ]
    if faults:
        raise Invalid([Fault(path=f"$.{name}", message=message) for name, message in faults])


def _chain(exercise_id: int, in_force: dict[int, Merge]) -> set[int]:
    """The exercise and all that it is merged into."""
    met = {exercise_id}
    while (found := in_force.get(exercise_id)) is not None and found.target_id not in met:
        exercise_id = found.target_id
        met.add(exercise_id)
    return met


async def _raise_clock(connection: Any, athlete: VisibleAthlete, now: datetime) -> int:
    version: int = await connection.fetchval(RAISE, athlete.athlete_id, now)
    await connection.execute(EVENT, athlete.athlete_id, Topic.ATHLETE_CHANGED, now)
    return version
