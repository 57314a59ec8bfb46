"""The outbox: an event has one holder at a time, and is forgotten only when it is settled."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from models import outbox
from tests.factories import NOW, an_athlete

LATER = NOW + timedelta(seconds=11)


async def test_an_event_is_leased_once_with_what_it_carries(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    await outbox.add(session, athlete.athlete_id, topic="summary.requested", now=NOW, payload={"period": "2026-W47"})
    [event] = await outbox.lease(session, now=NOW, lease_s=10, limit=5)
    assert (event.athlete_id, event.topic, event.payload) == (
        athlete.athlete_id,
        "summary.requested",
        {"period": "2026-W47"},
    )
    assert await outbox.lease(session, now=NOW, lease_s=10, limit=5) == []


async def test_the_oldest_events_go_first(session: AsyncSession) -> None:
    athletes = [(await an_athlete(session)).athlete_id for _ in range(3)]
    await outbox.add(session, *athletes, topic="athlete.changed", now=NOW)
    first = await outbox.lease(session, now=NOW, lease_s=10, limit=2)
    rest = await outbox.lease(session, now=NOW, lease_s=10, limit=2)
    assert [event.athlete_id for event in [*first, *rest]] == athletes


async def test_a_lease_that_ran_out_frees_its_event(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    await outbox.add(session, athlete.athlete_id, topic="athlete.changed", now=NOW)
    taken = await outbox.lease(session, now=NOW, lease_s=10, limit=5)
    assert await outbox.lease(session, now=LATER, lease_s=10, limit=5) == taken


async def test_a_settled_event_is_gone_and_a_deferred_one_waits(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    for _ in range(3):
        await outbox.add(session, athlete.athlete_id, topic="athlete.changed", now=NOW)
    settled, parked, released = await outbox.lease(session, now=NOW, lease_s=10, limit=5)
    await outbox.settle(session, [settled.id])
    await outbox.defer(session, [parked.id], until=NOW + timedelta(hours=1))
    await outbox.defer(session, [released.id], until=None)
    assert await outbox.lease(session, now=LATER, lease_s=10, limit=5) == [released]
    assert await outbox.lease(session, now=NOW + timedelta(hours=2), lease_s=10, limit=5) == [parked, released]
