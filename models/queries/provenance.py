"""Where documents come from: which are served today, and which run of a step made one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from models.db import Session, raw
from models.queries.visibility import VisibleAthlete

SERVED = "SELECT name, digest FROM step_documents WHERE athlete_id = $1 AND name = ANY ($2::text[])"
# Equal bytes may have been made more than once: the last time before they were read.
MADE_BY = """
SELECT DISTINCT ON (wanted.name) wanted.name, made.id
FROM unnest($2::text[], $3::text[]) AS wanted (name, digest)
JOIN step_runs AS made ON made.athlete_id = $1 AND made.documents ->> wanted.name = wanted.digest
WHERE made.ended_at <= $4
ORDER BY wanted.name, made.ended_at DESC
"""


async def served_digests(session: Session, athlete: VisibleAthlete, names: Sequence[str]) -> dict[str, str]:
    """The digests of the athlete's documents as they are served now, by name."""
    rows = await (await raw(session)).fetch(SERVED, athlete.athlete_id, names)
    return {row["name"]: row["digest"] for row in rows}


async def made_by(
    session: Session, athlete: VisibleAthlete, digests: Mapping[str, str], *, before: datetime
) -> dict[str, UUID]:
    """The runs of steps that made the documents with these digests, by name."""
    rows = await (await raw(session)).fetch(MADE_BY, athlete.athlete_id, list(digests), list(digests.values()), before)
    return {row["name"]: row["id"] for row in rows}
