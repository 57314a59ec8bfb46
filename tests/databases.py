"""Databases of their own for tests: made from a template, dropped when done; with or without a running loop."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg

from models import ids


def create_database(server_dsn: str, *, template: str = "template1") -> str:
    """Create a database and return its DSN."""
    name = f"test_{ids.new().hex}"
    run(_execute(server_dsn, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy'))
    return server_dsn.rsplit("/", 1)[0] + f"/{name}"


def drop_database(server_dsn: str, dsn: str) -> None:
    name = dsn.rsplit("/", 1)[1]
    run(_execute(server_dsn, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def run(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Run a coroutine to its end in a thread of its own, whether or not a loop runs here."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, coroutine).result()


@asynccontextmanager
async def connected(dsn: str) -> AsyncGenerator[Any]:
    """A bare connection, for looking at what is really there."""
    connection = await cast(Any, asyncpg).connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def _execute(dsn: str, statement: str) -> None:
    async with connected(dsn) as connection:
        await connection.execute(statement)
