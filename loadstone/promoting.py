"""Another version of a step for a pipeline, and an analysis again from the middle: rows and the doorbell."""

import getpass
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from models import db, outbox
from models.db import DatabaseConfig
from models.domain.errors import NotFound
from models.queries import recorded
from models.services import pipelines, promotions, reruns
from models.services.promotions import Candidate, Promoted
from workflows.steps.code import code_digest
from workflows.steps.step import Step


async def promote(step: Step, steps: Sequence[Step], database: DatabaseConfig) -> Promoted:
    """Make the version the active one of its pipeline; raises Conflict where no stored diff shows what it changes."""
    async with _engine(database) as engine:
        async with db.direct(engine, transaction=True) as session:
            active = {each.name: each.version for each in await pipelines.active(session, step.pipeline)}
            candidate = Candidate(
                pipeline=step.pipeline,
                step=step.name,
                version=step.version,
                code=code_digest(step),
                reanalyse=concerned(step, [each for each in steps if active.get(each.name) == each.version]),
            )
            promoted = await promotions.promote(session, candidate, promoted_by=_user(), now=datetime.now(UTC))
        await _ring(engine)
        return promoted


def concerned(step: Step, running: Sequence[Step]) -> tuple[str, ...]:
    """The step, and of those that run the ones that read what it makes."""
    names, made = [step.name], set(step.documents)
    for other in running:
        if other.name not in names and made & set(other.reads):
            names.append(other.name)
            made |= set(other.documents)
    return tuple(names)


async def rerun(run_id: UUID, first: str, database: DatabaseConfig) -> UUID:
    """Queue a new run that begins with the step `first`; its id. Raises NotFound, and Conflict with the reason."""
    async with _engine(database) as engine:
        async with db.direct(engine, transaction=True) as session:
            athlete = await recorded.owner_of_run(session, run_id)
            if athlete is None:
                raise NotFound(f"There is no run {run_id}.")
            new_id = await reruns.request_rerun(
                session, athlete, run_id=run_id, first=first, requested_by=None, now=datetime.now(UTC)
            )
        await _ring(engine)
        return new_id


@asynccontextmanager
async def _engine(database: DatabaseConfig) -> AsyncGenerator[AsyncEngine]:
    engine = db.engine(database)
    try:
        yield engine
    finally:
        await engine.dispose()


async def _ring(engine: AsyncEngine) -> None:
    async with db.direct(engine, transaction=False) as session:
        await outbox.ring(session)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody at a terminal"
