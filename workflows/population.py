"""Reanalyses of many athletes: their job is started, and its activities: cutting, the next chunks, one, a bad end."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.common import Priority, WorkflowIDConflictPolicy

from models import db
from models.db import DatabaseConfig
from models.queries import population as queries
from models.services import population
from models.services.runs import Problem
from workflows import children, chunks
from workflows.activities import Workshop
from workflows.contracts import (
    CORE,
    REANALYSED,
    ChunksDue,
    FailReanalysis,
    Nothing,
    PopulationRun,
    ReanalyseChunk,
)
from workflows.heartbeats import heartbeats

# So many chunks wait on the queue at a time, for as many workers as there are.
AT_ONCE = 8
START_TIMEOUT = timedelta(seconds=5)
LOOK_S = 1.0


class Starter:
    """Starts the jobs of reanalyses that were asked for, each once; should it get lost, the sweep starts it again."""

    def __init__(self, database: AsyncEngine, client: Client, *, every_s: float) -> None:
        self._database, self._client = database, client
        self._every_s, self._looked_at = every_s, -every_s
        self._started: set[UUID] = set()

    async def look(self) -> None:
        """Start what is queued, unless the last look was a moment ago."""
        if time.monotonic() - self._looked_at < self._every_s:
            return
        self._looked_at = time.monotonic()
        async with db.direct(self._database, transaction=False) as session:
            queued = await queries.open_runs(session, queued_only=True)
        self._started.intersection_update(queued)
        for run_id in queued:
            if run_id not in self._started:
                await _start(self._client, run_id)
                self._started.add(run_id)


async def start_open(database: AsyncEngine, client: Client) -> None:
    """Start the job of every reanalysis that has not ended, unless it is at work."""
    async with db.direct(database, transaction=False) as session:
        for run_id in await queries.open_runs(session, queued_only=False):
            await _start(client, run_id)


async def cut_reanalysis(workshop: Workshop, task: PopulationRun) -> Nothing:
    """Cut a queued reanalysis into chunks. While this worker lacks one of its steps it waits for one that has them."""
    async with heartbeats():
        async with db.direct(workshop.database, transaction=False) as session:
            spans = await population.cut(session, task.run_id)
            if spans:
                await chunks.planned(session, workshop.steps, task.run_id)
        async with db.direct(workshop.database, transaction=True) as session:
            await population.start(session, task.run_id, spans, now=workshop.now())
    return Nothing()


async def begin_chunks(workshop: Workshop, task: PopulationRun) -> ChunksDue:
    async with db.direct(workshop.database, transaction=True) as session:
        positions = await population.due(session, task.run_id, limit=AT_ONCE, now=workshop.now())
    return ChunksDue(positions=tuple(positions))


def runner(database: DatabaseConfig) -> Callable[[Workshop, ReanalyseChunk], Awaitable[Nothing]]:
    """Doing a chunk: heavy work, so it is done in another process, which is killed when nobody wants it any more."""

    async def reanalyse_chunk(workshop: Workshop, task: ReanalyseChunk) -> Nothing:
        order = children.chunk_order(database, workshop.build, task.run_id, task.position)
        async with heartbeats():
            await _while_wanted(workshop, task.run_id, children.run(order))
        return Nothing()

    return reanalyse_chunk


async def fail_reanalysis(workshop: Workshop, task: FailReanalysis) -> Nothing:
    problem, now = msgspec.convert(task.problem, Problem, from_attributes=True), workshop.now()
    async with db.direct(workshop.database, transaction=True) as session:
        if task.position is None:
            await population.fail(session, task.run_id, problem, now=now)
        else:
            await population.give_up_chunk(session, task.run_id, task.position, problem, now=now)
    return Nothing()


async def _while_wanted(workshop: Workshop, run_id: UUID, work: Coroutine[Any, Any, None]) -> None:
    working = asyncio.create_task(work)
    try:
        while not working.done():
            await asyncio.wait([working], timeout=LOOK_S)
            async with db.direct(workshop.database, transaction=False) as session:
                if not await queries.wanted(session, run_id):
                    break
        else:
            await working
    finally:
        working.cancel()
        await asyncio.wait([working])


async def _start(client: Client, run_id: UUID) -> None:
    await client.start_workflow(
        "Reanalysis",
        PopulationRun(run_id=run_id),
        id=population.workflow_id(run_id),
        task_queue=CORE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        priority=Priority(priority_key=REANALYSED, fairness_key=str(run_id)),
        rpc_timeout=START_TIMEOUT,
    )
