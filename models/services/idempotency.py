"""Answers kept for a POST that comes again with the same Idempotency-Key."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from models.db import Session, raw
from models.domain.errors import Conflict, Fault, Invalid
from models.queries.visibility import VisibleAthlete

LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))"
FIND = "SELECT request_digest, status, location, body FROM idempotency_keys WHERE athlete_id = $1 AND key = $2"
KEEP = """
INSERT INTO idempotency_keys (athlete_id, key, request_digest, status, location, body, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""


class KeptAnswer(Struct, frozen=True, kw_only=True):
    status: int
    location: str | None
    body: bytes


async def claim(session: Session, athlete: VisibleAthlete, *, key: str, digest: bytes) -> KeptAnswer | None:
    """The answer that the key already has, else None and the key is held until the transaction ends.

    Raises Conflict while another request holds the key, Invalid where the key belongs to another body.
    """
    connection = await raw(session)
    if not await connection.fetchval(LOCK, f"idempotency/{athlete.athlete_id}/{key}"):
        raise Conflict("A request with this Idempotency-Key is still being answered.")
    row = await connection.fetchrow(FIND, athlete.athlete_id, key)
    return None if row is None else _answer(row, digest)


async def keep(
    session: Session, athlete: VisibleAthlete, *, key: str, digest: bytes, answer: KeptAnswer, now: datetime
) -> None:
    """Keep the answer with the write that it tells of."""
    await (await raw(session)).execute(
        KEEP, athlete.athlete_id, key, digest, answer.status, answer.location, answer.body, now
    )


def _answer(row: Any, digest: bytes) -> KeptAnswer:
    if row["request_digest"] != digest:
        message = "This key was used with another body. A new request needs a new key."
        raise Invalid([Fault(path="header.Idempotency-Key", message=message)])
    return KeptAnswer(status=row["status"], location=row["location"], body=row["body"])
