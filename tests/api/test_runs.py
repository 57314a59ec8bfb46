"""Runs: asked for, listed, followed live, and explained."""

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar

from api.deps import Resources
from models import db, ids
from tests.api.conftest import Athlete, workout
from tests.api.streams import Stream, streaming
from tests.factories import NOW

PATH = "/v1/athletes/me/runs"
STEP = """
INSERT INTO step_runs (athlete_id, id, run_id, position, step, version, status, data_version, as_of, params, inputs,
    git_revision, lock_digest, attempts, started_at)
VALUES ($1, $2, $3, 1, 'progress', 4, 'running', 1, $5, '{"window": 42}', '{"history": "abc"}', 'g', 'l', 1, $4)
"""
STEP_DONE = """
UPDATE step_runs SET status = 'succeeded', output_digest = 'd', ended_at = started_at + interval '1.5 s'
WHERE athlete_id = $1
"""
CHANGE = """
UPDATE runs SET status = $3::text, revision = revision + 1, data_version = 1, started_at = $4,
    ended_at = CASE WHEN $3::text IN ('succeeded', 'failed') THEN $4::timestamptz END,
    problem = CASE WHEN $3::text = 'failed' THEN '{"type": "step-failed", "title": "No", "detail": "Because."}'::jsonb
    END
WHERE athlete_id = $1 AND id = $2
"""


async def requested(athlete: Athlete, kind: str = "analysis") -> str:
    answer = await athlete("POST", PATH, {"kind": kind})
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


async def execute(held: Resources, statement: str, *args: Any) -> None:
    async with db.direct(held.database, transaction=False) as session:
        await session.driver.execute(statement, *args)


async def change(held: Resources, athlete: Athlete, run_id: str, status: str) -> None:
    await execute(held, CHANGE, athlete.id, UUID(run_id), status, NOW)


def data(event: bytes | None) -> Any:
    assert event is not None
    lines = dict(line.split(": ", 1) for line in event.decode().strip().split("\n"))
    run = json.loads(lines["data"])
    assert lines["event"] == "run"
    assert lines["id"] == str(run["revision"])
    return run


def events(app: Litestar, athlete: Athlete, run_id: str, **headers: str) -> Any:
    return streaming(app, f"{PATH}/{run_id}/events", authorization=f"Bearer {athlete.token}", **headers)


async def test_a_requested_run_is_queued_with_its_event(athlete: Athlete, held: Resources) -> None:
    answer = await athlete("POST", PATH, {"kind": "analysis"})
    assert (answer.status_code, answer.json()["status"], answer.json()["revision"]) == (202, "queued", 1)
    assert answer.json()["requested_by"] == str(athlete.id)
    assert (await athlete("GET", answer.headers["location"])).content == answer.content
    async with db.direct(held.database, transaction=False) as session:
        topics = await session.driver.fetch("SELECT topic FROM outbox WHERE athlete_id = $1", athlete.id)
    assert [row["topic"] for row in topics] == ["analysis.requested"]


async def test_a_run_that_is_queued_is_joined(athlete: Athlete) -> None:
    assert await requested(athlete) == await requested(athlete)


async def test_a_summary_needs_a_workout(athlete: Athlete) -> None:
    assert (await athlete("POST", PATH, {"kind": "summary"})).status_code == 409
    await athlete("POST", "/v1/athletes/me/workouts", workout())
    assert (await athlete("POST", PATH, {"kind": "summary"})).json()["period"] == "2026-W47"


@pytest.mark.parametrize("body", [{}, {"kind": "plan"}, {"kind": None}, {"kind": "analysis", "priority": 1}])
async def test_a_bad_request_for_a_run_is_refused(athlete: Athlete, body: Any) -> None:
    assert (await athlete("POST", PATH, body)).status_code == 422


async def test_pages_of_runs_are_newest_first(athlete: Athlete, held: Resources) -> None:
    made: list[str] = []
    for _ in range(3):
        made.append(await requested(athlete))
        await change(held, athlete, made[-1], "succeeded")
    first = (await athlete("GET", f"{PATH}?limit=2")).json()
    second = (await athlete("GET", f"{PATH}?limit=2&cursor={first['next_cursor']}")).json()
    assert [run["id"] for run in [*first["items"], *second["items"]]] == made[::-1]


