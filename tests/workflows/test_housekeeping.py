"""The sweep finds what was lost, and midnight wakes those for whom a new day has begun."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs
from temporalio.testing import ActivityEnvironment

from models import db
from models.domain.workouts import local_date
from models.queries.visibility import VisibleAthlete
from models.services import imports
from models.services.imports import Upload
from tests.workflows.stage import Stage, now
from workflows import activities, client, housekeeping, schedules
from workflows.contracts import Athlete, FinishRun, Nothing, Woken


@pytest.fixture(autouse=True)
async def nothing_else_is_owed(stage: Stage) -> AsyncIterator[None]:
    """Athletes of other tests must not be found."""
    for statement in ("UPDATE athlete_clocks SET attempted_version = data_version, last_recorded_at = NULL",
                      "DELETE FROM outbox", "DELETE FROM runs"):  # fmt: skip
        await stage.execute(statement)
    yield
    await stage.execute("DELETE FROM outbox")


async def sweep(stage: Stage, *, after_s: float = 0) -> Woken:
    temporal = await client.connect(stage.config)
    return await housekeeping.sweeper(temporal, after_s=after_s)(stage.workshop(), Nothing())


async def roll_days(stage: Stage, **changes: Any) -> Woken:
    workshop = structs.replace(stage.workshop(), **changes)
    return await ActivityEnvironment().run(housekeeping.roll_days, workshop, Nothing())


async def events(stage: Stage, athlete: VisibleAthlete) -> list[str]:
    rows = await stage.fetch("SELECT topic FROM outbox WHERE athlete_id = $1 ORDER BY id", athlete.athlete_id)
    return [row["topic"] for row in rows]


async def analyse(stage: Stage, athlete: VisibleAthlete) -> None:
    """Analyse by calling the activities."""
    workshop = stage.workshop()
    begun = await activities.begin_analysis(workshop, Athlete(athlete_id=athlete.athlete_id))
    assert begun.plan is not None
    for position, step in enumerate(begun.plan.steps):
        task = activities.RunStep(
            athlete_id=athlete.athlete_id, run_id=begun.plan.run_id, position=position, step=step.name,
            version=step.version, data_version=begun.plan.data_version, as_of=begun.plan.as_of,
        )  # fmt: skip
        await ActivityEnvironment().run(activities.run_step, workshop, task)
    await activities.finish_run(
        workshop,
        FinishRun(athlete_id=athlete.athlete_id, run_id=begun.plan.run_id, pipeline=begun.plan.pipeline, problem=None),
    )


async def test_an_athlete_whose_event_was_lost_is_woken_once(stage: Stage) -> None:
    athlete = await stage.athlete()
    await stage.record(athlete)
    await stage.execute("DELETE FROM outbox")
    assert await sweep(stage) == Woken(athletes=1)
    assert await events(stage, athlete) == ["athlete.changed"]
    assert await sweep(stage) == Woken(athletes=0)


async def test_an_athlete_who_has_just_recorded_is_left_to_the_relay(stage: Stage) -> None:
    athlete = await stage.athlete()
    await stage.record(athlete)
    await stage.execute("DELETE FROM outbox")
    assert await sweep(stage, after_s=60) == Woken(athletes=0)


async def test_a_run_without_its_workflow_is_found_and_superseded_by_the_next(stage: Stage) -> None:
    athlete = await stage.athlete()
    await stage.record(athlete)
    await stage.execute("DELETE FROM outbox")
    workshop = stage.workshop()
    begun = await activities.begin_analysis(workshop, Athlete(athlete_id=athlete.athlete_id))
    assert begun.plan is not None
    await stage.execute("UPDATE runs SET status = 'running' WHERE id = $1", begun.plan.run_id)
    assert (await sweep(stage)).orphans == 1
    assert "analysis.requested" in await events(stage, athlete)


async def test_an_import_without_its_workflow_is_started_again_unless_it_waits_for_an_answer(stage: Stage) -> None:
    athlete = await stage.athlete()
    async with db.direct(stage.database, transaction=True) as session:
        order = Upload(file_name=None, size_bytes=1, sha256=b"", time_zone="UTC", unit=None)
        import_id = await imports.upload(
            session, io.BytesIO(b"x"), order, athlete=athlete, requested_by=athlete.athlete_id, now=now()
        )
    await stage.execute("DELETE FROM outbox")
    assert (await sweep(stage)).orphans == 1
    [event] = await stage.fetch("SELECT topic, payload::text FROM outbox WHERE athlete_id = $1", athlete.athlete_id)
    assert (event["topic"], str(import_id) in event["payload"]) == ("import.requested", True)
    await stage.execute("UPDATE runs SET status = 'waiting', waiting_for = '{}' WHERE id = $1", import_id)
    assert (await sweep(stage)).orphans == 0


async def test_a_failed_analysis_is_not_tried_again_by_the_sweep(stage: Stage) -> None:
    athlete = await stage.athlete()
    await stage.record(athlete)
    await stage.execute("DELETE FROM outbox")
    workshop = stage.workshop()
    begun = await activities.begin_analysis(workshop, Athlete(athlete_id=athlete.athlete_id))
    assert begun.plan is not None
    problem = activities.contracts.Problem(type="step-failed", title="Failed", detail="Failed.", step="progress")
    await activities.finish_run(
        workshop,
        FinishRun(athlete_id=athlete.athlete_id, run_id=begun.plan.run_id, pipeline="x", problem=problem),
    )
    assert await sweep(stage) == Woken(athletes=0)


async def test_a_summary_whose_event_was_lost_is_asked_for_again(stage: Stage) -> None:
    athlete = await stage.athlete()
    await stage.record(athlete)
    await analyse(stage, athlete)
    await stage.execute("DELETE FROM outbox")
    assert await sweep(stage) == Woken(athletes=1)
    assert await events(stage, athlete) == ["summary.requested"]


async def test_midnight_wakes_only_active_athletes_whose_day_rolled_over(stage: Stage) -> None:
    here, there, resting = [
        await stage.athlete(time_zone=zone) for zone in ("Pacific/Kiritimati", "Pacific/Niue", "UTC")
    ]
    for athlete in (here, there, resting):
        await stage.record(athlete)
        await analyse(stage, athlete)
    await stage.execute(
        "UPDATE athlete_clocks SET last_recorded_at = now() - interval '61 days' WHERE athlete_id = $1",
        resting.athlete_id,
    )
    await stage.execute("DELETE FROM outbox")
    # An instant of the next day in Kiritimati (UTC+14) that is still the same day in Niue (UTC-11).
    instant = now()
    while local_date(instant, "Pacific/Kiritimati") == local_date(now(), "Pacific/Kiritimati"):
        instant += timedelta(minutes=30)
    rolled = {
        zone for zone in ("Pacific/Kiritimati", "Pacific/Niue") if local_date(instant, zone) != local_date(now(), zone)
    }
    assert await roll_days(stage, now=lambda: instant) == Woken(athletes=len(rolled))
    assert await events(stage, here) == ["athlete.day_rolled"]
    assert await events(stage, resting) == []
    assert (await events(stage, there) == []) == ("Pacific/Niue" not in rolled)


async def test_midnight_wakes_everybody_page_by_page(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "PAGE", 2)
    monkeypatch.setattr(housekeeping, "PAUSE_S", 0)
    for _ in range(5):
        athlete = await stage.athlete()
        await stage.record(athlete)
        await analyse(stage, athlete)
    await stage.execute("DELETE FROM outbox")
    tomorrow = now() + timedelta(days=1)
    assert await roll_days(stage, now=lambda: tomorrow) == Woken(athletes=5)


async def test_schedules_that_are_gone_are_made_again(stage: Stage) -> None:
    temporal = await client.connect(stage.config)
    await schedules.ensure(temporal, stage.config, update=True)
    for name in schedules.schedules(stage.config):
        await temporal.get_schedule_handle(name).delete()
    await schedules.ensure(temporal, stage.config, update=False)
    changed = structs.replace(stage.config, sweep_every_s=900)
    await schedules.ensure(temporal, changed, update=True)
    described = await temporal.get_schedule_handle("sweep").describe()
    assert described.schedule.spec.intervals[0].every == timedelta(seconds=900)
