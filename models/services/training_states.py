"""Keeping what spares the next analysis its reading: one small upsert, which no result depends on."""

from datetime import datetime

from msgspec import Struct

from models.db import Session, raw
from models.queries.visibility import VisibleAthlete

# Whoever read newer data keeps it; what claims to be newer than the data itself is nobody's.
KEEP = """
INSERT INTO training_states AS known (athlete_id, layout, data_version, digest, body, written_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (athlete_id) DO UPDATE SET layout = excluded.layout, data_version = excluded.data_version,
    digest = excluded.digest, body = excluded.body, written_at = excluded.written_at
WHERE known.data_version <= excluded.data_version
    OR known.data_version > (SELECT data_version FROM athlete_clocks WHERE athlete_clocks.athlete_id = $1)
"""


class ToKeep(Struct, frozen=True, kw_only=True):
    """A state of a version, as bytes in a layout, with the digest that tells whole bytes from others."""

    layout: int
    data_version: int
    digest: str
    body: bytes


async def keep(session: Session, athlete: VisibleAthlete, state: ToKeep, *, now: datetime) -> None:
    """Keep a state in the place of an older one."""
    await (await raw(session)).execute(
        KEEP, athlete.athlete_id, state.layout, state.data_version, state.digest, state.body, now
    )
