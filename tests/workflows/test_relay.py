"""The relay loses nothing, signals an athlete once for a whole batch, and is quick."""

import asyncio
import time
from typing import Any
from unittest.mock import patch

import pytest
from msgspec import structs
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from loadstone.dev.temporal import TemporalServer
from models import db, ids, outbox
from models.domain.events import Topic
from models.outbox import Event
from models.queries.visibility import VisibleAthlete
from tests.workflows.stage import Stage, eventually, now
from workflows import client, relay
from workflows.relay import Relay, sort_out
from workflows.routes import ROUTES


def an_event(number: int, athlete: VisibleAthlete | None = None, **fields: Any) -> Event:
    owner = ids.new() if athlete is None else athlete.athlete_id
    chosen: dict[str, Any] = {"athlete_id": owner, "topic": Topic.ATHLETE_CHANGED, "payload": None, **fields}
    return Event(id=number, **chosen)


async def a_relay(stage: Stage) -> Relay:
    return Relay(stage.config, stage.database, await client.connect(stage.config), now=now)


async def add(stage: Stage, athlete: VisibleAthlete, topic: str, **fields: Any) -> None:
    async with db.direct(stage.database, transaction=False) as session:
        await outbox.add(session, athlete.athlete_id, topic=topic, now=now(), **fields)


async def left(stage: Stage) -> list[Any]:
    return await stage.fetch("SELECT * FROM outbox ORDER BY id")


def test_every_topic_has_a_route() -> None:
    assert sorted(route.topic for route in ROUTES) == sorted(Topic)


def test_a_batch_holds_one_signal_for_each_job_the_most_urgent_first() -> None:
    owner = ids.new()
    events = [
        an_event(1, topic=Topic.DAY_ROLLED),
        an_event(2, athlete_id=owner, topic=Topic.DAY_ROLLED),
        an_event(3, athlete_id=owner),
        an_event(4, athlete_id=owner, topic=Topic.ANALYSIS_REQUESTED),
    ]
    targets, unroutable = sort_out(events)
    assert list(targets.values()) == [[2, 3, 4], [1]]
    assert unroutable == []


def test_events_that_no_route_takes_are_set_apart() -> None:
    events = [an_event(1, topic="of.the.future"), an_event(2, topic=Topic.SUMMARY_REQUESTED, payload={"period": 47})]
    assert sort_out(events) == ({}, events)


async def test_many_events_of_an_athlete_are_one_signal(stage: Stage) -> None:
    athlete = await stage.athlete()
    for _ in range(10):
        await stage.record(athlete)
    assert await (await a_relay(stage)).relay_batch() == 10
    assert await left(stage) == []
    temporal = await client.connect(stage.config)
    handle = temporal.get_workflow_handle(f"athlete/{athlete.athlete_id}")
    history = await handle.fetch_history()
    signals = [event for event in history.events if event.HasField("workflow_execution_signaled_event_attributes")]
    assert len(signals) == 1
    assert not signals[0].workflow_execution_signaled_event_attributes.input.payloads
    await handle.terminate()


async def test_an_unroutable_event_is_parked_and_holds_up_nobody(stage: Stage) -> None:
    athlete = await stage.athlete()
    await add(stage, athlete, "of.the.future")
    one = await a_relay(stage)
    assert await one.relay_batch() == 1
    assert await one.relay_batch() == 0
    [parked] = await left(stage)
    assert parked["leased_until"] > now()
    await stage.execute("DELETE FROM outbox")


async def test_a_leased_event_is_seen_again_after_its_lease(stage: Stage) -> None:
    athlete = await stage.athlete()
    await add(stage, athlete, Topic.ATHLETE_CHANGED)
    async with db.direct(stage.database, transaction=False) as session:
        [taken] = await outbox.lease(session, now=now(), lease_s=0.2, limit=10)
        assert await outbox.lease(session, now=now(), lease_s=0.2, limit=10) == []
        await asyncio.sleep(0.25)
        assert await outbox.lease(session, now=now(), lease_s=0.2, limit=10) == [taken]
        await outbox.settle(session, [taken.id])


