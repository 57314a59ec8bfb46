"""The way of a workout: recorded, relayed, analysed by the entity, its documents visible."""

import asyncio
import threading
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct

from analytics.frames import History
from models import db
from models.domain.errors import StepFailed
from models.domain.runs import RunKind
from models.services import pipelines, runs
from tests.factories import a_set, a_workout
from tests.workflows.stage import Counted, Stage, a_step, counting, eventually, now, steps


async def test_a_recorded_workout_becomes_documents_with_lineage(stage: Stage) -> None:
    athlete = await stage.athlete(time_zone="Pacific/Auckland")
    async with stage.working():
        version = await stage.record(athlete, a_workout(sets=(a_set(), a_set(), a_set())))
        await stage.ended(athlete, 1)
        await stage.ended(athlete, 1, "summary")
    [run] = await stage.runs(athlete)
    assert (run["status"], run["trigger"], run["data_version"]) == ("succeeded", "recorded", version)
    documents = await stage.fetch(
        "SELECT * FROM step_documents WHERE athlete_id = $1 ORDER BY name", athlete.athlete_id
    )
    assert [document["name"] for document in documents] == sorted(
        document for step in steps() for document in step.documents
    )
    assert {msgspec.json.decode(document["body"], type=Counted).sets for document in documents} == {3}
    step_runs = await stage.fetch(
        "SELECT * FROM step_runs WHERE athlete_id = $1 ORDER BY started_at", athlete.athlete_id
    )
    assert [(step["step"], step["status"], step["attempts"]) for step in step_runs] == [
        (step.name, "succeeded", 1) for step in steps()
    ]
    assert {step["git_revision"] for step in step_runs} == {"test"}
    assert {step["id"] for step in step_runs} == {document["step_run_id"] for document in documents}
    clock = await stage.clock(athlete)
    assert (clock["attempted_version"], clock["analysed_version"]) == (version, version)
    assert clock["analysed_pipeline"] == pipelines.signature(pipelines.FIRST["analysis"])
    assert clock["analysed_on"] == run["as_of"]


async def test_workouts_recorded_during_an_analysis_share_the_next_one(stage: Stage) -> None:
    athlete = await stage.athlete()
    entered, leave = threading.Event(), threading.Event()

    def slow(history: History, params: Any) -> Any:
        # An analysis that an earlier test left behind is not the one that is meant.
        if history.sets.get_column("load_g").max() == 77_000:
            entered.set()
            leave.wait(10)
        return counting("progress")(history, params)

    async with stage.working(steps(slow)):
        await stage.record(athlete, a_workout(started_at=now() - timedelta(hours=2), sets=(a_set(load=77),)))
        await asyncio.to_thread(entered.wait, 10)
        version = max([await stage.record(athlete) for _ in range(5)])
        await eventually(lambda: _outbox_is_empty(stage))
        leave.set()
        await stage.analysed(athlete, version)
        await stage.ended(athlete, 1, "summary")
    assert [run["status"] for run in await stage.runs(athlete)] == ["succeeded", "succeeded"]
    assert (await stage.versions(athlete))["progress"] == version


async def test_a_step_that_cannot_succeed_ends_its_run_with_a_problem(stage: Stage) -> None:
    athlete = await stage.athlete()

    def refuse(history: History, _: Any) -> dict[str, Struct]:
        raise StepFailed(f"{history.sets.height} sets are too few.")

    async with stage.working(steps(refuse)):
        version = await stage.record(athlete)
        await stage.ended(athlete, 1)
    [run] = await stage.runs(athlete)
    assert run["status"] == "failed"
    assert (run["problem"]["step"], run["problem"]["detail"]) == ("progress", "2 sets are too few.")
    [step] = await stage.fetch("SELECT * FROM step_runs WHERE athlete_id = $1", athlete.athlete_id)
    assert (step["status"], step["problem"]) == ("failed", run["problem"])
    clock = await stage.clock(athlete)
    assert (clock["attempted_version"], clock["analysed_version"]) == (version, 0)


