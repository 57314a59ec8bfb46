"""The activities of imports: which job is next, the job itself in a process of its own, and its bad end."""

from collections.abc import Awaitable, Callable

import msgspec

from models import db
from models.db import DatabaseConfig
from models.domain.imports import ImportStep
from models.queries.visibility import system
from models.services import import_jobs
from models.services.import_jobs import Job
from models.services.runs import Problem
from workflows import children
from workflows.activities import Workshop
from workflows.contracts import FailImport, ImportBegun, ImportOf, ImportTask, Nothing
from workflows.heartbeats import heartbeats


async def begin_import(workshop: Workshop, task: ImportOf) -> ImportBegun:
    async with db.direct(workshop.database, transaction=True) as session:
        job = await import_jobs.begin(session, system(task.athlete_id), task.import_id, now=workshop.now())
    if job is None:
        return ImportBegun(task=None)
    return ImportBegun(
        task=ImportTask(athlete_id=task.athlete_id, import_id=job.import_id, run_id=job.run_id, step=job.step.value)
    )


def runner(database: DatabaseConfig) -> Callable[[Workshop, ImportTask], Awaitable[Nothing]]:
    """Doing a step of an import: heavy work, so it is done in another process, which finds the database by itself."""

    async def run_import(_: Workshop, task: ImportTask) -> Nothing:
        job = Job(import_id=task.import_id, run_id=task.run_id, step=ImportStep(task.step))
        async with heartbeats():
            await children.run(children.order(database, task.athlete_id, job))
        return Nothing()

    return run_import


async def fail_import(workshop: Workshop, task: FailImport) -> Nothing:
    problem = msgspec.convert(task.problem, Problem, from_attributes=True)
    async with db.direct(workshop.database, transaction=True) as session:
        await import_jobs.fail(
            session, system(task.athlete_id), task.import_id, task.run_id, problem, now=workshop.now()
        )
    return Nothing()
