"""The worker process: ready, serving what it is told to, and gone within seconds."""

import asyncio
import time
from contextlib import suppress

from msgspec import structs

from tests.workflows.stage import Stage, steps
from workflows import build, worker
from workflows.steps import STEPS


async def test_a_worker_says_when_it_is_ready_and_stops_in_order(stage: Stage) -> None:
    ready = asyncio.Event()
    task = asyncio.create_task(worker.run(stage.config, ready=ready.set, steps=steps()))
    await asyncio.wait_for(ready.wait(), 10)
    started = time.monotonic()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert time.monotonic() - started < 3
    assert task.cancelled()


async def test_workers_may_share_the_queues_among_them(stage: Stage) -> None:
    athlete = await stage.athlete()
    async with (
        stage.working(config=structs.replace(stage.config, queues=("core",))),
        stage.working(config=structs.replace(stage.config, queues=("cpu",))),
        stage.working(config=structs.replace(stage.config, queues=("llm",))),
    ):
        await stage.analysed(athlete, await stage.record(athlete))
        await stage.ended(athlete, 1, "summary")


def test_a_build_names_its_revision_its_libraries_and_the_code_of_its_steps() -> None:
    found = build.this_build(None, STEPS)
    assert set(found.codes) == {f"{step.name}@{step.version}" for step in STEPS}
    assert found.code("progress", 3) != found.code("athlete", 1) != found.code("progress", 99)
    assert found.git_revision
    assert len(found.lock_digest) == 64
    assert build.this_build("abc") == build.Build(git_revision="abc", lock_digest=found.lock_digest)
