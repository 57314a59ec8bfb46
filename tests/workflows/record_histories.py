"""Records the histories that test_replay replays: `python -m tests.workflows.record_histories`.

Record anew only when a definition changed with a patch, and keep the old files for as long as such workflows may run.
"""

import asyncio
import io
import json
import tempfile
import threading
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from alembic import command
from temporalio.client import Client, WorkflowHistory

import migrations
from analytics.frames import History
from loadstone.dev.postgres import EmbeddedPostgres
from loadstone.dev.temporal import TemporalServer
from models import db, ids
from models.domain.errors import StepFailed
from models.domain.units import MassUnit
from models.queries.visibility import VisibleAthlete
from models.services import catalogue, imports, pipelines, population, runs
from models.services.imports import Upload
from tests.databases import create_database
from tests.workflows.conftest import a_config
from tests.workflows.importing import strong_log
from tests.workflows.stage import BUILD, Stage, counting, eventually, now, steps
from workflows import children, chunks, client
from workflows.bulk import Result
from workflows.chunks import Desk
from workflows.contracts import CORE

HISTORIES = Path(__file__).parent / "histories"


async def record(stage: Stage) -> dict[str, WorkflowHistory]:
    """One history for each way through the definitions."""
    temporal = await client.connect(stage.config)
    return {
        **await _analysis_with_signals(stage, temporal),
        **await _summary(stage, temporal),
        **await _failed_analysis(stage, temporal),
        **await _imports(stage, temporal),
        **await _reanalyses(stage, temporal),
        **await _scheduled(stage, temporal),
    }


async def _analysis_with_signals(stage: Stage, temporal: Client) -> dict[str, WorkflowHistory]:
    athlete = await stage.athlete()
    entered, leave = threading.Event(), threading.Event()

    def slow(history: History, params: Any) -> Any:
        entered.set()
        leave.wait(10)
        return counting("progress")(history, params)

    async with stage.working(steps(slow)):
        await stage.record(athlete)
        await asyncio.to_thread(entered.wait, 10)
        version = await stage.record(athlete)
        await eventually(lambda: _outbox_is_empty(stage))
        leave.set()
        await stage.analysed(athlete, version)
        await stage.ended(athlete, 1, "summary")
        await temporal.get_workflow_handle(f"athlete/{athlete.athlete_id}").result()
    return {"athlete_analysis_two_rounds": await _history(temporal, athlete)}


async def _summary(stage: Stage, temporal: Client) -> dict[str, WorkflowHistory]:
    athlete = await stage.athlete()
    async with stage.working():
        await stage.record(athlete)
        await stage.ended(athlete, 1, "summary")
        [run] = await stage.runs(athlete, "summary")
        handle = temporal.get_workflow_handle(run["workflow_id"])
        await handle.result()
    return {"summary_written": await handle.fetch_history()}


async def _failed_analysis(stage: Stage, temporal: Client) -> dict[str, WorkflowHistory]:
    athlete = await stage.athlete()

    def refuse(_: History, __: Any) -> Any:
        raise StepFailed("There is too little to compute from.")

    async with stage.working(steps(refuse)):
        await stage.record(athlete)
        await stage.ended(athlete, 1)
        await temporal.get_workflow_handle(f"athlete/{athlete.athlete_id}").result()
    return {"athlete_analysis_failed_step": await _history(temporal, athlete)}


async def _imports(stage: Stage, temporal: Client) -> dict[str, WorkflowHistory]:
    """A file that asks, is answered, published and undone; and one that its process does not survive."""
    athlete = await stage.athlete()
    async with stage.working():
        import_id = await _uploaded(stage, athlete, strong_log(range(2)))
        job = temporal.get_workflow_handle(runs.import_workflow_id(athlete, import_id))
        await eventually(lambda: _is_in_phase(stage, import_id, "asking"))
        asked = await _ended(job)
        async with db.direct(stage.database, transaction=True) as session:
            await imports.answer(session, athlete, import_id, unit=MassUnit.KG, now=now())
        await eventually(lambda: _is_in_phase(stage, import_id, "published"))
        published = await _ended(job)
        with patch.object(children, "_attempt", _dies), patch.object(children, "PAUSE_S", 0):
            died = await _uploaded(stage, athlete, strong_log(range(2)))
            await eventually(lambda: _is_in_phase(stage, died, "refused"))
            refused = await _ended(temporal.get_workflow_handle(runs.import_workflow_id(athlete, died)))
    return {"import_asked": asked, "import_published": published, "import_died": refused}


async def _breaks(*_: Any) -> None:
    raise ZeroDivisionError


async def _dies(_: Any) -> None:
    """A process that ends without a word."""


