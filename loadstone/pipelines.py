"""Which versions of the steps this machine's database runs, for commands that also work without one."""

import asyncio

import asyncpg

from loadstone import settings
from loadstone.errors import Trouble
from loadstone.workbench import read
from models.db import DatabaseConfig, Direct
from models.services import pipelines
from workflows.steps import STEPS
from workflows.steps.states import Active


def known() -> tuple[Active | None, str]:
    """What is active, or None and why that cannot be told."""
    try:
        return asyncio.run(active(settings.load().database)), ""
    except (Trouble, OSError, asyncpg.PostgresError) as error:
        return None, str(error) or type(error).__name__


async def active(database: DatabaseConfig) -> Active:
    """The active version of each step, by pipeline."""
    names = sorted({step.pipeline for step in STEPS})

    async def reading(session: Direct) -> Active:
        found = {name: await pipelines.active(session, name) for name in names}
        return {name: {step.name: step.version for step in steps} for name, steps in found.items()}

    return await read(database, reading)
