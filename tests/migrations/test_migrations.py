"""The migrations: one line of them, there and back again, ending in exactly the schema that the code describes."""

from collections.abc import Callable, Iterator

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table
from sqlalchemy.ext.asyncio import create_async_engine

import migrations
from loadstone.dev.postgres import EmbeddedPostgres
from models.tables import metadata
from tests.databases import create_database, drop_database

SHARED_TABLES = {
    *("accounts", "exercises", "pipelines", "refresh_tokens"),
    *("population_runs", "population_chunks", "step_diffs", "promotions"),
}


@pytest.fixture
def empty_dsn(postgres: EmbeddedPostgres) -> Iterator[str]:
    dsn = create_database(postgres.dsn)
    yield dsn
    drop_database(postgres.dsn, dsn)


def test_there_is_one_head(empty_dsn: str) -> None:
    scripts = ScriptDirectory.from_config(migrations.config(empty_dsn))
    assert len(scripts.get_heads()) == 1


def test_up_down_and_up_again(empty_dsn: str) -> None:
    configuration = migrations.config(empty_dsn)
    command.upgrade(configuration, "head")
    command.downgrade(configuration, "base")
    command.upgrade(configuration, "head")


def test_the_migrated_schema_is_the_described_one(empty_dsn: str) -> None:
    configuration = migrations.config(empty_dsn)
    command.upgrade(configuration, "head")
    command.check(configuration)


async def test_what_an_athlete_owns_can_be_partitioned_by_athlete(new_database: Callable[[], str]) -> None:
    partitioned = MetaData(naming_convention=metadata.naming_convention)
    owned = [_copy(table, partitioned) for table in metadata.sorted_tables]
    engine = create_async_engine(new_database().replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE SCHEMA partitioned")
        await connection.exec_driver_sql("SET search_path = partitioned")
        await connection.run_sync(partitioned.create_all)
        kinds = await connection.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relkind = 'p' AND relnamespace = 'partitioned'::regnamespace"
        )
        assert {row[0] for row in kinds} == {table.name for table in owned} - SHARED_TABLES
    await engine.dispose()


def _copy(table: Table, into: MetaData) -> Table:
    copy = table.to_metadata(into)
    if table.name not in SHARED_TABLES:
        copy.dialect_options["postgresql"]["partition_by"] = "HASH (athlete_id)"
    return copy
