"""The scheduled activities: waking athletes whose analysis was lost or is owed, and whose day has rolled over."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from models import db, outbox
from models.domain.events import Topic
from models.domain.runs import RunKind
from models.domain.workouts import local_date
from models.queries import lagging
from models.queries.lagging import OpenRun
from models.queries.visibility import system
from models.services import expiry, runs
from workflows import population
from workflows.activities import Workshop
from workflows.contracts import Nothing, Woken
from workflows.heartbeats import heartbeats

AT_ONCE = 1000
PAGE, PAUSE_S = 200, 1.0
OPEN_RUNS_AT_ONCE = 500
DESCRIBES_AT_ONCE = 16
ACTIVE_FOR = timedelta(days=60)
USELESS_AFTER = timedelta(days=7)
SUMMARIES_OWED_FOR = timedelta(days=2)


def sweeper(client: Client, *, after_s: float) -> Callable[[Workshop, Nothing], Awaitable[Woken]]:
    """The sweep of a worker: repairs what has been owed for longer than `after_s`."""

    async def sweep(workshop: Workshop, _: Nothing) -> Woken:
        before = timedelta(seconds=after_s)
        orphans = await _wake_orphans(workshop, client, before)
        await population.start_open(workshop.database, client)
        return Woken(athletes=await _wake_lagging(workshop, before), orphans=orphans)

    return sweep


async def roll_days(workshop: Workshop, _: Nothing) -> Woken:
    """Wake every active athlete for whom a new day has begun since the newest analysis, a few at a time."""
    now, last, woken = workshop.now(), None, 0
    async with db.direct(workshop.database, transaction=True) as session:
        await expiry.forget(session, before=now - USELESS_AFTER)
    async with heartbeats():
        today = await _today_by_zone(workshop)
        while True:
            async with db.direct(workshop.database, transaction=True) as session:
                since = now - ACTIVE_FOR
                found = await lagging.rolled_over(session, active_since=since, today=today, after=last, limit=PAGE)
                await outbox.add(session, *found, topic=Topic.DAY_ROLLED, now=now)
            woken += len(found)
            if len(found) < PAGE:
                return Woken(athletes=woken)
            last = found[-1]
            # What is recorded meanwhile waits in the outbox behind one page, not behind a whole time zone.
            await asyncio.sleep(PAUSE_S)


async def _today_by_zone(workshop: Workshop) -> dict[str, date]:
    async with db.direct(workshop.database, transaction=False) as session:
        return {zone: local_date(workshop.now(), zone) for zone in await lagging.time_zones(session)}


async def _wake_lagging(workshop: Workshop, before: timedelta) -> int:
    now = workshop.now()
    async with db.direct(workshop.database, transaction=True) as session:
        athletes = await lagging.lagging(session, before=now - before, limit=AT_ONCE)
        await outbox.add(session, *athletes, topic=Topic.ATHLETE_CHANGED, now=now)
        unsummarised = await lagging.unsummarised(
            session, after=now - SUMMARIES_OWED_FOR, before=now - before, limit=AT_ONCE
        )
        for athlete_id in unsummarised:
            await runs.wake_summary(session, system(athlete_id), now=now)
    workshop.wake_relay()
    return len(athletes) + len(unsummarised)


async def _wake_orphans(workshop: Workshop, client: Client, before: timedelta) -> int:
    """Wake the jobs of runs whose workflow is gone: beginning anew, they end or supersede what was left open."""
    async with db.direct(workshop.database, transaction=False) as session:
        found = await lagging.open_runs(session, before=workshop.now() - before, limit=OPEN_RUNS_AT_ONCE)
    orphans = await _without_workflow(client, found)
    async with db.direct(workshop.database, transaction=True) as session:
        for run in orphans:
            athlete, kind = system(run.athlete_id), RunKind(run.kind)
            if kind is RunKind.IMPORT:
                await runs.wake_import(session, athlete, runs.import_of(run.workflow_id), now=workshop.now())
            else:
                await runs.wake(session, athlete, kind=kind, period=run.period, now=workshop.now())
    return len(orphans)


async def _without_workflow(client: Client, found: Sequence[OpenRun]) -> list[OpenRun]:
    ids = list({run.workflow_id for run in found})
    limit = asyncio.Semaphore(DESCRIBES_AT_ONCE)
    alive = dict(zip(ids, await asyncio.gather(*(_is_alive(client, name, limit) for name in ids)), strict=True))
    return [run for run in found if not alive[run.workflow_id]]


async def _is_alive(client: Client, workflow_id: str, limit: asyncio.Semaphore) -> bool:
    async with limit:
        try:
            description = await client.get_workflow_handle(workflow_id).describe()
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                return False
            raise
    return description.status == WorkflowExecutionStatus.RUNNING
