"""A process for the heavy work of one import's step: `python -m workflows.bulk`, told what to do by a line on stdin.

It is polite (started niced), bounded (memory and processor time), the first to be sacrificed when memory runs out, and
never outlives who started it. What became of the step is one line of JSON on stdout; without it, the process died.
"""

import asyncio
import ctypes
import os
import resource
import signal
import sys
import tempfile
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from models import db, outbox, readers
from models.db import DatabaseConfig
from models.domain.errors import Invalid
from models.domain.imports import ImportStep
from models.queries import imports as queries
from models.queries.visibility import VisibleAthlete, system
from models.readers.parsed import ParsedLog
from models.services import import_changes, import_jobs, import_publishing, import_staging
from models.services.import_jobs import Job
from models.services.runs import Problem
from workflows import outages

MEMORY_BYTES = 1024**3
PROCESSOR_S = 600
OUT_OF_MEMORY = 70
PR_SET_PDEATHSIG = 1


class Order(Struct, frozen=True, kw_only=True):
    """What to do, and who waits for it."""

    database: DatabaseConfig
    athlete_id: UUID
    job: Job
    parent_pid: int
    memory_bytes: int = MEMORY_BYTES


class Result(Struct, frozen=True, kw_only=True):
    """`failure` is null when the step is done; one that `heals` is worth another attempt."""

    failure: str | None = None
    heals: bool = False


def main() -> None:
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    behave(order.parent_pid, order.memory_bytes)
    try:
        result = asyncio.run(_done(order))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")


async def work(database: AsyncEngine, athlete: VisibleAthlete, job: Job) -> None:
    """Do a step, or refuse what breaks a rule. What was done already, by this attempt's predecessor, is left alone."""
    try:
        await _step(database, athlete, job)
    except Invalid as error:
        await _refuse(database, athlete, job, error)


async def _step(database: AsyncEngine, athlete: VisibleAthlete, job: Job) -> None:
    if job.step is ImportStep.READ:
        await _read(database, athlete, job)
        return
    function = {
        ImportStep.PUBLISH: import_publishing.publish,
        ImportStep.CORRECT_UNIT: import_changes.correct_unit,
        ImportStep.UNDO: import_changes.undo,
    }[job.step]
    async with db.direct(database, transaction=True) as session:
        await function(session, job, athlete=athlete, now=datetime.now(UTC))


async def _done(order: Order) -> Result:
    database = db.engine(order.database)
    try:
        await work(database, system(order.athlete_id), order.job)
        async with db.direct(database, transaction=False) as session:
            await outbox.ring(session)
    except MemoryError:
        raise
    except Exception as error:
        if not (heals := outages.heals(error)):
            sys.excepthook(type(error), error, error.__traceback__)
        return Result(failure=type(error).__name__, heals=heals)
    finally:
        with suppress(Exception):
            await database.dispose()
    return Result()


async def _read(database: AsyncEngine, athlete: VisibleAthlete, job: Job) -> None:
    with tempfile.TemporaryFile() as file:
        log = await _log(database, athlete, job, cast(BinaryIO, file))
    async with db.direct(database, transaction=True) as session:
        await import_staging.stage(session, log, job, athlete=athlete, now=datetime.now(UTC))


async def _log(database: AsyncEngine, athlete: VisibleAthlete, job: Job, file: BinaryIO) -> ParsedLog:
    async with db.direct(database, transaction=False) as session:
        terms = await queries.terms(session, athlete, job.import_id)
        async for part in queries.parts(session, athlete, job.import_id):
            file.write(part)
    return readers.read(file, time_zone=terms.time_zone, unit=terms.unit_given)


async def _refuse(database: AsyncEngine, athlete: VisibleAthlete, job: Job, error: Invalid) -> None:
    detail = " ".join(fault.message for fault in error.faults)
    problem = Problem(type="import-refused", title="The file cannot be imported", detail=detail)
    async with db.direct(database, transaction=True) as session:
        now = datetime.now(UTC)
        await import_jobs.fail(session, athlete, job.import_id, job.run_id, problem, now=now)


def behave(parent_pid: int, memory_bytes: int) -> None:
    """Keep the bounds, and die with the parent."""
    _limit(resource.RLIMIT_AS, memory_bytes)
    _limit(resource.RLIMIT_CPU, PROCESSOR_S)
    _limit(resource.RLIMIT_CORE, 0)
    threading.Thread(target=_die_with_stdin, daemon=True).start()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")
    if os.getppid() != parent_pid:
        os._exit(1)


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _die_with_stdin() -> None:
    """The parent never writes again: the end of the stream is its end."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    main()
