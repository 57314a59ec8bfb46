"""What tests of durable work ask for."""

from collections.abc import AsyncIterator, Callable

import pytest

from loadstone.dev.temporal import TemporalServer
from models import db
from models.db import DatabaseConfig
from tests.workflows.stage import Stage
from workflows.config import WorkerConfig


@pytest.fixture(scope="session")
def stage_dsn(new_database: Callable[[], str]) -> str:
    """The database of all workers under test: the queues of the one Temporal server lead to it."""
    return new_database()


@pytest.fixture
def config(stage_dsn: str, temporal: TemporalServer) -> WorkerConfig:
    """A worker's configuration; its sweep comes too seldom to meddle."""
    return a_config(stage_dsn, temporal.address)


@pytest.fixture
async def stage(config: WorkerConfig) -> AsyncIterator[Stage]:
    """The stage of a test; events that an earlier one left behind are cleared away."""
    database = db.engine(config.database)
    stage = Stage(config, database)
    await stage.execute("DELETE FROM outbox")
    yield stage
    await database.dispose()


def a_config(dsn: str, address: str) -> WorkerConfig:
    return WorkerConfig(
        database=DatabaseConfig(dsn=dsn, pool_size=8),
        temporal_address=address,
        sweep_every_s=600,
        shutdown_s=1,
        git_revision="test",
    )
