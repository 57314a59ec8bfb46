"""Runs: what is due begins once, what was asked for is joined, what was left behind is superseded."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.db import Sessions, raw, transaction
from models.domain.errors import Conflict
from models.domain.runs import RunKind
from models.queries.visibility import VisibleAthlete
from models.services import pipelines, runs, step_runs
from models.services.pipelines import PipelineStep
from models.services.runs import Begun, Problem
from models.services.step_runs import StepBegun, StepResult, StepStart
from models.services.workouts import record_workout
from tests.factories import NOW, a_workout, an_athlete

PIPELINE = pipelines.signature(pipelines.FIRST[pipelines.ANALYSIS])
PROBLEM = Problem(type="step-failed", title="Failed", detail="It failed.", step="progress")
WEEK = "2026-W47"


async def an_athlete_who_trained(session: AsyncSession, **fields: Any) -> VisibleAthlete:
    athlete = await an_athlete(session, **fields)
    await train(session, athlete)
    return athlete


async def train(session: AsyncSession, athlete: VisibleAthlete, **fields: Any) -> None:
    draft, workout_id = a_workout(**fields), ids.new()
    await record_workout(session, draft, athlete=athlete, workout_id=workout_id, actor_id=athlete.athlete_id, now=NOW)


async def begin(session: AsyncSession, athlete: VisibleAthlete, now: datetime = NOW) -> Begun:
    begun = await runs.begin_analysis(session, athlete, now=now)
    assert begun is not None
    return begun


async def do_step(
    session: AsyncSession, athlete: VisibleAthlete, begun: Begun, position: int = 0, **fields: Any
) -> Any:
    started = await start_step(session, athlete, begun, position)
    if started is not None:
        await finish_step(session, athlete, begun, started, position, **fields)
    return started


async def start_step(session: AsyncSession, athlete: VisibleAthlete, begun: Begun, position: int = 0) -> Any:
    step = begun.steps[position]
    start = StepStart(
        run_id=begun.run_id,
        position=position,
        step=step.name,
        version=step.version,
        data_version=begun.data_version,
        as_of=begun.as_of,
        params={},
        git_revision="test",
        lock_digest="test",
    )
    return await step_runs.begin_step(session, athlete, start, now=NOW)


async def finish_step(
    session: AsyncSession,
    athlete: VisibleAthlete,
    begun: Begun,
    started: StepBegun,
    position: int = 0,
    *,
    durable: bool = True,
    **fields: Any,
) -> None:
    step = begun.steps[position]
    result = StepResult(
        data_version=fields.get("data_version", begun.data_version),
        inputs={},
        output_digest="d",
        digests={step.name: "d"},
        documents={step.name: fields.get("body", b"{}")},
    )
    await step_runs.finish_step(
        session, athlete, result, run_id=begun.run_id, step_run_id=started.id, now=NOW, durable=durable
    )


async def finish(session: AsyncSession, athlete: VisibleAthlete, begun: Begun, problem: Problem | None = None) -> None:
    await runs.finish(session, athlete, run_id=begun.run_id, pipeline=PIPELINE, now=NOW, problem=problem)


async def fetch(session: AsyncSession, athlete: VisibleAthlete, table: str = "runs") -> list[Any]:
    order = {"runs": "created_at, id", "step_documents": "name"}.get(table, "1")
    return await (await raw(session)).fetch(
        f"SELECT * FROM {table} WHERE athlete_id = $1 ORDER BY {order}", athlete.athlete_id
    )


async def test_what_was_recorded_is_due_once(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    begun = await begin(session, athlete)
    assert (begun.data_version, [step.name for step in begun.steps]) == (
        1,
        [step.name for step in pipelines.FIRST[pipelines.ANALYSIS]],
    )
    await finish(session, athlete, begun)
    assert await runs.begin_analysis(session, athlete, now=NOW) is None


@pytest.mark.parametrize("problem", [None, PROBLEM])
async def test_an_ended_run_is_not_due_again_the_same_day_whatever_its_end(
    session: AsyncSession, problem: Problem | None
) -> None:
    athlete = await an_athlete_who_trained(session)
    await finish(session, athlete, await begin(session, athlete), problem)
    assert await runs.begin_analysis(session, athlete, now=NOW) is None
    assert await runs.begin_analysis(session, athlete, now=NOW + timedelta(days=1)) is not None


async def test_a_new_day_begins_where_the_athlete_lives(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session, time_zone="Pacific/Auckland")
    begun = await begin(session, athlete)
    assert begun.as_of.isoformat() == "2026-11-21"
    await finish(session, athlete, begun)
    assert await runs.begin_analysis(session, athlete, now=NOW + timedelta(hours=16)) is None
    assert await runs.begin_analysis(session, athlete, now=NOW + timedelta(hours=17)) is not None


async def test_a_promoted_step_makes_everybody_due(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    await finish(session, athlete, await begin(session, athlete))
    await (await raw(session)).execute("UPDATE pipelines SET version = 9 WHERE step = 'recommend'")
    assert PipelineStep("recommend", 9) in (await begin(session, athlete)).steps
    assert (await fetch(session, athlete))[1]["trigger"] == "pipeline"


async def test_what_was_promoted_during_an_analysis_is_asked_for_when_it_ends(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    begun = await begin(session, athlete)
    await (await raw(session)).execute("UPDATE pipelines SET version = 9 WHERE step = 'recommend'")
    await (await raw(session)).execute("DELETE FROM outbox")
    await finish(session, athlete, begun)
    assert "analysis.requested" in [event["topic"] for event in await fetch(session, athlete, "outbox")]


async def test_two_requests_join_one_queued_run_that_the_next_begin_adopts(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    await finish(session, athlete, await begin(session, athlete))
    wanted = [
        await runs.request_run(session, athlete, kind=RunKind.ANALYSIS, requested_by=athlete.athlete_id, now=NOW)
        for _ in range(2)
    ]
    assert wanted[0] == wanted[1] == (await begin(session, athlete)).run_id
    [_, run] = await fetch(session, athlete)
    assert (run["status"], run["trigger"], run["requested_by"]) == ("running", "requested", athlete.athlete_id)


async def test_a_run_left_behind_with_steps_is_superseded_and_what_it_owed_is_done(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    await finish(session, athlete, await begin(session, athlete))
    await runs.request_run(session, athlete, kind=RunKind.ANALYSIS, requested_by=athlete.athlete_id, now=NOW)
    lost = await begin(session, athlete)
    await do_step(session, athlete, lost)
    again = await begin(session, athlete)
    assert again.run_id != lost.run_id
    assert [run["status"] for run in await fetch(session, athlete)] == ["succeeded", "superseded", "running"]
    assert await do_step(session, athlete, lost, 1) is None
    await finish(session, athlete, lost)
    assert [run["status"] for run in await fetch(session, athlete)] == ["succeeded", "superseded", "running"]


async def test_every_change_raises_the_revision(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    await runs.request_run(session, athlete, kind=RunKind.ANALYSIS, requested_by=athlete.athlete_id, now=NOW)
    seen = [(await fetch(session, athlete))[0]["revision"]]
    begun = await begin(session, athlete)
    seen.append((await fetch(session, athlete))[0]["revision"])
    await do_step(session, athlete, begun)
    seen.append((await fetch(session, athlete))[0]["revision"])
    await finish(session, athlete, begun)
    seen.append((await fetch(session, athlete))[0]["revision"])
    assert seen == [1, 2, 4, 5]


async def test_a_failed_run_closes_its_steps_and_keeps_the_analysed_version(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    begun = await begin(session, athlete)
    step = begun.steps[0]
    start = StepStart(
        run_id=begun.run_id, position=0, step=step.name, version=1, data_version=1, as_of=begun.as_of, params={},
        git_revision="test", lock_digest="test",
    )  # fmt: skip
    await step_runs.begin_step(session, athlete, start, now=NOW)
    await finish(session, athlete, begun, PROBLEM)
    [ended] = await fetch(session, athlete, "step_runs")
    assert (ended["status"], ended["problem"]["detail"]) == ("failed", "It failed.")
    [clock] = await fetch(session, athlete, "athlete_clocks")
    assert (clock["attempted_version"], clock["analysed_version"]) == (1, 0)


async def test_a_document_of_an_older_version_does_not_replace_a_newer_one(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    newer = await begin(session, athlete)
    await do_step(session, athlete, newer, data_version=5, body=b"newer")
    older = await begin(session, athlete)
    await do_step(session, athlete, older, data_version=1, body=b"older")
    [document] = await fetch(session, athlete, "step_documents")
    assert (document["body"], document["data_version"]) == (b"newer", 5)


async def test_a_finished_analysis_asks_for_the_summary_of_the_last_trained_week(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    await finish(session, athlete, await begin(session, athlete))
    events = await fetch(session, athlete, "outbox")
    assert [(event["topic"], event["payload"]) for event in events if event["payload"]] == [
        ("summary.requested", {"period": WEEK})
    ]


async def test_without_any_workout_left_the_summary_is_forgotten(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    begun = await begin(session, athlete)
    await do_step(session, athlete, begun)
    await (await raw(session)).execute(
        "UPDATE step_documents SET name = 'summary' WHERE athlete_id = $1", athlete.athlete_id
    )
    await (await raw(session)).execute(
        "UPDATE workouts SET deleted_at = $2 WHERE athlete_id = $1", athlete.athlete_id, NOW
    )
    await finish(session, athlete, begun)
    assert await fetch(session, athlete, "step_documents") == []


async def test_a_summary_that_is_being_written_is_not_saved_when_the_last_workout_is_gone(
    session: AsyncSession,
) -> None:
    athlete = await an_athlete_who_trained(session)
    begun = await begin(session, athlete)
    await do_step(session, athlete, begun)
    await finish(session, athlete, begun)
    summary = await runs.begin_summary(session, athlete, period=WEEK, now=NOW)
    assert summary is not None
    await (await raw(session)).execute(
        "UPDATE workouts SET deleted_at = $2 WHERE athlete_id = $1", athlete.athlete_id, NOW
    )
    await runs.wake_summary(session, athlete, now=NOW)
    assert await do_step(session, athlete, summary) is None
    assert [run["status"] for run in await fetch(session, athlete)] == ["succeeded", "superseded"]
    assert [document["name"] for document in await fetch(session, athlete, "step_documents")] == ["progress"]


async def test_a_summary_saved_at_the_very_moment_is_forgotten_too(sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        athlete = await an_athlete_who_trained(session)
        begun = await begin(session, athlete)
        await do_step(session, athlete, begun)
        await finish(session, athlete, begun)
        summary = await runs.begin_summary(session, athlete, period=WEEK, now=NOW)
        await (await raw(session)).execute(
            "UPDATE workouts SET deleted_at = $2 WHERE athlete_id = $1", athlete.athlete_id, NOW
        )
    assert summary is not None

    async def forget() -> None:
        async with transaction(sessions) as session:
            await runs.wake_summary(session, athlete, now=NOW)

    async with transaction(sessions) as session:
        await do_step(session, athlete, structs.replace(summary, steps=(PipelineStep("summary", 1),)))
        forgetting = asyncio.create_task(forget())
        await asyncio.sleep(0.2)
        assert not forgetting.done()
    await forgetting
    async with transaction(sessions) as session:
        assert [document["name"] for document in await fetch(session, athlete, "step_documents")] == ["progress"]


async def test_a_summary_waits_for_the_analysis_of_what_was_just_recorded(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    begun = await begin(session, athlete)
    await do_step(session, athlete, begun)
    await finish(session, athlete, begun)
    await train(session, athlete)
    wanted = await runs.request_run(session, athlete, kind=RunKind.SUMMARY, requested_by=athlete.athlete_id, now=NOW)
    assert await runs.begin_summary(session, athlete, period=WEEK, now=NOW) is None
    again = await begin(session, athlete)
    await do_step(session, athlete, again)
    await finish(session, athlete, again)
    summary = await runs.begin_summary(session, athlete, period=WEEK, now=NOW)
    assert summary is not None
    assert (summary.run_id, summary.data_version) == (wanted, 2)


@pytest.mark.parametrize("kind", [RunKind.ANALYSIS, RunKind.SUMMARY])
async def test_two_requests_at_the_same_time_queue_one_run(sessions: Sessions, kind: RunKind) -> None:
    async with transaction(sessions) as session:
        athlete = await an_athlete_who_trained(session)

    async def request() -> UUID:
        async with transaction(sessions) as session:
            return await runs.request_run(session, athlete, kind=kind, requested_by=athlete.athlete_id, now=NOW)

    async with transaction(sessions) as session:
        first = await runs.request_run(session, athlete, kind=kind, requested_by=athlete.athlete_id, now=NOW)
        second = asyncio.create_task(request())
        await asyncio.sleep(0.2)
        assert not second.done()
    assert await second == first
    async with transaction(sessions) as session:
        assert [run["status"] for run in await fetch(session, athlete)] == ["queued"]


async def test_a_failed_analysis_wakes_the_summary_that_waited_for_it(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    await runs.request_run(session, athlete, kind=RunKind.SUMMARY, requested_by=athlete.athlete_id, now=NOW)
    asked = len(await fetch(session, athlete, "outbox"))
    await finish(session, athlete, await begin(session, athlete), PROBLEM)
    assert len(await fetch(session, athlete, "outbox")) == asked + 1


async def test_a_summary_is_due_once_for_each_analysis(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    begun = await begin(session, athlete)
    assert await runs.begin_summary(session, athlete, period=WEEK, now=NOW) is None
    await do_step(session, athlete, begun)
    await finish(session, athlete, begun)
    summary = await runs.begin_summary(session, athlete, period=WEEK, now=NOW)
    assert summary is not None
    await finish(session, athlete, summary)
    assert await runs.begin_summary(session, athlete, period=WEEK, now=NOW) is None


async def test_a_requested_summary_waits_for_the_analysis_and_fails_with_it(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    wanted = await runs.request_run(session, athlete, kind=RunKind.SUMMARY, requested_by=athlete.athlete_id, now=NOW)
    assert await runs.begin_summary(session, athlete, period=WEEK, now=NOW) is None
    await finish(session, athlete, await begin(session, athlete), PROBLEM)
    begun = await runs.begin_summary(session, athlete, period=WEEK, now=NOW)
    assert begun is not None
    assert begun.run_id == wanted


async def test_a_summary_of_a_week_that_is_no_longer_the_last_is_superseded(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session, time_zone="UTC")
    await runs.request_run(session, athlete, kind=RunKind.SUMMARY, requested_by=athlete.athlete_id, now=NOW)
    await (await raw(session)).execute(
        "UPDATE workouts SET performed_on = performed_on + 7 WHERE athlete_id = $1", athlete.athlete_id
    )
    assert await runs.begin_summary(session, athlete, period=WEEK, now=NOW) is None
    assert [run["status"] for run in await fetch(session, athlete)] == ["superseded"]


async def test_there_is_no_summary_before_the_first_workout(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    with pytest.raises(Conflict, match="before the first workout"):
        await runs.request_run(session, athlete, kind=RunKind.SUMMARY, requested_by=athlete.athlete_id, now=NOW)


async def test_nobody_is_analysed_without_an_account(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    await (await raw(session)).execute("DELETE FROM accounts WHERE id = $1", athlete.athlete_id)
    assert await runs.begin_analysis(session, athlete, now=NOW) is None


@pytest.mark.parametrize(("durable", "setting"), [(True, "on"), (False, "off")])
async def test_a_step_is_saved_at_its_commit_or_soon_after(
    session: AsyncSession, *, durable: bool, setting: str
) -> None:
    athlete = await an_athlete_who_trained(session)
    begun = await begin(session, athlete)
    driver: Any = await raw(session)
    started = await start_step(session, athlete, begun)
    assert await driver.fetchval("SHOW synchronous_commit") == "off"
    await driver.execute("SET LOCAL synchronous_commit = on")
    await finish_step(session, athlete, begun, started, durable=durable)
    assert await driver.fetchval("SHOW synchronous_commit") == setting
