"""Asking for reanalyses and looking at them: what the tests of chunks and of the durable job share."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from models import db
from models.domain.population import PopulationView
from models.queries import population as queries
from models.queries.visibility import VisibleAthlete
from models.services import population, runs
from tests.factories import a_set, a_workout
from tests.workflows.stage import Stage, eventually, now
from workflows.build import Build
from workflows.chunks import Desk
from workflows.steps import STEPS


async def request(stage: Stage, *athletes: VisibleAthlete, steps: list[str] | None = None) -> UUID:
    async with db.direct(stage.database, transaction=True) as session:
        return await population.request_reanalysis(
            session,
            steps=steps,
            athletes=[athlete.athlete_id for athlete in athletes] or None,
            trigger="requested",
            requested_by="a test",
            now=now(),
        )


async def cancel(stage: Stage, run_id: UUID) -> None:
    async with db.direct(stage.database, transaction=True) as session:
        await population.cancel(session, run_id, now=now())


async def view(stage: Stage, run_id: UUID) -> PopulationView:
    async with db.direct(stage.database, transaction=False) as session:
        return await queries.get(session, run_id)


async def ended(stage: Stage, run_id: UUID, *, within_s: float = 60) -> PopulationView:
    async def is_over() -> bool:
        return not (await view(stage, run_id)).is_open

    await eventually(is_over, within_s=within_s)
    return await view(stage, run_id)


async def trained(stage: Stage, *, kg: float = 100) -> VisibleAthlete:
    """An athlete with a workout that nobody has analysed."""
    athlete = await stage.athlete()
    started_at = now() - timedelta(hours=1)
    await stage.record(athlete, a_workout(started_at=started_at, sets=(a_set(load=kg), a_set(load=kg))))
    return athlete


async def a_chunk_of(stage: Stage, *athletes: VisibleAthlete, steps: list[str] | None = None) -> UUID:
    """A reanalysis that has begun, all of it one chunk, with no worker that would do it."""
    run_id = await request(stage, *athletes, steps=steps)
    await begun(stage, run_id)
    return run_id


async def begun(stage: Stage, run_id: UUID) -> None:
    async with db.direct(stage.database, transaction=False) as session:
        spans = await population.cut(session, run_id)
    async with db.direct(stage.database, transaction=True) as session:
        await population.start(session, run_id, spans, now=now())


def a_desk(stage: Stage, *steps: Any) -> Desk:
    build = Build(git_revision="test", lock_digest="test")
    return Desk(database=stage.database, steps=steps or STEPS, build=build, now=now)


async def digests(stage: Stage, athlete: VisibleAthlete) -> dict[str, str]:
    rows = await stage.fetch("SELECT name, digest FROM step_documents WHERE athlete_id = $1", athlete.athlete_id)
    return {row["name"]: row["digest"] for row in rows if row["name"] != "summary"}


async def lineage(stage: Stage, athlete: VisibleAthlete, run_id: UUID) -> list[dict[str, Any]]:
    """What a run's steps say of themselves, but for ids and times."""
    columns = "position, step, version, status, data_version, as_of, params, inputs, output_digest, documents"
    statement = f"""
    SELECT {columns}, git_revision, lock_digest, attempts FROM step_runs
    WHERE athlete_id = $1 AND run_id = $2 ORDER BY position
    """
    return [dict(row) for row in await stage.fetch(statement, athlete.athlete_id, run_id)]


async def is_due(stage: Stage, athlete: VisibleAthlete) -> bool:
    """Whether the athlete's own job would find anything to do."""
    async with db.direct(stage.database, transaction=True) as session:
        return await runs.begin_analysis(session, athlete, now=now()) is not None


def processes(parent: int | None = None) -> list[int]:
    """The processes that work on chunks for this one, or for another."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            status = (folder / "status").read_text()
        except OSError:
            continue
        if b"workflows.chunk_process" in words and f"PPid:\t{parent or os.getpid()}\n" in status:
            found.append(int(folder.name))
    return found


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def are_gone(pids: list[int]) -> bool:
    return not any(is_running(pid) for pid in pids)


async def no_process() -> bool:
    return not processes()


async def any_process(parent: int | None = None) -> bool:
    return bool(processes(parent))


async def chunks_are_done(stage: Stage, run_id: UUID, count: int) -> bool:
    return (await view(stage, run_id)).chunks_done >= count
