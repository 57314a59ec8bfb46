"""Activities may run twice: the second execution changes nothing, whoever was faster."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any

import pytest
from msgspec import Struct, structs
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from analytics.frames import History
from models import db, ids
from models.db import Session
from models.queries.visibility import VisibleAthlete
from models.services import step_runs
from models.services.step_runs import StepStart
from tests.workflows.stage import Stage, a_step, counting, steps
from workflows import activities, codec, contracts, failures
from workflows.activities import Workshop, implementation
from workflows.contracts import Athlete, FinishRun, Plan, Problem, RunStep, SummaryOf
from workflows.steps.history import load_history
from workflows.steps.step import Inputs, Step

NAMES = [step.name for step in steps() if step.pipeline == "analysis"]
DOCUMENTS = [step.documents[0] for step in steps() if step.pipeline == "analysis"]


@asynccontextmanager
async def a_plan(stage: Stage, **fields: Any) -> AsyncGenerator[tuple[VisibleAthlete, Workshop, Plan]]:
    """An athlete with one workout, and the analysis of it, begun."""
    athlete = await stage.athlete()
    await stage.record(athlete)
    workshop = stage.workshop(**fields)
    begun = await activities.begin_analysis(workshop, Athlete(athlete_id=athlete.athlete_id))
    assert begun.plan is not None
    yield athlete, workshop, begun.plan
    await stage.execute("DELETE FROM outbox WHERE athlete_id = $1", athlete.athlete_id)
    workshop.pool.shutdown()


def a_task(plan: Plan, position: int = 0) -> RunStep:
    """One step of the plan alone, without those that follow it on the same inputs."""
    return activities.each_step(whole_task(plan))[position]


def whole_task(plan: Plan) -> RunStep:
    """The plan's first task."""
    step = plan.steps[0]
    return RunStep(
        athlete_id=plan.athlete_id,
        run_id=plan.run_id,
        position=step.position,
        step=step.name,
        version=step.version,
        data_version=plan.data_version,
        as_of=plan.as_of,
        then=step.then,
    )


async def run_step(workshop: Workshop, task: RunStep) -> contracts.StepRan:
    """The activity, with somebody to hear its heartbeats."""
    return await ActivityEnvironment().run(activities.run_step, workshop, task)


async def snapshot(stage: Stage, athlete: VisibleAthlete) -> list[Any]:
    """Everything that analysing writes, but for the count of attempts and the time of the last one."""
    tables = {
        "runs": "id, status, data_version, as_of, problem, ended_at",
        "step_runs": "id, status, data_version, inputs, output_digest, problem",
        "step_documents": "name, step_run_id, data_version, digest, body, written_at",
        "athlete_clocks": "attempted_version, analysed_version, analysed_on, analysed_pipeline",
        "outbox": "topic, payload",
    }
    return [
        [
            tuple(row)
            for row in await stage.fetch(
                f"SELECT {names} FROM {table} WHERE athlete_id = $1 ORDER BY 1", athlete.athlete_id
            )
        ]
        for table, names in tables.items()
    ]


async def test_beginning_twice_gives_the_same_run(stage: Stage) -> None:
    async with a_plan(stage) as (athlete, workshop, plan):
        again = await activities.begin_analysis(workshop, Athlete(athlete_id=athlete.athlete_id))
        assert again.plan == plan
        assert len(await stage.runs(athlete)) == 1


async def test_running_a_step_twice_saves_it_once(stage: Stage) -> None:
    async with a_plan(stage) as (athlete, workshop, plan):
        first = await run_step(workshop, a_task(plan))
        before = await snapshot(stage, athlete)
        second = await run_step(workshop, a_task(plan))
        assert (first.goes_on, second.goes_on) == (True, True)
        assert await snapshot(stage, athlete) == before


async def test_two_attempts_of_a_step_at_the_same_time_save_it_once(stage: Stage) -> None:
    async with a_plan(stage) as (athlete, workshop, plan):
        ran = await asyncio.gather(run_step(workshop, a_task(plan)), run_step(workshop, a_task(plan)))
        assert [result.goes_on for result in ran] == [True, True]
        [step] = await stage.fetch("SELECT * FROM step_runs WHERE athlete_id = $1", athlete.athlete_id)
        assert step["status"] == "succeeded"


async def test_finishing_twice_ends_the_run_once(stage: Stage) -> None:
    async with a_plan(stage) as (athlete, workshop, plan):
        for position in range(len(plan.steps)):
            await run_step(workshop, a_task(plan, position))
        task = FinishRun(athlete_id=plan.athlete_id, run_id=plan.run_id, pipeline=plan.pipeline, problem=None)
        await activities.finish_run(workshop, task)
        before = await snapshot(stage, athlete)
        await activities.finish_run(workshop, task)
        assert await snapshot(stage, athlete) == before


