"""A PostgreSQL of the benchmark's own: embedded, migrated, seeded, thrown away."""

import asyncio
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import asyncpg
from msgspec import Struct

from loadstone import schema
from loadstone.dev.postgres import EmbeddedPostgres
from models import ids
from models.db import DatabaseConfig

# As registering leaves them, but for the password, which nobody needs here.
NEW_ATHLETES = """
WITH account AS (
    INSERT INTO accounts (id, email, password_hash, role, time_zone, mass_unit, created_at)
    SELECT id, id || '@example.org', 'unused', 'athlete', 'Europe/Berlin', 1, now() FROM unnest($1::uuid[]) AS id
)
INSERT INTO athlete_clocks (athlete_id) SELECT unnest($1::uuid[])
"""
driver = cast(Any, asyncpg)


class Database(Struct, frozen=True, kw_only=True):
    """Where it is, the process whose family it is, and a folder for the logs of who uses it."""

    dsn: str
    pid: int
    folder: Path


@contextmanager
def temporary_folder() -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="loadstone-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def temporary_database() -> Generator[Database]:
    """Without fsync: what is measured with it is processor time."""
    with temporary_folder() as folder:
        server = EmbeddedPostgres(folder / "postgres", port=0, fsync=False)
        try:
            server.start()
            assert server.process is not None, "a server that started has a process"
            schema.migrate(server.dsn)
            asyncio.run(schema.seed(DatabaseConfig(dsn=server.dsn)))
            yield Database(dsn=server.dsn, pid=server.process.pid, folder=folder)
        finally:
            server.stop()


async def new_athletes(dsn: str, count: int) -> list[UUID]:
    athletes = [ids.new() for _ in range(count)]
    connection = await driver.connect(dsn)
    await connection.execute(NEW_ATHLETES, athletes)
    await connection.close()
    return athletes
