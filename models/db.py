"""Connections: one engine a process, one session a request or activity."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, cast
from weakref import WeakKeyDictionary

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


class Driver(Protocol):
    """What hand-written statements use of an asyncpg connection, which itself publishes no types."""

    async def fetch(self, query: str, *args: Any) -> list[Any]: ...
    async def fetchrow(self, query: str, *args: Any) -> Any: ...
    async def fetchval(self, query: str, *args: Any) -> Any: ...
    async def execute(self, query: str, *args: Any) -> str: ...
    async def copy_records_to_table(self, table_name: str, **options: Any) -> str: ...
    async def copy_from_query(self, query: str, *args: Any, **options: Any) -> str: ...
    def transaction(self) -> AbstractAsyncContextManager[Any]: ...
    def is_in_transaction(self) -> bool: ...
    def is_closed(self) -> bool: ...
    def terminate(self) -> None: ...


class Direct:
    """A pooled driver connection with no ORM session around it, which would cost more than the statement it runs."""

    __slots__ = ("driver",)

    def __init__(self, driver: Driver) -> None:
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
    shelf = _SHELVES[database] = Shelf(max(0, config.pool_size - 2))
    event.listen(database.sync_engine, "checkout", _refuse_closed)
    event.listen(database.sync_engine, "engine_disposed", shelf.clear)
    return database


def sessions(database: AsyncEngine) -> Sessions:
    """Sessions that keep loaded rows readable after the commit."""
    return async_sessionmaker(database, expire_on_commit=False)


@asynccontextmanager
async def transaction(factory: Sessions) -> AsyncGenerator[AsyncSession]:
    """One session, committed at the end of the block, rolled back if it raises."""
    async with factory() as session, session.begin():
        yield session


SOON_DURABLE = "SET LOCAL synchronous_commit = off"


@asynccontextmanager
async def direct(database: AsyncEngine, *, transaction: bool, durable: bool = True) -> AsyncGenerator[Direct]:
    """A pooled connection: each statement its own transaction, or all of the block one that commits at its end.

    A transaction that is not durable is seen by everybody at once and written to disk a moment later, at the latest
    with the next durable one: for what is done again if the server loses it.
    """
    shelf = _SHELVES[database]
    fairy = await shelf.take(database)
    driver: Driver = fairy.driver_connection
    try:
        if transaction:
            async with driver.transaction():
                if not durable:
                    await driver.execute(SOON_DURABLE)
                yield Direct(driver)
        else:
            yield Direct(driver)
    except (asyncpg.InternalClientError, asyncio.CancelledError):
        # The server went away, or we, in the middle of something: the connection's state is unknown.
        driver.terminate()
        raise
    finally:
        shelf.give_back(fairy)


class Shelf:
    """Connections at rest between direct uses: the pool's own way in and out costs more than a small read.

    Two always stay the pool's, for sessions; whoever waits at the pool is served before the shelf.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._idle: list[Any] = []
        self._waiting = 0

    async def take(self, database: AsyncEngine) -> Any:
        while self._idle:
            fairy = self._idle.pop()
            if not fairy.driver_connection.is_closed():
                return fairy
            _close(fairy, broken=True)
        self._waiting += 1
        try:
            return await database.raw_connection()
        finally:
            self._waiting -= 1

    def give_back(self, fairy: Any) -> None:
        driver: Driver = fairy.driver_connection
        if driver.is_closed() or driver.is_in_transaction():
            _close(fairy, broken=True)
        elif self._waiting or len(self._idle) >= self._room:
            _close(fairy, broken=False)
        else:
            self._idle.append(fairy)

    def clear(self, _: object) -> None:
        """Close all of them, with the engine."""
        while self._idle:
            _close(self._idle.pop(), broken=True)


_SHELVES = WeakKeyDictionary[AsyncEngine, Shelf]()


def _close(fairy: Any, *, broken: bool) -> None:
    if broken:
        fairy.invalidate()
    fairy.close()


async def raw(session: Session) -> Driver:
    """The driver's connection inside the session's transaction, for hand-written statements."""
    if isinstance(session, Direct):
        return session.driver
    fairy = cast(Any, await (await session.connection()).get_raw_connection())
    if not fairy.driver_connection.is_in_transaction():
        # SQLAlchemy sends BEGIN with its own first statement only; ours would commit one by one.
        await fairy.dbapi_connection._start_transaction()  # noqa: SLF001
    return fairy.driver_connection


def _refuse_closed(connection: Any, *_: object) -> None:
    """Replace a pooled connection that the server has closed, at no round trip."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError
