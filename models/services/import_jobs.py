"""The jobs of an import: which one is next, holding it while it is done, and its end.

A job's effect and the end of its run are one transaction, so a job that is done twice finds nothing to do.
"""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from models.db import Session, raw
from models.domain.imports import ImportPhase, ImportStep, ImportTrigger
from models.domain.runs import RunStatus
from models.queries.imports import ReadingTerms, reading_terms
from models.queries.visibility import VisibleAthlete
from models.services import import_sql, runs
from models.services.runs import Problem

STEPS = {
    (ImportTrigger.UPLOADED, ImportPhase.UPLOADED): ImportStep.READ,
    (ImportTrigger.UPLOADED, ImportPhase.STAGED): ImportStep.PUBLISH,
    (ImportTrigger.UNIT_CORRECTION, ImportPhase.PUBLISHED): ImportStep.CORRECT_UNIT,
    (ImportTrigger.UNDO, ImportPhase.PUBLISHED): ImportStep.UNDO,
}
PHASES = {step: phase for (_, phase), step in STEPS.items()}
OVERTAKEN = Problem(
    type="import-overtaken", title="Nothing to do any more", detail="The import was undone or given up meanwhile."
)


class Job(Struct, frozen=True, kw_only=True):
    """One step of one run on one import."""

    import_id: UUID
    run_id: UUID
    step: ImportStep


class Held(Struct, frozen=True, kw_only=True):
    """A job that is still to be done, its import and run locked; `actor_id` is who asked for it."""

    terms: ReadingTerms
    actor_id: UUID


async def begin(session: Session, athlete: VisibleAthlete, import_id: UUID, *, now: datetime) -> Job | None:
    """The next job of the import, its run now running. What waits for an answer is no job. In a transaction."""
    connection = await raw(session)
    workflow_id = runs.import_workflow_id(athlete, import_id)
    while (row := await connection.fetchrow(import_sql.DUE, athlete.athlete_id, import_id, workflow_id)) is not None:
        await connection.execute(import_sql.START, athlete.athlete_id, row["id"], now)
        step = STEPS.get((ImportTrigger(row["trigger"]), ImportPhase(row["phase"])))
        if step is not None:
            return Job(import_id=import_id, run_id=row["id"], step=step)
        await connection.execute(import_sql.FAIL, athlete.athlete_id, row["id"], now, _json(OVERTAKEN))
    return None


async def hold(session: Session, athlete: VisibleAthlete, job: Job) -> Held | None:
    """Lock what the job works on; None where it was done, or is not wanted any more. In a transaction."""
    connection = await raw(session)
    row = await connection.fetchrow(import_sql.HOLD, athlete.athlete_id, job.import_id)
    run = await connection.fetchrow(import_sql.HOLD_RUN, athlete.athlete_id, job.run_id)
    if row is None or run is None or run["status"] != RunStatus.RUNNING or row["phase"] != PHASES[job.step]:
        return None
    return Held(terms=reading_terms(row), actor_id=run["requested_by"])


async def succeed(
    session: Session, athlete: VisibleAthlete, run_id: UUID, *, data_version: int | None, now: datetime
) -> None:
    """End the run of a job that is held, well."""
    await (await raw(session)).execute(import_sql.SUCCEED, athlete.athlete_id, run_id, now, data_version)


async def fail(
    session: Session, athlete: VisibleAthlete, import_id: UUID, run_id: UUID, problem: Problem, *, now: datetime
) -> None:
    """End an open run badly; of an upload nothing stays but the record that it was refused. In a transaction."""
    connection, key = await raw(session), (athlete.athlete_id, import_id)
    await connection.fetchrow(import_sql.HOLD, *key)
    run = await connection.fetchrow(import_sql.HOLD_RUN, athlete.athlete_id, run_id)
    if run is None or run["status"] not in (RunStatus.QUEUED, RunStatus.RUNNING):
        return
    await connection.execute(import_sql.FAIL, athlete.athlete_id, run_id, now, _json(problem))
    if run_id == import_id:
        await connection.execute(import_sql.MOVE, *key, ImportPhase.REFUSED.value, now)
        await connection.execute(import_sql.FORGET_CHUNKS, *key)
        await connection.execute(import_sql.FORGET_PARTS, *key)


def _json(problem: Problem) -> str:
    return msgspec.json.encode(problem).decode()
