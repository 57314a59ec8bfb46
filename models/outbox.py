"""The outbox: events added with the facts they tell of, then leased, settled, released or parked by the relay."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from models.db import DatabaseConfig, Session, raw

DOORBELL = "loadstone_outbox"

ADD = """
INSERT INTO outbox (athlete_id, topic, payload, created_at)
SELECT athlete_id, $2, $3::jsonb, $4 FROM unnest($1::uuid[]) AS athlete_id
"""
# The counter stops below the limit of its type: an outage may last for days.
LEASE = """
WITH free AS MATERIALIZED (
    SELECT athlete_id, id FROM outbox WHERE leased_until IS NULL OR leased_until < $1
    ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED
)
UPDATE outbox SET leased_until = $2, attempts = least(attempts + 1, 30000)
FROM free WHERE outbox.athlete_id = free.athlete_id AND outbox.id = free.id
RETURNING outbox.id, outbox.athlete_id, outbox.topic, outbox.payload::text
"""
SETTLE = "DELETE FROM outbox WHERE id = ANY ($1::bigint[])"
DEFER = "UPDATE outbox SET leased_until = $2 WHERE id = ANY ($1::bigint[])"


class Event(Struct, frozen=True, kw_only=True):
    """A leased event: one holder at a time until the lease ends."""

    id: int
    athlete_id: UUID
    topic: str
    payload: dict[str, Any] | None


async def add(
    session: Session, *athlete_ids: UUID, topic: str, now: datetime, payload: dict[str, Any] | None = None
) -> None:
    """Write one event for each athlete, in the transaction of the facts it tells of."""
    encoded = None if payload is None else msgspec.json.encode(payload).decode()
    await (await raw(session)).execute(ADD, athlete_ids, topic, encoded, now)


async def lease(session: Session, *, now: datetime, lease_s: float, limit: int) -> list[Event]:
    """Take up to `limit` free events, oldest first; others see them again when the lease ends."""
    rows = await (await raw(session)).fetch(LEASE, now, now + timedelta(seconds=lease_s), limit)
    return sorted((_event(row) for row in rows), key=lambda event: event.id)


async def settle(session: Session, ids: Sequence[int]) -> None:
    """Forget events that have arrived."""
    await (await raw(session)).execute(SETTLE, ids)


async def defer(session: Session, ids: Sequence[int], *, until: datetime | None) -> None:
    """Give events back: free at once (None), or parked until then."""
    await (await raw(session)).execute(DEFER, ids, until)


async def ring(session: Session) -> None:
    """Wake the relays. Never inside a transaction that writes: NOTIFY holds a database-wide lock through the commit."""
    await (await raw(session)).execute("SELECT pg_notify($1, '')", DOORBELL)


async def hear(config: DatabaseConfig, rung: Callable[[], None], *, connected: Callable[[], None]) -> None:
    """Call `rung` at every ring, and once at first for those missed before; raises when the connection breaks."""
    connection = await _connect(config)
    closed = asyncio.Event()

    def on_close(_: object) -> None:
        closed.set()

    def on_ring(*_: object) -> None:
        rung()

    connection.add_termination_listener(on_close)
    try:
        await connection.add_listener(DOORBELL, on_ring)
        connected()
        rung()
        await closed.wait()
    finally:
        connection.terminate()
    raise ConnectionError("The connection was closed.")


async def _connect(config: DatabaseConfig) -> Any:
    """A connection of our own. The driver leaks one whose making is cancelled, so that is waited for."""
    making: asyncio.Future[Any] = asyncio.ensure_future(
        cast(Any, asyncpg).connect(config.dsn, timeout=config.connect_timeout_s)
    )
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        with suppress(Exception):
            (await making).terminate()
        raise


def _event(row: Any) -> Event:
    payload = row["payload"]
    return Event(
        id=row["id"],
        athlete_id=row["athlete_id"],
        topic=row["topic"],
        payload=None if payload is None else msgspec.json.decode(payload),
    )
