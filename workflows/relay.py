"""The relay: from the outbox to the durable jobs, one payload-free signal for all events of an athlete in a batch."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.common import Priority, WorkflowIDConflictPolicy
from temporalio.service import RPCError

from models import db, outbox
from models.outbox import Event
from workflows import failures, routes
from workflows.config import WorkerConfig
from workflows.population import Starter
from workflows.routes import Target

logger = logging.getLogger(__name__)

SIGNALS_AT_ONCE = 16
SIGNAL_TIMEOUT = timedelta(seconds=5)
PARKED_FOR = timedelta(hours=1)
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0


class Outage:
    """What the relay says while PostgreSQL or Temporal is away: once when it goes, once when it is back."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._pause_s = 0.0

    async def pause(self, error: BaseException) -> None:
        """Wait before the next attempt, longer each time."""
        if not self._pause_s:
            logger.warning("%s is away: %r", self._what, error)
        self._pause_s = min(max(self._pause_s * 2, FIRST_PAUSE_S), LONGEST_PAUSE_S)
        await asyncio.sleep(self._pause_s)

    def over(self) -> None:
        if self._pause_s:
            logger.warning("%s is back", self._what)
        self._pause_s = 0.0


class Relay:
    """Leases events, signals their jobs, and forgets them after the acknowledgement: at least once, in any order."""

    def __init__(
        self, config: WorkerConfig, database: AsyncEngine, client: Client, *, now: Callable[[], datetime]
    ) -> None:
        self._config = config
        self._database = database
        self._client = client
        self._now = now
        self._woken = asyncio.Event()
        self._reanalyses = Starter(database, client, every_s=config.relay_poll_s)

    def wake(self) -> None:
        """There may be new events: look at once."""
        self._woken.set()

    async def run(self) -> None:
        """Relay until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._relay())

    async def _relay(self) -> None:
        outage = Outage("The outbox, or Temporal behind the relay,")
        while True:
            self._woken.clear()
            try:
                taken = await self.relay_batch()
                await self._reanalyses.look()
            except Exception as error:
                if not failures.heals(error):
                    logger.exception("The relay met a defect")
                await outage.pause(error)
                continue
            outage.over()
            if taken < self._config.relay_batch:
                await self._rest()

    async def _rest(self) -> None:
        """Wait for a ring, or for the next poll. In Python 3.11 wait_for swallows a cancel that meets a ring."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._config.relay_poll_s):
                await self._woken.wait()

    async def relay_batch(self) -> int:
        """Bring one batch on its way; returns how many events it held. What does not arrive is free again at once."""
        events = await self._lease()
        targets, unroutable = sort_out(events)
        if unroutable:
            await self._park(unroutable)
        try:
            await self._deliver(targets)
        except BaseException:
            # Also when cancelled: whoever relays next shall not have to wait for the lease to end.
            await self._release([event_id for ids in targets.values() for event_id in ids])
            raise
        return len(events)

    async def _deliver(self, targets: Mapping[Target, Sequence[int]]) -> None:
        """Signal every target and settle what arrived; raises the first refusal."""
        signals = asyncio.Semaphore(SIGNALS_AT_ONCE)
        errors = await asyncio.gather(*(self._signal(target, signals) for target in targets))
        arrived = [ids for ids, error in zip(targets.values(), errors, strict=True) if error is None]
        await self._settle([event_id for ids in arrived for event_id in ids])
        for error in errors:
            if error is not None:
                raise error

    async def _signal(self, target: Target, signals: asyncio.Semaphore) -> RPCError | None:
        async with signals:
            try:
                await self._client.start_workflow(
                    target.workflow,
                    target.argument,
                    id=target.workflow_id,
                    task_queue=target.queue,
                    start_signal=target.signal,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    priority=Priority(priority_key=target.priority, fairness_key=str(target.argument.athlete_id)),
                    rpc_timeout=SIGNAL_TIMEOUT,
                )
            except RPCError as error:
                return error
        return None

    async def _lease(self) -> list[Event]:
        async with db.direct(self._database, transaction=False) as session:
            return await outbox.lease(
                session, now=self._now(), lease_s=self._config.relay_lease_s, limit=self._config.relay_batch
            )

    async def _settle(self, ids: Sequence[int]) -> None:
        if ids:
            async with db.direct(self._database, transaction=False) as session:
                await outbox.settle(session, ids)

    async def _release(self, ids: Sequence[int]) -> None:
        async with db.direct(self._database, transaction=False) as session:
            await outbox.defer(session, ids, until=None)

    async def _park(self, events: Sequence[Event]) -> None:
        """Put aside what no route takes: a later version of this code may know it."""
        for event in events:
            logger.error("No route takes event %s: topic %s, payload %s", event.id, event.topic, event.payload)
        async with db.direct(self._database, transaction=False) as session:
            await outbox.defer(session, [event.id for event in events], until=self._now() + PARKED_FOR)

    async def _listen(self) -> None:
        """Hear the doorbell on a connection of its own; the poll makes up for what is missed while it is broken."""
        outage = Outage("The doorbell")
        while True:
            try:
                await outbox.hear(self._config.database, self.wake, connected=outage.over)
            except Exception as error:
                await outage.pause(error)


def sort_out(events: Sequence[Event]) -> tuple[dict[Target, list[int]], list[Event]]:
    """The events' ids by target, the most urgent first and each job once; and the events that have no target."""
    by_job: dict[str, list[tuple[Target, int]]] = defaultdict(list)
    unroutable: list[Event] = []
    for event in events:
        if target := routes.target(event):
            by_job[target.workflow_id].append((target, event.id))
        else:
            unroutable.append(event)
    targets = {min((t for t, _ in job), key=_priority): [event_id for _, event_id in job] for job in by_job.values()}
    return dict(sorted(targets.items(), key=lambda item: item[0].priority)), unroutable


def _priority(target: Target) -> int:
    return target.priority