async def test_events_wait_while_temporal_is_down(stage: Stage) -> None:
    athlete, other = await stage.athlete(), await stage.athlete()
    await stage.record(athlete)
    await stage.record(other)
    one = await a_relay(stage)
    refusal = RPCError("away", RPCStatusCode.UNAVAILABLE, b"")
    with patch.object(Client, "start_workflow", side_effect=refusal), pytest.raises(RPCError):
        await one.relay_batch()
    assert [event["leased_until"] for event in await left(stage)] == [None, None]
    await stage.execute("DELETE FROM outbox")


async def test_a_restart_of_temporal_delays_analyses_and_loses_none(stage: Stage) -> None:
    server = TemporalServer(None)
    server.start()
    config = structs.replace(stage.config, temporal_address=server.address)
    athlete = await stage.athlete()
    async with stage.working(config=config):
        await stage.analysed(athlete, await stage.record(athlete))
        await stage.ended(athlete, 1, "summary")
        await asyncio.to_thread(server.stop)
        version = await stage.record(athlete)
        await asyncio.sleep(1)
        assert len(await left(stage)) == 1
        again = TemporalServer(None, port=server.port)
        await asyncio.to_thread(again.start)
        started = time.monotonic()
        await stage.analysed(athlete, version, within_s=30)
        await stage.ended(athlete, 2, "summary", within_s=30)
        assert time.monotonic() - started < 20
    await asyncio.to_thread(again.stop)


async def test_the_relay_says_once_that_temporal_is_away_and_once_that_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outage = relay.Outage("Temporal")
    with patch.object(relay, "FIRST_PAUSE_S", 0.001), patch.object(relay, "LONGEST_PAUSE_S", 0.002):
        for _ in range(3):
            await outage.pause(OSError())
    outage.over()
    outage.over()
    assert [record.message for record in caplog.records] == ["Temporal is away: OSError()", "Temporal is back"]


async def test_the_doorbell_is_heard_again_after_its_connection_broke(stage: Stage) -> None:
    heard: list[float] = []
    one = await a_relay(stage)
    with patch.object(one, "wake", lambda: heard.append(time.monotonic())):
        listening = asyncio.create_task(one.run())
        await eventually(lambda: _any(heard))
        await stage.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        )
        await eventually(lambda: _more(heard, 1))
        async with db.direct(stage.database, transaction=False) as session:
            await outbox.ring(session)
        await eventually(lambda: _more(heard, 2))
        listening.cancel()
        await asyncio.wait([listening])


async def _any(heard: list[float]) -> bool:
    return bool(heard)


async def _more(heard: list[float], than: int) -> bool:
    return len(heard) > than


async def test_a_relay_that_is_stopped_gives_its_events_back(stage: Stage) -> None:
    athlete = await stage.athlete()
    await stage.record(athlete)
    one, entered = await a_relay(stage), asyncio.Event()

    async def hang(*_: Any, **__: Any) -> None:
        entered.set()
        await asyncio.Event().wait()

    with patch.object(Client, "start_workflow", hang):
        relaying = asyncio.create_task(one.run())
        await entered.wait()
        relaying.cancel()
        await asyncio.wait([relaying])
    assert [event["leased_until"] for event in await left(stage)] == [None]
    await stage.execute("DELETE FROM outbox")


async def test_a_relay_that_is_stopped_at_the_very_moment_of_a_ring_stops(stage: Stage) -> None:
    stopping = await a_relay(stage)
    with patch.object(stopping, "relay_batch", return_value=0):
        running = asyncio.create_task(stopping.run())
        await asyncio.sleep(0.1)
        stopping.wake()
        asyncio.get_running_loop().call_soon(running.cancel)
        done, _ = await asyncio.wait([running], timeout=5)
    running.cancel()
    assert done == {running}