async def _reanalyses(stage: Stage, temporal: Client) -> dict[str, WorkflowHistory]:
    """One of two athletes; one whose processes die; and one that cannot be begun."""
    found: dict[str, WorkflowHistory] = {}
    athletes = [await stage.athlete() for _ in range(2)]
    async with stage.working():
        for athlete in athletes:
            await stage.analysed(athlete, await stage.record(athlete))
        with patch.object(children, "_attempt", _reanalysed(stage)):
            found["reanalysis"] = await _reanalysis(stage, temporal, athletes)
        with patch.object(children, "_attempt", _dies), patch.object(children, "PAUSE_S", 0):
            found["reanalysis_died"] = await _reanalysis(stage, temporal, athletes)
        with patch.object(population, "cut", _breaks):
            found["reanalysis_not_begun"] = await _reanalysis(stage, temporal, athletes)
    return found


def _reanalysed(stage: Stage) -> Any:
    """Chunks are done here, with the stage's own steps."""

    async def attempt(order: Any) -> Result:
        desk = Desk(database=stage.database, steps=steps(), build=BUILD, now=now)
        await chunks.work(desk, order.run_id, order.position)
        return Result()

    return attempt


async def _reanalysis(stage: Stage, temporal: Client, athletes: list[VisibleAthlete]) -> WorkflowHistory:
    async with db.direct(stage.database, transaction=True) as session:
        run_id = await population.request_reanalysis(
            session,
            steps=None,
            athletes=[athlete.athlete_id for athlete in athletes],
            trigger="requested",
            requested_by="recorder",
            now=now(),
        )

    async def is_over() -> bool:
        return bool(await stage.fetch("SELECT FROM population_runs WHERE id = $1 AND ended_at IS NOT NULL", run_id))

    await eventually(is_over, within_s=60)
    return await _ended(temporal.get_workflow_handle(population.workflow_id(run_id)))


async def _uploaded(stage: Stage, athlete: VisibleAthlete, content: bytes) -> UUID:
    upload = Upload(file_name="log.csv", size_bytes=len(content), sha256=b"", time_zone="UTC", unit=None)
    async with db.direct(stage.database, transaction=True) as session:
        return await imports.upload(
            session, io.BytesIO(content), upload, athlete=athlete, requested_by=athlete.athlete_id, now=now()
        )


async def _is_in_phase(stage: Stage, import_id: UUID, phase: str) -> bool:
    return [row["phase"] for row in await stage.fetch("SELECT phase FROM imports WHERE id = $1", import_id)] == [phase]


async def _ended(job: Any) -> WorkflowHistory:
    await job.result()
    return await job.fetch_history()


async def _scheduled(stage: Stage, temporal: Client) -> dict[str, WorkflowHistory]:
    found: dict[str, WorkflowHistory] = {}
    async with stage.working():
        for name in ("Sweep", "Midnight"):
            handle: Any = await temporal.start_workflow(name, id=f"recorded/{ids.new()}", task_queue=CORE)
            await handle.result()
            found[name.lower()] = await handle.fetch_history()
    return found


async def _history(temporal: Client, athlete: VisibleAthlete) -> WorkflowHistory:
    return await temporal.get_workflow_handle(f"athlete/{athlete.athlete_id}").fetch_history()


async def _outbox_is_empty(stage: Stage) -> bool:
    return not await stage.fetch("SELECT FROM outbox")


def scrubbed(value: Any) -> Any:
    """The history without what belongs to the machine that recorded it."""
    if isinstance(value, dict):
        kept: dict[str, Any] = {key: scrubbed(item) for key, item in value.items() if key != "stackTrace"}  # pyright: ignore[reportUnknownVariableType]
        return {key: "recorder" if key == "identity" else item for key, item in kept.items()}
    return [scrubbed(item) for item in value] if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]


async def _main(dsn: str, address: str) -> None:
    config = a_config(dsn, address)
    database = db.engine(config.database)
    async with db.transaction(db.sessions(database)) as session:
        await catalogue.seed(session)
        await pipelines.seed(session)
    for name, history in (await record(Stage(config, database))).items():
        text = json.dumps(scrubbed(json.loads(history.to_json())), indent=1)
        (HISTORIES / f"{name}.json").write_text(text + "\n")
    await database.dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        postgres, temporal_server = EmbeddedPostgres(Path(directory) / "postgres", fsync=False), TemporalServer(None)
        postgres.start()
        temporal_server.start()
        try:
            new = create_database(postgres.dsn)
            command.upgrade(migrations.config(new), "head")
            asyncio.run(_main(new, temporal_server.address))
        finally:
            temporal_server.stop()
            postgres.stop()
