"""The database brought to this version: migrations, then the catalogue and the pipelines."""

import asyncpg
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError

import migrations
from loadstone.errors import Trouble
from models import db
from models.db import DatabaseConfig
from models.services import catalogue, pipelines
from workflows.steps import STEPS


class SchemaError(Trouble):
    """The database cannot be brought to this version."""


def migrate(dsn: str) -> str:
    """Run the migrations that are missing; the revision afterwards."""
    configuration = migrations.config(dsn)
    try:
        command.upgrade(configuration, "head")
    except CommandError as error:
        raise SchemaError(f"The database is of a version that this code does not know: {error}") from error
    except (OSError, asyncpg.PostgresError) as error:
        raise SchemaError(f"The database does not answer, or refuses us: {error}") from error
    return head()


def head() -> str:
    """The newest revision that this code knows."""
    return ScriptDirectory.from_config(migrations.config("")).get_current_head() or "none"


async def seed(config: DatabaseConfig) -> tuple[int, int]:
    """Write the catalogue and the pipelines; how many exercises and pipelines there were to write."""
    engine = db.engine(config)
    try:
        known = {(step.name, step.version) for step in STEPS}
        async with db.transaction(db.sessions(engine)) as session:
            return await catalogue.seed(session), await pipelines.seed(session, known)
    finally:
        await engine.dispose()
