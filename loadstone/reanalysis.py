"""Asking for a reanalysis of many athletes, following it and cancelling it: rows and the doorbell, never Temporal."""

import asyncio
import getpass
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from models import db, outbox
from models.db import DatabaseConfig
from models.domain.errors import NotFound
from models.domain.population import PopulationStatus, PopulationView
from models.queries import population as queries
from models.services import population

POLL_S = 0.5
HINT_AFTER_S = 5.0
NO_WORKER = "No worker has taken it up: `loadstone up` runs one, or `loadstone worker` with the queues core and bulk."
REQUESTED = "requested"


class Order(Struct, frozen=True, kw_only=True):
    """What to analyse again: None for every step, and for every athlete who has recorded anything."""

    steps: Sequence[str] | None = None
    athletes: Sequence[UUID] | None = None


async def request(order: Order, database: DatabaseConfig) -> UUID:
    """Queue the reanalysis and wake the relay. Raises Invalid for an unknown step, NotFound for an unknown athlete."""
    async with _engine(database) as engine:
        async with db.direct(engine, transaction=True) as session:
            run_id = await population.request_reanalysis(
                session,
                steps=order.steps,
                athletes=order.athletes,
                trigger=REQUESTED,
                requested_by=_user(),
                now=datetime.now(UTC),
            )
        await _ring(engine)
        return run_id


async def cancel(run_id: UUID, database: DatabaseConfig) -> PopulationView:
    """Cancel the reanalysis; as it is then. Raises NotFound, and Conflict where it has ended."""
    async with _engine(database) as engine:
        async with db.direct(engine, transaction=True) as session:
            await population.cancel(session, run_id, now=datetime.now(UTC))
        await _ring(engine)
        return await _get(engine, run_id)


async def status(run_id: UUID | None, database: DatabaseConfig) -> PopulationView:
    """The reanalysis, or the newest one. Raises NotFound."""
    async with _engine(database) as engine:
        return await _get(engine, run_id or await _newest(engine))


async def follow(
    run_id: UUID, database: DatabaseConfig, *, show: Callable[[PopulationView], None], tell: Callable[[str], None]
) -> PopulationView:
    """Show the reanalysis again and again until it ends. `tell` hears when nobody takes it up."""
    started, told = time.monotonic(), False
    async with _engine(database) as engine:
        while (found := await _get(engine, run_id)).is_open:
            show(found)
            waits = found.status is PopulationStatus.QUEUED and time.monotonic() - started > HINT_AFTER_S
            if waits and not told:
                told = True
                tell(NO_WORKER)
            await asyncio.sleep(POLL_S)
        show(found)
        return found


@asynccontextmanager
async def _engine(database: DatabaseConfig) -> AsyncGenerator[AsyncEngine]:
    engine = db.engine(database)
    try:
        yield engine
    finally:
        await engine.dispose()


async def _get(engine: AsyncEngine, run_id: UUID) -> PopulationView:
    async with db.direct(engine, transaction=False) as session:
        return await queries.get(session, run_id)


async def _newest(engine: AsyncEngine) -> UUID:
    async with db.direct(engine, transaction=False) as session:
        found = await queries.newest(session, limit=1)
    if not found:
        raise NotFound("There was no reanalysis yet.")
    return found[0].id


async def _ring(engine: AsyncEngine) -> None:
    async with db.direct(engine, transaction=False) as session:
        await outbox.ring(session)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody at a terminal"