async def test_a_defect_of_a_step_shows_no_stack(stage: Stage) -> None:
    athlete = await stage.athlete()

    def stumble(_: History, __: Any) -> dict[str, Struct]:
        raise ZeroDivisionError("a secret")

    async with stage.working(steps(stumble)):
        await stage.record(athlete)
        await stage.ended(athlete, 1)
    [run] = await stage.runs(athlete)
    assert run["problem"]["detail"] == "The step stopped at a ZeroDivisionError."


async def test_a_step_added_to_the_pipeline_runs_without_a_change_of_the_definition(stage: Stage) -> None:
    athlete = await stage.athlete()
    await stage.execute("INSERT INTO pipelines VALUES ('analysis', 20, 'extra', 3)")
    try:
        async with stage.working(steps(None, a_step("extra", "extra", version=3))):
            version = await stage.record(athlete)
            await stage.ended(athlete, 1)
            await stage.ended(athlete, 1, "summary")
    finally:
        await stage.execute("DELETE FROM pipelines WHERE step = 'extra'")
    assert (await stage.versions(athlete))["extra"] == version
    assert (await stage.clock(athlete))[
        "analysed_pipeline"
    ] == f"{pipelines.signature(pipelines.FIRST['analysis'])},extra@3"


async def test_a_step_promoted_during_an_analysis_runs_right_after_it(stage: Stage) -> None:
    athlete = await stage.athlete()
    entered, leave = threading.Event(), threading.Event()

    def slow(history: History, params: Any) -> Any:
        if history.sets.get_column("load_g").max() == 78_000:
            entered.set()
            leave.wait(10)
        return counting("progress")(history, params)

    try:
        async with stage.working(steps(slow, a_step("extra", "extra", version=3))):
            await stage.record(athlete, a_workout(started_at=now() - timedelta(hours=2), sets=(a_set(load=78),)))
            await asyncio.to_thread(entered.wait, 10)
            await stage.execute("INSERT INTO pipelines VALUES ('analysis', 20, 'extra', 3)")
            leave.set()
            await stage.ended(athlete, 2)
            await stage.ended(athlete, 1, "summary")
    finally:
        await stage.execute("DELETE FROM pipelines WHERE step = 'extra'")
    assert [(run["trigger"], run["status"]) for run in await stage.runs(athlete)] == [
        ("recorded", "succeeded"),
        ("pipeline", "succeeded"),
    ]
    assert "extra" in await stage.versions(athlete)


async def test_a_step_that_no_worker_knows_fails_its_run(stage: Stage) -> None:
    athlete = await stage.athlete()
    async with stage.working(steps()[1:]):
        await stage.record(athlete)
        await stage.ended(athlete, 1)
    [run] = await stage.runs(athlete)
    assert (run["status"], run["problem"]["detail"]) == ("failed", "This worker has no step progress@3.")


async def test_a_requested_run_is_the_run_that_is_done(stage: Stage) -> None:
    athlete = await stage.athlete()
    async with stage.working():
        await stage.analysed(athlete, await stage.record(athlete))
        async with db.direct(stage.database, transaction=True) as session:
            wanted = await runs.request_run(
                session, athlete, kind=RunKind.ANALYSIS, requested_by=athlete.athlete_id, now=now()
            )
        await stage.ended(athlete, 2)
        await stage.ended(athlete, 1, "summary")
    assert [(run["id"] == wanted, run["status"]) for run in await stage.runs(athlete)] == [
        (False, "succeeded"),
        (True, "succeeded"),
    ]


async def test_an_event_that_brings_nothing_new_makes_no_run(stage: Stage) -> None:
    athlete = await stage.athlete()
    async with stage.working():
        await stage.analysed(athlete, await stage.record(athlete))
        await stage.ended(athlete, 1, "summary")
        await stage.execute(
            "INSERT INTO outbox (athlete_id, topic, created_at) VALUES ($1, 'athlete.day_rolled', now())",
            athlete.athlete_id,
        )
        await eventually(lambda: _outbox_is_empty(stage))
        await asyncio.sleep(0.3)
    assert len(await stage.runs(athlete)) == 1


async def _outbox_is_empty(stage: Stage) -> bool:
    return not await stage.fetch("SELECT FROM outbox")
