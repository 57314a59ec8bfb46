"""Reads of the stored results: a document's bytes as they are, beside the versions they cover."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from models.db import Session, raw
from models.domain.errors import NotFound
from models.queries.visibility import VisibleAthlete

ONE = """
SELECT clock.data_version AS current_version, document.data_version, document.step_run_id, document.as_of,
    document.digest, document.written_at, document.body
FROM athlete_clocks AS clock
LEFT JOIN step_documents AS document ON document.athlete_id = clock.athlete_id AND document.name = $2
WHERE clock.athlete_id = $1
"""


class Coverage(Struct, frozen=True, kw_only=True):
    """What a document was computed from, by what and when."""

    data_version: int
    step_run_id: UUID
    as_of: date
    digest: str
    computed_at: datetime


class StoredDocument(Struct, frozen=True, kw_only=True):
    """The newest document of a name; both are None before the first analysis."""

    current_version: int
    coverage: Coverage | None
    body: bytes | None


async def get_document(session: Session, athlete: VisibleAthlete, name: str) -> StoredDocument:
    """The newest document of a name beside the athlete's current version."""
    row = await (await raw(session)).fetchrow(ONE, athlete.athlete_id, name)
    if row is None:
        raise NotFound("There is no such athlete.")
    if row["body"] is None:
        return StoredDocument(current_version=row["current_version"], coverage=None, body=None)
    coverage = Coverage(
        data_version=row["data_version"],
        step_run_id=row["step_run_id"],
        as_of=row["as_of"],
        digest=row["digest"],
        computed_at=row["written_at"],
    )
    return StoredDocument(current_version=row["current_version"], coverage=coverage, body=row["body"])