async def test_beginning_a_summary_twice_gives_the_same_run(stage: Stage) -> None:
    async with a_plan(stage) as (athlete, workshop, plan):
        await run_step(workshop, a_task(plan))
        task = FinishRun(athlete_id=plan.athlete_id, run_id=plan.run_id, pipeline=plan.pipeline, problem=None)
        await activities.finish_run(workshop, task)
        [event] = await stage.fetch(
            "SELECT payload::text FROM outbox WHERE athlete_id = $1 AND topic = 'summary.requested'", athlete.athlete_id
        )
        summary = SummaryOf(athlete_id=athlete.athlete_id, period=event["payload"][-10:-2])
        first = await activities.begin_summary(workshop, summary)
        assert first.plan is not None
        assert await activities.begin_summary(workshop, summary) == first


async def test_failing_twice_keeps_the_first_problem(stage: Stage) -> None:
    def refuse(*_: Any) -> Any:
        raise ValueError

    async with a_plan(stage, chosen=steps(refuse)) as (athlete, workshop, plan):
        for _ in range(2):
            with pytest.raises(ApplicationError) as caught:
                await run_step(workshop, a_task(plan))
            assert caught.value.non_retryable
        problem = Problem(type="step-failed", title="Failed", detail="It failed.", step="progress")
        task = FinishRun(athlete_id=plan.athlete_id, run_id=plan.run_id, pipeline=plan.pipeline, problem=problem)
        await activities.finish_run(workshop, task)
        before = await snapshot(stage, athlete)
        await activities.finish_run(workshop, task)
        assert await snapshot(stage, athlete) == before


async def test_a_superseded_run_writes_nothing_more(stage: Stage) -> None:
    async with a_plan(stage) as (athlete, workshop, plan):
        await run_step(workshop, a_task(plan, 0))
        await stage.execute("UPDATE runs SET status = 'superseded', ended_at = now() WHERE id = $1", plan.run_id)
        before = await snapshot(stage, athlete)
        ran = await run_step(workshop, a_task(plan, 1))
        await activities.finish_run(
            workshop, FinishRun(athlete_id=plan.athlete_id, run_id=plan.run_id, pipeline=plan.pipeline, problem=None)
        )
        assert not ran.goes_on
        assert await snapshot(stage, athlete) == before


async def test_a_cancelled_run_is_not_begun_again(stage: Stage) -> None:
    async with a_plan(stage) as (athlete, workshop, plan):
        await stage.execute("UPDATE runs SET status = 'cancelled', ended_at = now() WHERE id = $1", plan.run_id)
        assert not (await run_step(workshop, a_task(plan))).goes_on
        await activities.finish_run(
            workshop, FinishRun(athlete_id=plan.athlete_id, run_id=plan.run_id, pipeline=plan.pipeline, problem=None)
        )
        again = await activities.begin_analysis(workshop, Athlete(athlete_id=athlete.athlete_id))
        assert again.plan is None


async def test_a_document_of_newer_data_is_not_overwritten_by_an_older_run(stage: Stage) -> None:
    async with a_plan(stage) as (athlete, workshop, plan):
        await run_step(workshop, a_task(plan))
        await stage.execute(
            "UPDATE step_documents SET data_version = 99, body = 'newer' WHERE athlete_id = $1", athlete.athlete_id
        )
        await stage.execute(
            "UPDATE step_runs SET status = 'running', output_digest = NULL, ended_at = NULL WHERE run_id = $1",
            plan.run_id,
        )
        await run_step(workshop, a_task(plan))
        [document] = await stage.fetch("SELECT * FROM step_documents WHERE athlete_id = $1", athlete.athlete_id)
        assert (document["data_version"], document["body"]) == (99, b"newer")


async def test_a_run_covers_the_oldest_version_that_its_steps_read(stage: Stage) -> None:
    async with a_plan(stage) as (athlete, workshop, plan):
        newer = await stage.record(athlete)
        await run_step(workshop, a_task(plan, 0))
        await stage.record(athlete)
        await run_step(workshop, a_task(plan, 1))
        task = FinishRun(athlete_id=plan.athlete_id, run_id=plan.run_id, pipeline=plan.pipeline, problem=None)
        await activities.finish_run(workshop, task)
        [run] = await stage.runs(athlete)
        assert (plan.data_version, run["data_version"]) == (newer - 1, newer)
        assert await stage.versions(athlete) == {DOCUMENTS[0]: newer, DOCUMENTS[1]: newer + 1}
        assert (await stage.clock(athlete))["analysed_version"] == newer


async def test_a_step_that_always_kills_its_worker_fails_in_the_end(stage: Stage) -> None:
    async with a_plan(stage) as (athlete, workshop, plan):
        start = StepStart(
            run_id=plan.run_id, position=0, step="progress", version=1, data_version=plan.data_version,
            as_of=plan.as_of, params={}, git_revision="test", lock_digest="test",
        )  # fmt: skip
        async with db.direct(stage.database, transaction=True) as session:
            for _ in range(activities.MAX_ATTEMPTS):
                await step_runs.begin_step(session, athlete, start, now=workshop.now())
        with pytest.raises(ApplicationError, match="never came to an end"):
            await run_step(workshop, a_task(plan))


