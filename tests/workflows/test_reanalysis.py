"""Reanalyses of many athletes, durably: as the athletes' own analyses are, resumed, cancelled, and all counted."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from models.domain import population as domain
from models.domain.errors import Conflict
from models.domain.population import PopulationStatus
from tests.factories import a_workout
from tests.workflows import failing_steps
from tests.workflows.failing_steps import DEADLY_KG, FAILING_KG, SLOW_KG
from tests.workflows.reanalysing import (
    a_chunk_of,
    a_desk,
    any_process,
    are_gone,
    begun,
    cancel,
    chunks_are_done,
    digests,
    ended,
    lineage,
    no_process,
    processes,
    request,
    trained,
    view,
)
from tests.workflows.stage import Stage, eventually, now
from workflows import children, client, population
from workflows.chunks import Overtaken, work
from workflows.contracts import Nothing, PopulationRun
from workflows.housekeeping import sweeper
from workflows.population import start_open
from workflows.steps import STEPS

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(autouse=True)
async def no_other_reanalysis(stage: Stage) -> AsyncIterator[None]:
    yield
    await stage.execute("DELETE FROM population_runs")


@pytest.fixture
def awkward(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks are computed with steps that fail, kill their process or take their time."""
    monkeypatch.setattr(children, "chunk_order", failing_steps.order)
    monkeypatch.setattr(children, "PAUSE_S", 0.01)


