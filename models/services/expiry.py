"""Forgetting what has served its time: answers kept for retries, and refresh tokens that have expired."""

from datetime import datetime

from models.db import Session, raw

KEPT_ANSWERS = "DELETE FROM idempotency_keys WHERE created_at < $1"
TOKENS = "DELETE FROM refresh_tokens WHERE expires_at < $1"


async def forget(session: Session, *, before: datetime) -> None:
    """Drop what was of no use any more at that moment. A retry comes within days; a token says itself until when."""
    connection = await raw(session)
    await connection.execute(KEPT_ANSWERS, before)
    await connection.execute(TOKENS, before)
