"""Kept answers and expired tokens are forgotten, those still of use are not."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.db import raw
from models.services import expiry
from tests.factories import NOW, an_athlete

ANSWER = "INSERT INTO idempotency_keys VALUES ($1, $2, '', 201, NULL, '', $3)"
TOKEN = """
INSERT INTO refresh_tokens (account_id, id, family_id, token_hash, created_at, expires_at)
VALUES ($1, $2, $2, '', $3, $3)
"""


async def test_only_what_is_too_old_is_forgotten(session: AsyncSession) -> None:
    athlete, connection = await an_athlete(session), await raw(session)
    for age in (timedelta(0), timedelta(days=30)):
        await connection.execute(ANSWER, athlete.athlete_id, str(age), NOW - age)
        await connection.execute(TOKEN, athlete.athlete_id, ids.new(), NOW - age)
    await expiry.forget(session, before=NOW - timedelta(days=7))
    for table in ("idempotency_keys", "refresh_tokens"):
        assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 1
