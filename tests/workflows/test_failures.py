"""What heals by itself is told from what never will, however deep the driver has wrapped it."""

import asyncpg
import pytest

from models import db
from models.db import DatabaseConfig
from models.domain.errors import NotFound, StepFailed
from workflows import failures


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.AdminShutdownError("terminating"),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.DeadlockDetectedError("deadlock"),
        asyncpg.DiskFullError("full"),
        asyncpg.InterfaceError("connection is closed"),
    ],
)
def test_an_outage_heals(error: Exception) -> None:
    assert failures.heals(error)


@pytest.mark.parametrize(
    "error",
    [
        KeyError(),
        StepFailed("no"),
        NotFound("no"),
        asyncpg.UndefinedTableError("no"),
        asyncpg.UniqueViolationError("no"),
    ],
)
def test_a_defect_does_not_heal(error: Exception) -> None:
    assert not failures.heals(error)


async def test_a_server_that_is_not_there_heals_through_the_pool() -> None:
    database = db.engine(DatabaseConfig(dsn="postgresql://nobody@127.0.0.1:1/nothing"))
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is what this is about
        async with db.direct(database, transaction=True):
            pass
    assert failures.heals(caught.value)
    await database.dispose()


async def test_a_value_that_does_not_fit_its_column_is_a_defect(shared_dsn: str) -> None:
    database = db.engine(DatabaseConfig(dsn=shared_dsn))
    with pytest.raises(asyncpg.exceptions.DataError) as caught:
        async with db.direct(database, transaction=True) as session:
            await session.driver.fetch("SELECT $1::int", "seven")
    assert not failures.heals(caught.value)
    await database.dispose()
