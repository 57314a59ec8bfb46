"""Reads of imports: for their athletes, and piece by piece for the jobs that work on them."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models.db import Session, raw
from models.domain.errors import NotFound
from models.domain.imports import ImportPhase, ImportView, Question, Undone, UnitCorrected
from models.domain.runs import RunStatus
from models.domain.units import MASS_UNITS_BY_CODE, MassUnit
from models.queries.visibility import VisibleAthlete

COLUMNS = """
import.id, import.phase, run.status AS run_status, run.waiting_for, run.problem, import.file_name, import.size_bytes,
import.sha256, import.time_zone, import.unit_given, import.unit, import.receipt, import.outcome,
import.created_at, import.updated_at, import.published_at, import.undone_at
"""
FROM = "FROM imports AS import JOIN runs AS run ON run.athlete_id = import.athlete_id AND run.id = import.id"
ONE = f"SELECT {COLUMNS} {FROM} WHERE import.athlete_id = $1 AND import.id = $2"
# A page ends before its receipts are larger than this, whatever its limit; one import always fits.
MOST_BYTES = 4 * 2**20
# $4 one more than the page may have, $5 the most bytes. `found` tells whether another page follows.
PAGE = f"""
WITH found AS (
    SELECT {COLUMNS} {FROM}
    WHERE import.athlete_id = $1 AND ($2::timestamptz IS NULL OR (import.created_at, import.id) < ($2, $3))
    ORDER BY import.created_at DESC, import.id DESC LIMIT $4
), sized AS (
    SELECT *, count(*) OVER () AS found, row_number() OVER newest AS place,
        sum(coalesce(octet_length(receipt::text), 0) + coalesce(octet_length(outcome::text), 0)) OVER newest AS reached
    FROM found WINDOW newest AS (ORDER BY created_at DESC, id DESC)
)
SELECT * FROM sized WHERE place = 1 OR (place < $4 AND reached <= $5) ORDER BY place
"""
TERMS = "SELECT phase, time_zone, unit_given, unit FROM imports WHERE athlete_id = $1 AND id = $2"
ASKING = """
SELECT id FROM imports
WHERE athlete_id = $1 AND sha256 = $2 AND phase = 'asking' AND ($3::text IS NULL OR time_zone = $3)
ORDER BY created_at, id LIMIT 1
"""
PART = "SELECT content FROM import_parts WHERE athlete_id = $1 AND import_id = $2 AND position = $3"
CHUNK = "SELECT content FROM import_chunks WHERE athlete_id = $1 AND import_id = $2 AND position = $3"


class ReadingTerms(Struct, frozen=True, kw_only=True):
    """How far an import is, and how its file is to be read; `unit` is what it was taken for."""

    phase: ImportPhase
    time_zone: str
    unit_given: MassUnit | None
    unit: MassUnit | None


async def get_import(session: Session, athlete: VisibleAthlete, import_id: UUID) -> ImportView:
    """One import with the state of its run."""
    row = await (await raw(session)).fetchrow(ONE, athlete.athlete_id, import_id)
    if row is None:
        raise NotFound("There is no such import.")
    return view(row)


async def list_imports(
    session: Session, athlete: VisibleAthlete, *, after: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[ImportView], bool]:
    """A page of imports, newest first, after the (created_at, id) of the page before; and whether another follows."""
    created_at, import_id = after or (None, None)
    rows = await (await raw(session)).fetch(PAGE, athlete.athlete_id, created_at, import_id, limit + 1, MOST_BYTES)
    return [view(row) for row in rows], bool(rows) and rows[0]["found"] > len(rows)


async def terms(session: Session, athlete: VisibleAthlete, import_id: UUID) -> ReadingTerms:
    """How to read an import's file; raises NotFound."""
    row = await (await raw(session)).fetchrow(TERMS, athlete.athlete_id, import_id)
    if row is None:
        raise NotFound("There is no such import.")
    return reading_terms(row)


async def find_asking(
    session: Session, athlete: VisibleAthlete, sha256: bytes, *, time_zone: str | None
) -> UUID | None:
    """The oldest import of this very file, in this zone where one is named, that waits for an answer."""
    return await (await raw(session)).fetchval(ASKING, athlete.athlete_id, sha256, time_zone)


async def parts(session: Session, athlete: VisibleAthlete, import_id: UUID) -> AsyncGenerator[bytes]:
    """The file as it was received, one piece at a time in memory."""
    async for content in _pieces(session, PART, athlete, import_id):
        yield content


async def chunks(session: Session, athlete: VisibleAthlete, import_id: UUID) -> AsyncGenerator[bytes]:
    """The staged pieces in their order, one at a time in memory."""
    async for content in _pieces(session, CHUNK, athlete, import_id):
        yield content


async def _pieces(session: Session, statement: str, athlete: VisibleAthlete, import_id: UUID) -> AsyncGenerator[bytes]:
    connection, position = await raw(session), 0
    while (content := await connection.fetchval(statement, athlete.athlete_id, import_id, position)) is not None:
        yield content
        position += 1


def reading_terms(row: Any) -> ReadingTerms:
    """The terms from a row with their columns."""
    return ReadingTerms(
        phase=ImportPhase(row["phase"]),
        time_zone=row["time_zone"],
        unit_given=_unit(row["unit_given"]),
        unit=_unit(row["unit"]),
    )


def view(row: Any) -> ImportView:
    """An import from a row with COLUMNS. The receipt is told as it was written, whatever receipts hold today."""
    question, outcome = row["waiting_for"], row["outcome"]
    return ImportView(
        id=row["id"],
        phase=ImportPhase(row["phase"]),
        run_status=RunStatus(row["run_status"]),
        question=None if question is None else msgspec.convert(question, Question),
        problem=row["problem"],
        file_name=row["file_name"],
        size_bytes=row["size_bytes"],
        sha256=row["sha256"].hex(),
        time_zone=row["time_zone"],
        unit_given=_unit(row["unit_given"]),
        unit=_unit(row["unit"]),
        receipt=row["receipt"],
        outcome=None if outcome is None else msgspec.convert(outcome, UnitCorrected | Undone),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        published_at=row["published_at"],
        undone_at=row["undone_at"],
    )


def _unit(code: int | None) -> MassUnit | None:
    return None if code is None else MASS_UNITS_BY_CODE[code]