async def test_unchanged_inputs_spare_a_cached_step_its_work(stage: Stage) -> None:
    calls: list[date] = []

    def costly(history: Any, params: Any) -> Any:
        calls.append(history.as_of)
        return counting("summary")(history, params)

    cached = a_step("progress", "summary", costly, cached=True)
    async with a_plan(stage, chosen=(cached,)) as (athlete, workshop, plan):
        await run_step(workshop, a_task(plan))
        await stage.execute("UPDATE athlete_clocks SET data_version = 2 WHERE athlete_id = $1", athlete.athlete_id)
        again = await activities.begin_analysis(workshop, Athlete(athlete_id=athlete.athlete_id))
        assert again.plan is not None
        await run_step(workshop, a_task(again.plan))
        assert len(calls) == 1
        assert await stage.versions(athlete) == {"summary": 2}
        await stage.execute("UPDATE athlete_clocks SET data_version = 3 WHERE athlete_id = $1", athlete.athlete_id)
        third = await activities.begin_analysis(workshop, Athlete(athlete_id=athlete.athlete_id))
        assert third.plan is not None
        await run_step(workshop, a_task(third.plan))
        rows = await stage.fetch(
            "SELECT id::text, inputs->>'reused' AS reused FROM step_runs WHERE athlete_id = $1 ORDER BY data_version",
            athlete.athlete_id,
        )
        assert [row["reused"] for row in rows] == [None, rows[0]["id"], rows[0]["id"]]


async def test_a_failure_that_heals_is_retried_and_another_is_final(stage: Stage) -> None:
    async def away(*_: Any) -> Any:
        raise ConnectionRefusedError

    async def broken(*_: Any) -> Any:
        raise KeyError("nothing")

    [payload] = await codec.DATA_CONVERTER.encode([Athlete(athlete_id=ids.new())])
    workshop = stage.workshop()
    raw = activities.RawValue(payload)
    with pytest.raises(ConnectionRefusedError):
        await implementation(contracts.begin_analysis, away, workshop)(raw)
    with pytest.raises(ApplicationError) as caught:
        await implementation(contracts.begin_analysis, broken, workshop)(raw)
    assert caught.value.non_retryable
    assert not failures.heals(KeyError())


async def test_steps_with_the_same_inputs_are_one_task_that_loads_once(stage: Stage) -> None:
    loads: list[date] = []

    async def load(session: Session, athlete: VisibleAthlete, as_of: date) -> Inputs:
        loads.append(as_of)
        return await load_history(session, athlete, as_of)

    chosen = [structs.replace(step, load=load) for step in steps()]
    async with a_plan(stage, chosen=chosen) as (athlete, workshop, plan):
        assert [[step.name, *(then.step for then in step.then)] for step in plan.steps] == [NAMES]
        assert (await run_step(workshop, whole_task(plan))).goes_on
        assert len(loads) == 1
        assert await stage.versions(athlete) == dict.fromkeys(DOCUMENTS, 1)


async def test_a_task_tried_again_goes_on_with_the_step_that_is_missing(stage: Stage) -> None:
    computed: list[str] = []

    def remembering(step: Step) -> Step:
        def compute(history: History, params: Any) -> dict[str, Struct]:
            computed.append(step.name)
            if computed == NAMES[:2]:
                raise ConnectionError("the worker is lost here")
            return step.function(history, params)  # pyright: ignore[reportReturnType]

        return structs.replace(step, function=compute)

    chosen = [remembering(step) for step in steps()]
    async with a_plan(stage, chosen=chosen) as (athlete, workshop, plan):
        with pytest.raises(ConnectionError):
            await run_step(workshop, whole_task(plan))
        assert await stage.versions(athlete) == {"progress": 1}
        await run_step(workshop, whole_task(plan))
        assert computed == [*NAMES[:2], *NAMES[1:]]
        assert await stage.versions(athlete) == dict.fromkeys(DOCUMENTS, 1)


async def test_what_cannot_be_kept_for_the_next_load_fails_nothing(stage: Stage) -> None:
    async def keep(session: Session, athlete: VisibleAthlete, now: datetime) -> None:
        raise ValueError("no")

    async def load(session: Session, athlete: VisibleAthlete, as_of: date) -> Inputs:
        return structs.replace(await load_history(session, athlete, as_of), keep=keep)

    chosen = [structs.replace(step, load=load) for step in steps()]
    async with a_plan(stage, chosen=chosen) as (athlete, workshop, plan):
        assert (await run_step(workshop, whole_task(plan))).goes_on
        assert await stage.versions(athlete) == dict.fromkeys(DOCUMENTS, 1)