async def test_a_run_shows_its_steps_and_they_their_lineage(athlete: Athlete, held: Resources) -> None:
    run_id, step_id = await requested(athlete), ids.new()
    await execute(held, STEP, athlete.id, step_id, UUID(run_id), NOW, NOW.date())
    running = (await athlete("GET", f"{PATH}/{run_id}")).json()["steps"][0]
    assert (running["step"], running["version"], running["status"]) == ("progress", 4, "running")
    assert (running["ended_at"], running["elapsed_ms"]) == (None, None)
    await execute(held, STEP_DONE, athlete.id)
    done = (await athlete("GET", f"{PATH}/{run_id}")).json()["steps"][0]
    assert (done["id"], done["status"], done["elapsed_ms"]) == (str(step_id), "succeeded", 1500)
    lineage = (await athlete("GET", f"/v1/athletes/me/step-runs/{step_id}")).json()
    assert (lineage["params"], lineage["inputs"], lineage["output_digest"]) == ({"window": 42}, {"history": "abc"}, "d")
    assert lineage["run_id"] == run_id


async def test_a_failed_run_shows_its_problem(athlete: Athlete, held: Resources) -> None:
    run_id = await requested(athlete)
    await change(held, athlete, run_id, "failed")
    assert (await athlete("GET", f"{PATH}/{run_id}")).json()["problem"]["detail"] == "Because."


async def test_live_events_tell_each_state_and_end_with_the_run(
    app: Litestar, athlete: Athlete, held: Resources
) -> None:
    run_id = await requested(athlete)
    async with events(app, athlete, run_id) as (stream, _):
        assert data(await stream.next_event())["status"] == "queued"
        assert stream.headers["content-type"] == "text/event-stream"
        await change(held, athlete, run_id, "running")
        assert data(await stream.next_event())["status"] == "running"
        await change(held, athlete, run_id, "succeeded")
        final = data(await stream.next_event())
        assert final == (await athlete("GET", f"{PATH}/{run_id}")).json()
        assert await stream.next_event() is None


async def test_a_resumed_stream_sends_only_what_is_newer(app: Litestar, athlete: Athlete, held: Resources) -> None:
    run_id = await requested(athlete)
    await change(held, athlete, run_id, "running")
    async with events(app, athlete, run_id, last_event_id="2") as (stream, _):
        await change(held, athlete, run_id, "succeeded")
        assert data(await stream.next_event())["revision"] == 3
        assert await stream.next_event() is None


async def test_a_stream_of_a_run_that_ended_before_sends_it_once_and_then_204(
    app: Litestar, athlete: Athlete, held: Resources
) -> None:
    run_id = await requested(athlete)
    await change(held, athlete, run_id, "failed")
    async with events(app, athlete, run_id, last_event_id="1") as (stream, _):
        assert data(await stream.next_event())["status"] == "failed"
        assert await stream.next_event() is None
    again = await athlete("GET", f"{PATH}/{run_id}/events", last_event_id="2")
    assert (again.status_code, again.content) == (204, b"")


async def test_a_silent_stream_is_kept_alive(app: Litestar, athlete: Athlete) -> None:
    run_id = await requested(athlete)
    async with events(app, athlete, run_id, last_event_id="1") as (stream, _):
        assert await stream.next() == b"retry: 2000\n\n"
        assert await stream.next() == b": keep-alive\n\n"


async def test_a_client_that_leaves_leaves_nothing_behind(app: Litestar, athlete: Athlete) -> None:
    run_id = await requested(athlete)
    before = asyncio.all_tasks()
    async with events(app, athlete, run_id) as (stream, task):
        await stream.next_event()
        stream.hang_up()
        await asyncio.wait_for(task, 2)
    assert asyncio.all_tasks() <= before


async def test_waiting_streams_hold_no_connection(app: Litestar, athlete: Athlete) -> None:
    run_id = await requested(athlete)
    open_streams = [events(app, athlete, run_id) for _ in range(12)]  # three times the pool
    streams: list[Stream] = []
    for manager in open_streams:
        stream, _ = await manager.__aenter__()
        streams.append(stream)
    assert all([await stream.next_event() for stream in streams])
    assert (await athlete("GET", f"{PATH}/{run_id}")).status_code == 200
    for manager in open_streams:
        await manager.__aexit__(None, None, None)


async def test_events_of_no_run_are_not_found(athlete: Athlete) -> None:
    assert (await athlete("GET", f"{PATH}/{ids.new()}/events")).status_code == 404
