"""Reads of the merges of an athlete's own exercises."""

from models.db import Session, raw
from models.domain.merges import Merge
from models.queries.visibility import VisibleAthlete

COLUMNS = "exercise_id, target_id, data_version, merged_at"
IN_FORCE = f"""
SELECT {COLUMNS} FROM exercise_merges WHERE athlete_id = $1 AND undone_at IS NULL ORDER BY exercise_id
"""


async def list_merges(session: Session, athlete: VisibleAthlete) -> list[Merge]:
    """The merges in force, by the exercise merged."""
    return [Merge(**dict(row)) for row in await (await raw(session)).fetch(IN_FORCE, athlete.athlete_id)]
