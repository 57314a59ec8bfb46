"""Stored documents of steps, and the lineage of those who wrote them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models.db import Session, raw
from models.domain.errors import NotFound
from models.queries.visibility import VisibleAthlete

DOCUMENTS = """
SELECT name, data_version, as_of, digest, body, step_run_id FROM step_documents
WHERE athlete_id = $1 AND name = ANY ($2::text[]) ORDER BY name
"""
ORIGIN = "SELECT step, version, params::text, inputs::text FROM step_runs WHERE athlete_id = $1 AND id = $2"


class StoredDocument(Struct, frozen=True, kw_only=True):
    """A document as it is served, the version and day that it covers, and the run of the step that wrote it."""

    name: str
    data_version: int
    as_of: date
    digest: str
    body: bytes
    step_run_id: UUID


class Origin(Struct, frozen=True, kw_only=True):
    """What decided a document: step, version, parameters and inputs."""

    step: str
    version: int
    params: dict[str, Any]
    inputs: dict[str, Any]


async def documents(session: Session, athlete: VisibleAthlete, names: Sequence[str]) -> dict[str, StoredDocument]:
    """The athlete's documents of these names, those that exist, all of one instant."""
    rows = await (await raw(session)).fetch(DOCUMENTS, athlete.athlete_id, names)
    return {row["name"]: StoredDocument(**row) for row in rows}


async def origin(session: Session, athlete: VisibleAthlete, step_run_id: UUID) -> Origin:
    """The lineage of the run of a step that wrote a document."""
    row = await (await raw(session)).fetchrow(ORIGIN, athlete.athlete_id, step_run_id)
    if row is None:
        raise NotFound("There is no such run of a step.")
    return Origin(
        step=row["step"],
        version=row["version"],
        params=msgspec.json.decode(row["params"]),
        inputs=msgspec.json.decode(row["inputs"]),
    )
