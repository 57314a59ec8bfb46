"""A process for one chunk of a reanalysis: `python -m workflows.chunk_process`, told what to do by a line on stdin.

As polite, bounded and short-lived as that of an import's step; a line of JSON on stdout says what became of the chunk.
"""

import asyncio
import importlib
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from models import db
from models.db import DatabaseConfig
from workflows import bulk, outages
from workflows.build import Build
from workflows.bulk import OUT_OF_MEMORY, Result

MEMORY_BYTES = 2 * 1024**3
# One thread computes, whatever the libraries would like; they ask when they are loaded.
ONE_THREAD = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class ChunkOrder(Struct, frozen=True, kw_only=True):
    """What to do, and who waits for it. `steps` is the module whose STEPS are the known ones."""

    database: DatabaseConfig
    build: Build
    run_id: UUID
    position: int
    parent_pid: int
    steps: str = "workflows.steps"
    memory_bytes: int = MEMORY_BYTES


def main() -> None:
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=ChunkOrder)
    bulk.behave(order.parent_pid, order.memory_bytes)
    for name in ONE_THREAD:
        os.putenv(name, "1")
    try:
        result = asyncio.run(_done(order))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")


async def _done(order: ChunkOrder) -> Result:
    chunks, steps = importlib.import_module("workflows.chunks"), importlib.import_module(order.steps).STEPS
    database = db.engine(order.database)
    desk = chunks.Desk(database=database, steps=steps, build=order.build, now=lambda: datetime.now(UTC))
    try:
        await chunks.work(desk, order.run_id, order.position)
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


if __name__ == "__main__":
    main()
