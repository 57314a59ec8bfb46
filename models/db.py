"""Connections: one engine a process, one session a request or activity."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg
from msgspec import Struct
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)


class DatabaseConfig(Struct, frozen=True, kw_only=True):
    dsn: str
    pool_size: int = 10
    connect_timeout_s: float = 5.0
    command_timeout_s: float = 60.0


class Direct:
    """A pooled driver connection with no ORM session around it, which would cost more than the statement it runs."""

    __slots__ = ("driver",)

    def __init__(self, driver: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.driver = driver


Sessions = async_sessionmaker[AsyncSession]
Session = AsyncSession | Direct


def engine(config: DatabaseConfig) -> AsyncEngine:
    """An engine on asyncpg; `config.dsn` is a plain `postgresql://` address."""
    database = create_async_engine(
        config.dsn.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=config.pool_size,
        max_overflow=0,
        pool_timeout=config.connect_timeout_s,
        connect_args={"timeout": config.connect_timeout_s, "command_timeout": config.command_timeout_s},
    )
    event.listen(database.sync_engine, "checkout", _refuse_closed)
    return database


def sessions(database: AsyncEngine) -> Sessions:
    """Sessions that keep loaded rows readable after the commit."""
    return async_sessionmaker(database, expire_on_commit=False)


@asynccontextmanager
async def transaction(factory: Sessions) -> AsyncIterator[AsyncSession]:
    """One session, committed at the end of the block, rolled back if it raises."""
    async with factory() as session, session.begin():
        yield session


@asynccontextmanager
async def direct(database: AsyncEngine, *, transaction: bool) -> AsyncIterator[Direct]:
    """A pooled connection: each statement its own transaction, or all of the block one that commits at its end."""
    fairy = cast(Any, await database.raw_connection())
    driver: asyncpg.Connection[asyncpg.Record] = fairy.driver_connection
    try:
        if transaction:
            async with driver.transaction():
                yield Direct(driver)
        else:
            yield Direct(driver)
    finally:
        if driver.is_closed() or driver.is_in_transaction():
            fairy.invalidate()
        fairy.close()


async def raw(session: Session) -> "asyncpg.Connection[asyncpg.Record]":
    """The driver's connection inside the session's transaction, for hand-written statements."""
    if isinstance(session, Direct):
        return session.driver
    fairy = cast(Any, await (await session.connection()).get_raw_connection())
    if not fairy.driver_connection.is_in_transaction():
        # SQLAlchemy sends BEGIN with its own first statement only; ours would commit one by one.
        await fairy.dbapi_connection._start_transaction()
    return fairy.driver_connection


def _refuse_closed(connection: Any, *_: object) -> None:
    """Replace a pooled connection that the server has closed, at no round trip."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError
