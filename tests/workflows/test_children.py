"""The process that works on a file: polite, told its secrets in private, replaced when it dies, never left behind."""

import asyncio
import os
import socket
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from models import ids
from models.db import DatabaseConfig
from models.domain.errors import StepFailed
from models.domain.imports import ImportStep
from models.services.import_jobs import Job
from tests.workflows.stage import eventually
from workflows import children
from workflows.bulk import Order
from workflows.children import StepHeals


@pytest.fixture
def silent_database() -> Iterator[DatabaseConfig]:
    """A database that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"postgresql://someone:a-secret@127.0.0.1:{server.getsockname()[1]}/nothing"
        yield DatabaseConfig(dsn=address, connect_timeout_s=30)


def an_order(database: DatabaseConfig) -> Order:
    job = Job(import_id=ids.new(), run_id=ids.new(), step=ImportStep.READ)
    return children.order(database, ids.new(), job)


@asynccontextmanager
async def a_process(order: Order) -> AsyncGenerator[asyncio.subprocess.Process]:
    """The process at work on the order, waiting for its database."""
    process = await asyncio.create_subprocess_exec(*children.command("workflows.bulk"), stdin=asyncio.subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(msgspec.json.encode(order) + b"\n")
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def shown(pid: int) -> bytes:
    """What others on the machine can see of a process."""
    return b"".join((Path(f"/proc/{pid}") / name).read_bytes() for name in ("cmdline", "environ"))


async def test_a_process_steps_back_behind_live_work_and_shows_no_secret(silent_database: DatabaseConfig) -> None:
    async with a_process(an_order(silent_database)) as process:

        async def is_nice() -> bool:
            own = os.getpriority(os.PRIO_PROCESS, 0)
            return os.getpriority(os.PRIO_PROCESS, process.pid) == min(own + children.NICENESS, 19)

        await eventually(is_nice)
        assert b"a-secret" not in shown(process.pid)


async def test_a_process_dies_when_nobody_is_there_any_more(silent_database: DatabaseConfig) -> None:
    async with a_process(an_order(silent_database)) as process:
        await asyncio.sleep(1)
        assert process.returncode is None
        assert process.stdin is not None
        process.stdin.close()
        async with asyncio.timeout(5):
            assert await process.wait() == 1


async def test_a_cancelled_step_ends_its_process(silent_database: DatabaseConfig) -> None:
    working = asyncio.create_task(children.run(an_order(silent_database)))
    await asyncio.sleep(1)
    started = time.monotonic()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert time.monotonic() - started < 2


async def test_a_database_that_is_away_heals() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(StepHeals):
        await children.run(an_order(DatabaseConfig(dsn=f"postgresql://someone:else@127.0.0.1:{port}/nothing")))


async def test_a_process_that_dies_is_replaced_a_few_times(
    silent_database: DatabaseConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "PAUSE_S", 0)
    orphan = structs.replace(an_order(silent_database), parent_pid=1)
    with pytest.raises(StepFailed, match="memory and time"):
        await children.run(orphan)
