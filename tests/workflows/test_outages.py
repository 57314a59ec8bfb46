"""Whatever dies in the middle, the analysis reaches its end."""

import asyncio
import sys
import threading
from pathlib import Path
from typing import Any, cast

import asyncpg
from msgspec import structs

from analytics.frames import History
from loadstone.dev.temporal import TemporalServer
from models.queries.visibility import VisibleAthlete
from tests.workflows.stage import Stage, counting, eventually, steps

PROJECT = Path(__file__).parents[2]


async def test_a_database_that_goes_away_during_a_step_only_delays_it(stage: Stage, stage_dsn: str) -> None:
    athlete = await stage.athlete()
    entered, leave = threading.Event(), threading.Event()

    def slow(history: History, params: Any) -> Any:
        entered.set()
        leave.wait(10)
        return counting("progress")(history, params)

    async with stage.working(steps(slow)):
        version = await stage.record(athlete)
        await asyncio.to_thread(entered.wait, 10)
        await _refuse_connections(stage_dsn, True)
        leave.set()
        await asyncio.sleep(1)
        await _refuse_connections(stage_dsn, False)
        await stage.analysed(athlete, version, within_s=30)
        await stage.ended(athlete, 1, "summary", within_s=30)
    [run] = await stage.runs(athlete)
    assert run["status"] == "succeeded"


async def test_a_worker_killed_during_a_step_is_replaced(stage: Stage, stage_dsn: str) -> None:
    athlete = await stage.athlete()
    command = [sys.executable, "-m", "tests.workflows.slow_worker", stage_dsn, stage.config.temporal_address]
    victim = await asyncio.create_subprocess_exec(*command, cwd=PROJECT)
    try:
        version = await stage.record(athlete)
        await eventually(lambda: _in_progress(stage, athlete), within_s=30)
    finally:
        victim.kill()
        await victim.wait()
    async with stage.working():
        await stage.analysed(athlete, version, within_s=30)
        await stage.ended(athlete, 1, "summary", within_s=30)
    step_runs = await stage.fetch(
        "SELECT * FROM step_runs WHERE athlete_id = $1 AND step = 'progress'", athlete.athlete_id
    )
    assert [(step["status"], step["attempts"]) for step in step_runs] == [("succeeded", 2)]


async def test_losing_the_whole_store_of_temporal_heals_by_the_sweep(stage: Stage) -> None:
    athlete = await stage.athlete()
    server = TemporalServer(None)
    server.start()
    entered = threading.Event()

    def stuck(*_: Any) -> Any:
        entered.set()
        raise ConnectionError

    config = structs.replace(stage.config, temporal_address=server.address, sweep_every_s=1, sweep_after_s=0.5)
    async with stage.working(steps(stuck), config):
        version = await stage.record(athlete)
        await asyncio.to_thread(entered.wait, 10)
    await asyncio.to_thread(server.stop)
    again = TemporalServer(None, port=server.port)
    await asyncio.to_thread(again.start)
    async with stage.working(config=config):
        await stage.analysed(athlete, version, within_s=30)
        await stage.ended(athlete, 1, "summary", within_s=30)
    await asyncio.to_thread(again.stop)
    statuses = [run["status"] for run in await stage.runs(athlete)]
    assert (statuses[0], statuses[-1]) == ("superseded", "succeeded")
    left_running = await stage.fetch(
        "SELECT FROM step_runs WHERE athlete_id = $1 AND status = 'running'", athlete.athlete_id
    )
    assert left_running == []


async def test_a_worker_started_before_temporal_waits_for_it(stage: Stage) -> None:
    athlete = await stage.athlete()
    server = TemporalServer(None)
    config = structs.replace(stage.config, temporal_address=server.address)
    async with stage.working(config=config):
        version = await stage.record(athlete)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(server.start)
        await stage.analysed(athlete, version, within_s=30)
        await stage.ended(athlete, 1, "summary", within_s=30)
    await asyncio.to_thread(server.stop)


async def test_a_worker_stops_quickly_while_a_step_is_stuck_and_temporal_is_away(stage: Stage) -> None:
    athlete = await stage.athlete()
    server = TemporalServer(None)
    server.start()
    config = structs.replace(stage.config, temporal_address=server.address)
    async with asyncio.timeout(15):
        async with stage.working(config=config):
            await stage.analysed(athlete, await stage.record(athlete))
            await stage.ended(athlete, 1, "summary")
            await asyncio.to_thread(server.stop)


async def _refuse_connections(dsn: str, refuse: bool) -> None:
    """Close a database to everybody, as a restart of its server does, or open it again."""
    base, name = dsn.rsplit("/", 1)
    connection: Any = await cast(Any, asyncpg).connect(f"{base}/postgres")
    await connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {not refuse}')
    if refuse:
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    await connection.close()


async def _in_progress(stage: Stage, athlete: VisibleAthlete) -> bool:
    """Whether the athlete's first step is being run; an earlier test's athlete may have left one that looks so."""
    statement = "SELECT FROM step_runs WHERE athlete_id = $1 AND step = 'progress' AND status = 'running'"
    return bool(await stage.fetch(statement, athlete.athlete_id))
