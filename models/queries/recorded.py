"""Results on record: what a step computed once, from what, and the digests of what it made."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models.db import Session, raw
from models.queries.visibility import VisibleAthlete, system

RESULTS = """
SELECT result.athlete_id, result.id, result.step, result.version, result.data_version, result.as_of,
    result.params::text, result.inputs::text, result.output_digest, result.documents::text, result.git_revision,
    result.lock_digest
FROM step_runs AS result
WHERE result.status = 'succeeded'
"""
# What was taken over, whether from the cache or by a rerun, is the result of the run that computed it.
SAMPLE = f"""
{RESULTS} AND NOT result.inputs ? 'reused' AND ($1::uuid IS NULL OR result.athlete_id = $1) ORDER BY random() LIMIT $2
"""
ONE = f"{RESULTS} AND result.athlete_id = $1 AND result.id = $2"
OWNER = "SELECT athlete_id FROM runs WHERE id = $1"


class Recorded(Struct, frozen=True, kw_only=True):
    """A result of a step: `inputs` is its lineage, `documents` the digest of each document that it made."""

    athlete: VisibleAthlete
    id: UUID
    step: str
    version: int
    data_version: int
    as_of: date
    params: dict[str, Any]
    inputs: dict[str, Any]
    output_digest: str
    documents: dict[str, str]
    git_revision: str
    lock_digest: str


async def sample(session: Session, count: int, athlete: VisibleAthlete | None = None) -> list[Recorded]:
    """So many results drawn at random, of everybody or of one athlete."""
    athlete_id = None if athlete is None else athlete.athlete_id
    return [_recorded(row) for row in await (await raw(session)).fetch(SAMPLE, athlete_id, count)]


async def get(session: Session, athlete: VisibleAthlete, step_run_id: UUID) -> Recorded | None:
    """One result; None where that run of a step has none."""
    row = await (await raw(session)).fetchrow(ONE, athlete.athlete_id, step_run_id)
    return None if row is None else _recorded(row)


async def owner_of_run(session: Session, run_id: UUID) -> VisibleAthlete | None:
    """Whose run it is."""
    athlete_id: UUID | None = await (await raw(session)).fetchval(OWNER, run_id)
    return None if athlete_id is None else system(athlete_id)


def _recorded(row: Any) -> Recorded:
    return Recorded(
        athlete=system(row["athlete_id"]),
        id=row["id"],
        step=row["step"],
        version=row["version"],
        data_version=row["data_version"],
        as_of=row["as_of"],
        params=msgspec.json.decode(row["params"]),
        inputs=msgspec.json.decode(row["inputs"]),
        output_digest=row["output_digest"],
        documents=msgspec.json.decode(row["documents"]),
        git_revision=row["git_revision"],
        lock_digest=row["lock_digest"],
    )
