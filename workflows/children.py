"""Running heavy work, an import's step or a chunk of a reanalysis, in a process of its own while somebody wants it."""

import asyncio
import os
import sys
from contextlib import suppress
from uuid import UUID

import msgspec
from msgspec import structs

from models.db import DatabaseConfig
from models.domain.errors import StepFailed
from models.services.import_jobs import Job
from workflows.build import Build
from workflows.bulk import Order, Result
from workflows.chunk_process import ChunkOrder

# Whatever else is to be done goes first.
NICENESS = 10
DEATHS = 3
PAUSE_S = 1.0
CONNECTIONS, STATEMENT_S = 1, 300.0
DIED = "The file could not be worked through within the memory and time that an import may take."
CHUNK_DIED = "It could not be computed within the memory and time that a chunk may take."


class StepHeals(OSError):
    """The database failed the step; it will be back."""


async def run(order: Order | ChunkOrder) -> None:
    """Do the order; a process that dies is replaced a few times. Raises StepFailed, or StepHeals to be tried later."""
    is_import = isinstance(order, Order)
    for attempt in range(DEATHS):
        if attempt:
            await asyncio.sleep(PAUSE_S)
        result = await _attempt(order)
        if result is not None:
            return _judge(result, "import" if is_import else "reanalysis")
    raise StepFailed(DIED if is_import else CHUNK_DIED)


def order(database: DatabaseConfig, athlete_id: UUID, job: Job) -> Order:
    """An order that this process gives."""
    return Order(database=_patient(database), athlete_id=athlete_id, job=job, parent_pid=os.getpid())


def chunk_order(database: DatabaseConfig, build: Build, run_id: UUID, position: int) -> ChunkOrder:
    """An order for a chunk that this process gives."""
    return ChunkOrder(
        database=_patient(database), build=build, run_id=run_id, position=position, parent_pid=os.getpid()
    )


def command(module: str) -> tuple[str, ...]:
    """How a process of that module is started: polite from its first instruction on, for loading takes it a second."""
    return ("nice", "-n", str(NICENESS), sys.executable, "-m", module)


def _patient(database: DatabaseConfig) -> DatabaseConfig:
    return structs.replace(database, pool_size=CONNECTIONS, command_timeout_s=STATEMENT_S)


def _judge(result: Result, what: str) -> None:
    if result.failure is None:
        return
    if result.heals:
        raise StepHeals(result.failure)
    raise StepFailed(f"The {what} stopped at a {result.failure}.")


async def _attempt(order: Order | ChunkOrder) -> Result | None:
    """What the process told; None if it died. Cancelled, it is killed."""
    process = await asyncio.create_subprocess_exec(
        *command(type(order).__module__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if process.stdin is None or process.stdout is None:
            raise LookupError("A process without its pipes.")
        # The secrets of the order go no other way: arguments and the environment can be seen by others.
        process.stdin.write(msgspec.json.encode(order) + b"\n")
        with suppress(ConnectionError):
            await process.stdin.drain()
        told = await process.stdout.read()
        await process.wait()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return msgspec.json.decode(told, type=Result) if process.returncode == 0 and told else None
