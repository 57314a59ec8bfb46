"""What every test may ask for: a real migrated PostgreSQL, a session that is rolled back, a real Temporal server."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy.ext.asyncio import AsyncSession

import migrations
from loadstone.dev.postgres import EmbeddedPostgres
from loadstone.dev.temporal import TemporalServer
from models import db
from models.db import DatabaseConfig
from models.services import catalogue, pipelines
from tests.databases import create_database, run


@pytest.fixture(scope="session")
def stack_directory() -> Iterator[Path]:
    """A short-lived folder for the servers' state, readable by the database's system user."""
    directory = Path(tempfile.mkdtemp(prefix="loadstone-test-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(stack_directory: Path) -> Iterator[EmbeddedPostgres]:
    """One PostgreSQL a test process."""
    server = EmbeddedPostgres(stack_directory / "postgres", port=0, fsync=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def new_database(postgres: EmbeddedPostgres) -> Callable[[], str]:
    """Makes an empty migrated and seeded database and returns its DSN."""
    template = create_database(postgres.dsn)
    command.upgrade(migrations.config(template), "head")
    run(_seed(template))
    return lambda: create_database(postgres.dsn, template=template.rsplit("/", 1)[1])


@pytest.fixture(scope="session")
def shared_dsn(new_database: Callable[[], str]) -> str:
    """The database whose tests roll back what they write."""
    return new_database()


@pytest.fixture
async def session(shared_dsn: str) -> AsyncIterator[AsyncSession]:
    """A session in a transaction that is rolled back when the test ends."""
    engine = db.engine(DatabaseConfig(dsn=shared_dsn, pool_size=2))
    async with db.sessions(engine)() as open_session:
        yield open_session
        await open_session.rollback()
    await engine.dispose()


@pytest.fixture
async def sessions(new_database: Callable[[], str]) -> AsyncIterator[db.Sessions]:
    """Committing sessions on a database of the test's own."""
    engine = db.engine(DatabaseConfig(dsn=new_database(), pool_size=5))
    yield db.sessions(engine)
    await engine.dispose()


@pytest.fixture(scope="session")
def temporal() -> Iterator[TemporalServer]:
    """One Temporal server a test process; tests choose workflow ids of their own."""
    server = TemporalServer(None, port=0, ui=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def real_logs() -> Path:
    """The folder of real training logs, which stay outside the project; tests that need them skip without it."""
    default = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("LOADSTONE_REAL_LOGS", default))
    if not (folder / "logs").is_dir():
        pytest.skip("the real training logs are not on this machine")
    return folder


async def _seed(dsn: str) -> None:
    engine = db.engine(DatabaseConfig(dsn=dsn, pool_size=1))
    async with db.transaction(db.sessions(engine)) as session:
        await catalogue.seed(session)
        await pipelines.seed(session)
    await engine.dispose()
