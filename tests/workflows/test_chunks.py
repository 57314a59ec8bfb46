"""A chunk of a reanalysis: who is meant, what is written, and what happens at the same moment."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import pytest

from models import db
from models.db import Session
from models.domain import population as domain
from models.services import pipelines, population
from tests.workflows.reanalysing import a_chunk_of, a_desk, begun, digests, is_due, request, trained, view
from tests.workflows.stage import Stage
from workflows.chunks import Overtaken, work


@pytest.fixture(autouse=True)
async def no_other_reanalysis(stage: Stage) -> AsyncIterator[None]:
    yield
    await stage.execute("DELETE FROM population_runs")


@pytest.fixture
def of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every athlete is a chunk."""
    monkeypatch.setattr(domain.cut, "__kwdefaults__", {"most_sets": 1, "most_athletes": 1})


async def test_who_was_never_analysed_is_then_up_to_date(stage: Stage) -> None:
    athlete = await trained(stage)
    run_id = await a_chunk_of(stage, athlete)
    await work(a_desk(stage), run_id, 0)
    clock = await stage.clock(athlete)
    assert (clock["attempted_version"], clock["analysed_version"]) == (1, 1)
    assert not await is_due(stage, athlete)


async def test_what_is_the_same_is_counted_as_unchanged(stage: Stage) -> None:
    athlete, other = await trained(stage), await trained(stage)
    for run_id in (await a_chunk_of(stage, athlete), await a_chunk_of(stage, athlete, other)):
        await work(a_desk(stage), run_id, 0)
    done = await view(stage, run_id)
    assert (done.changed, done.unchanged, done.failed) == (1, 1, 0)


async def test_everybody_who_has_recorded_anything_is_meant(stage: Stage, of_one: None) -> None:
    athlete, nobody, deleted = await trained(stage), await stage.athlete(), await trained(stage)
    await stage.execute("UPDATE workouts SET deleted_at = now() WHERE athlete_id = $1", deleted.athlete_id)
    run_id = await request(stage)
    await begun(stage, run_id)
    rows = await stage.fetch("SELECT first_id, last_id, athletes FROM population_chunks WHERE run_id = $1", run_id)
    found = {row["first_id"] for row in rows}
    assert {row["athletes"] for row in rows} == {1}
    assert {athlete.athlete_id, deleted.athlete_id} <= found
    assert nobody.athlete_id not in found


async def test_who_is_named_without_workouts_gets_the_results_of_nothing(stage: Stage) -> None:
    nobody = await stage.athlete()
    run_id = await a_chunk_of(stage, nobody)
    await work(a_desk(stage), run_id, 0)
    assert (await view(stage, run_id)).changed == 1
    assert await digests(stage, nobody)


async def test_a_chunk_that_is_done_twice_is_saved_once(stage: Stage) -> None:
    athlete = await trained(stage)
    run_id = await a_chunk_of(stage, athlete)
    await asyncio.gather(work(a_desk(stage), run_id, 0), work(a_desk(stage), run_id, 0))
    await work(a_desk(stage), run_id, 0)
    assert len(await stage.runs(athlete)) == 1
    assert (await view(stage, run_id)).done == 1


def before_saving(monkeypatch: pytest.MonkeyPatch, run_id: UUID, happens: Callable[[], Awaitable[None]]) -> None:
    """Let something happen when that reanalysis has computed a chunk and not saved it yet."""
    hold = population.hold_chunk

    async def late(session: Session, held: UUID, position: int) -> bool:
        if held == run_id:
            await happens()
        return await hold(session, held, position)

    monkeypatch.setattr(population, "hold_chunk", late)


async def test_what_is_recorded_while_a_chunk_is_computed_stays_due(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    athlete = await trained(stage)
    run_id = await a_chunk_of(stage, athlete)

    async def record() -> None:
        await stage.record(athlete)

    before_saving(monkeypatch, run_id, record)
    await work(a_desk(stage), run_id, 0)
    clock = await stage.clock(athlete)
    assert (clock["data_version"], clock["attempted_version"], clock["analysed_version"]) == (2, 1, 1)
    assert set((await stage.versions(athlete)).values()) == {1}
    assert await is_due(stage, athlete)


async def test_a_newer_analysis_that_ends_meanwhile_stays(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    athlete = await trained(stage)
    run_id = await a_chunk_of(stage, athlete)

    async def analyse_newer() -> None:
        await stage.record(athlete)
        await work(a_desk(stage), await a_chunk_of(stage, athlete), 0)

    before_saving(monkeypatch, run_id, analyse_newer)
    await work(a_desk(stage), run_id, 0)
    clock = await stage.clock(athlete)
    assert (clock["data_version"], clock["attempted_version"], clock["analysed_version"]) == (2, 2, 2)
    assert set((await stage.versions(athlete)).values()) == {2}
    assert not await is_due(stage, athlete)
    assert sorted(run["data_version"] for run in await stage.runs(athlete)) == [1, 2]


async def test_a_pipeline_that_changes_meanwhile_has_the_chunk_computed_anew(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    athlete = await trained(stage)
    run_id = await a_chunk_of(stage, athlete)
    moved = "UPDATE pipelines SET version = version + $1 WHERE name = 'analysis' AND step = 'recommend'"

    async def promote() -> None:
        await stage.execute(moved, 1)

    before_saving(monkeypatch, run_id, promote)
    try:
        with pytest.raises(Overtaken):
            await work(a_desk(stage), run_id, 0)
    finally:
        await stage.execute(moved, -1)
    assert await stage.runs(athlete) == []
    assert (await view(stage, run_id)).chunks_done == 0


async def test_one_step_alone_leaves_the_documents_of_the_others(stage: Stage) -> None:
    athlete = await trained(stage)
    await work(a_desk(stage), await a_chunk_of(stage, athlete), 0)
    await stage.execute("UPDATE step_documents SET digest = 'kept' WHERE athlete_id = $1", athlete.athlete_id)
    run_id = await a_chunk_of(stage, athlete, steps=["recommend"])
    await work(a_desk(stage), run_id, 0)
    found = await digests(stage, athlete)
    assert {name for name, digest in found.items() if digest != "kept"} == {"recommendations"}
    assert (await view(stage, run_id)).steps == ("recommend",)
    assert not await is_due(stage, athlete)


async def test_the_pipeline_moves_with_one_step_only_if_all_else_is_the_same(stage: Stage) -> None:
    promoted, older = await trained(stage), await trained(stage)
    await work(a_desk(stage), await a_chunk_of(stage, promoted, older), 0)
    async with db.direct(stage.database, transaction=False) as session:
        active = await pipelines.active(session, pipelines.ANALYSIS)
    names = [f"{step.name}@{step.version}" for step in active]
    at = [step.name for step in active].index("recommend")
    before = [*names[:at], "recommend@1", *names[at + 1 :]]
    for athlete, known in ((promoted, before), (older, ["progress@1", *before[1:]])):
        await stage.execute(
            "UPDATE athlete_clocks SET analysed_pipeline = $2 WHERE athlete_id = $1",
            athlete.athlete_id,
            ",".join(known),
        )
    await work(a_desk(stage), await a_chunk_of(stage, promoted, older, steps=["recommend"]), 0)
    assert (await stage.clock(promoted))["analysed_pipeline"] == ",".join(names)
    assert (await stage.clock(older))["analysed_pipeline"] != ",".join(names)