@pytest.fixture
def of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every athlete is a chunk, and one is done after the other."""
    monkeypatch.setattr(domain.cut, "__kwdefaults__", {"most_sets": 1, "most_athletes": 1})
    monkeypatch.setattr(population, "AT_ONCE", 1)


async def test_a_reanalysis_leaves_what_the_athletes_own_analysis_leaves(stage: Stage) -> None:
    athlete = await stage.athlete()
    async with stage.working(STEPS):
        await stage.record(athlete, a_workout(started_at=now() - timedelta(days=9)))
        version = await stage.record(athlete)
        await stage.analysed(athlete, version)
        await stage.ended(athlete, 1)
        *_, own = await stage.runs(athlete)
        before = await digests(stage, athlete)
        await stage.execute("DELETE FROM step_documents WHERE athlete_id = $1", athlete.athlete_id)
        run_id = await request(stage, athlete)
        done = await ended(stage, run_id)
    assert (done.status, done.chunks_done, done.athletes) == (PopulationStatus.SUCCEEDED, 1, 1)
    assert (done.changed, done.unchanged, done.failed, done.sets) == (1, 0, 0, 4)
    assert await digests(stage, athlete) == before
    *_, run = await stage.runs(athlete)
    assert (run["status"], run["trigger"], run["workflow_id"]) == ("succeeded", "reanalysis", f"reanalysis/{run_id}")
    assert await lineage(stage, athlete, run["id"]) == await lineage(stage, athlete, own["id"])


async def test_an_athlete_whose_analysis_fails_stops_nobody_else(stage: Stage, awkward: None) -> None:
    well, failing = await trained(stage), await trained(stage, kg=FAILING_KG)
    async with stage.working(STEPS):
        await stage.analysed(well, 1)
        await stage.analysed(failing, 1)
        done = await ended(stage, await request(stage, well, failing))
    assert (done.status, done.unchanged, done.failed) == (PopulationStatus.SUCCEEDED, 1, 1)
    [failure] = done.failures
    assert (failure.athlete_id, failure.step, failure.detail) == (
        failing.athlete_id, "progress", "Nobody lifts that."
    )  # fmt: skip
    *_, run = await stage.runs(failing)
    assert (run["status"], run["trigger"]) == ("failed", "reanalysis")
    [step] = await lineage(stage, failing, run["id"])
    assert (step["step"], step["status"]) == ("progress", "failed")


async def test_an_athlete_who_kills_the_process_is_left_out_alone(stage: Stage, awkward: None) -> None:
    people = [await trained(stage), await trained(stage, kg=DEADLY_KG), await trained(stage)]
    async with stage.working(STEPS):
        done = await ended(stage, await request(stage, *people), within_s=100)
    assert (done.status, done.failed, done.chunks_failed) == (PopulationStatus.FAILED, 1, 1)
    assert done.problem is not None
    assert done.changed + done.unchanged == 2
    assert [failure.athlete_id for failure in done.failures] == [people[1].athlete_id]


async def test_killed_in_the_middle_it_goes_on_without_doing_again_what_is_done(
    stage: Stage, of_one: None, awkward: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await trained(stage), await trained(stage, kg=SLOW_KG)]
    async with stage.working(STEPS):
        run_id = await request(stage, *people)
        await eventually(lambda: chunks_are_done(stage, run_id, 1), within_s=60)
        await eventually(any_process)
        monkeypatch.undo()
        for pid in processes():
            os.kill(pid, signal.SIGKILL)
        done = await ended(stage, run_id)
    assert (done.status, done.done, done.chunks_done) == (PopulationStatus.SUCCEEDED, 2, 2)
    for athlete in people:
        assert [run["trigger"] for run in await stage.runs(athlete)].count("reanalysis") == 1
    attempts = await stage.fetch("SELECT attempts FROM population_chunks WHERE run_id = $1 ORDER BY position", run_id)
    assert attempts[0]["attempts"] == 1


async def test_a_worker_that_stops_takes_its_process_along_and_the_next_one_finishes(
    stage: Stage, of_one: None, awkward: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await trained(stage), await trained(stage, kg=SLOW_KG)]
    async with stage.working(STEPS):
        run_id = await request(stage, *people)
        await eventually(lambda: chunks_are_done(stage, run_id, 1), within_s=60)
        await eventually(any_process)
    assert not processes()
    assert (await view(stage, run_id)).is_open
    monkeypatch.undo()
    async with stage.working(STEPS):
        done = await ended(stage, run_id)
    assert (done.status, done.done) == (PopulationStatus.SUCCEEDED, 2)


async def test_a_killed_worker_takes_its_process_along_and_the_next_one_goes_on(stage: Stage, of_one: None) -> None:
    well, slow = await trained(stage), await trained(stage, kg=SLOW_KG)
    run_id = await request(stage, well, slow)
    command = (sys.executable, "-m", "tests.workflows.slow_reanalyser")
    where = (stage.config.database.dsn, stage.config.temporal_address)
    await begun(stage, run_id)
    temporal = await client.connect(stage.config)
    await start_open(stage.database, temporal)
    process = await asyncio.create_subprocess_exec(*command, *where)
    try:
        await eventually(lambda: chunks_are_done(stage, run_id, 1), within_s=60)
        await eventually(lambda: any_process(process.pid))
        theirs = processes(process.pid)
    finally:
        process.kill()
        await process.wait()
    await eventually(lambda: are_gone(theirs), within_s=5)
    async with stage.working(STEPS):
        done = await ended(stage, run_id)
    assert (done.status, done.done) == (PopulationStatus.SUCCEEDED, 2)
    assert [run["trigger"] for run in await stage.runs(well)].count("reanalysis") == 1


async def test_a_reanalysis_whose_workflow_is_lost_is_started_again_and_does_only_what_is_left(
    stage: Stage, of_one: None
) -> None:
    people = [await trained(stage), await trained(stage)]
    run_id = await a_chunk_of(stage, *people)
    await work(a_desk(stage), run_id, 0)
    temporal = await client.connect(stage.config)
    async with stage.working(STEPS):
        assert (await view(stage, run_id)).chunks_done == 1
        await sweeper(temporal, after_s=3600)(stage.workshop(STEPS), Nothing())
        done = await ended(stage, run_id)
    assert (done.status, done.done) == (PopulationStatus.SUCCEEDED, 2)
    rows = await stage.fetch("SELECT attempts FROM population_chunks WHERE run_id = $1", run_id)
    assert [row["attempts"] for row in rows] == [1, 1]


async def test_cancelled_it_stops_inside_a_chunk_and_what_is_done_stays(
    stage: Stage, of_one: None, awkward: None
) -> None:
    people = [await trained(stage), await trained(stage, kg=SLOW_KG), await trained(stage)]
    async with stage.working(STEPS):
        run_id = await request(stage, *people)
        await eventually(lambda: chunks_are_done(stage, run_id, 1), within_s=60)
        await eventually(any_process)
        await cancel(stage, run_id)
        done = await ended(stage, run_id, within_s=15)
        await eventually(no_process, within_s=5)
    assert (done.status, done.chunks_done, done.done) == (PopulationStatus.CANCELLED, 1, 1)
    with pytest.raises(Conflict):
        await cancel(stage, run_id)


async def test_it_waits_for_a_worker_that_has_its_steps(stage: Stage) -> None:
    athlete = await trained(stage)
    run_id = await request(stage, athlete)
    temporal = await client.connect(stage.config)
    await start_open(stage.database, temporal)
    async with stage.working(STEPS[1:]):
        with pytest.raises(Overtaken, match="no step progress"):
            await population.cut_reanalysis(stage.workshop(STEPS[1:]), PopulationRun(run_id=run_id))
        await asyncio.sleep(1)
        assert (await view(stage, run_id)).status is PopulationStatus.QUEUED
    async with stage.working(STEPS):
        done = await ended(stage, run_id)
    assert (done.status, done.done) == (PopulationStatus.SUCCEEDED, 1)


async def test_what_nobody_has_begun_is_cancelled_at_once(stage: Stage) -> None:
    run_id = await request(stage, await trained(stage))
    await cancel(stage, run_id)
    assert (await view(stage, run_id)).status is PopulationStatus.CANCELLED


async def test_the_same_request_joins_what_has_not_begun_and_follows_what_has(stage: Stage) -> None:
    athlete = await trained(stage)
    first = await request(stage, athlete)
    assert await request(stage, athlete) == first
    await begun(stage, first)
    second = await request(stage, athlete)
    assert second != first
    async with stage.working(STEPS):
        temporal = await client.connect(stage.config)
        await sweeper(temporal, after_s=3600)(stage.workshop(STEPS), Nothing())
        both = [await ended(stage, first), await ended(stage, second)]
    assert [done.status for done in both] == [PopulationStatus.SUCCEEDED] * 2
    assert [run["trigger"] for run in await stage.runs(athlete)].count("reanalysis") == 2
