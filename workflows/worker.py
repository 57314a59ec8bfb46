"""The worker process: the queues it serves, the relay, the schedules, and their orderly end."""

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import uvloop
from temporalio.client import Client
from temporalio.common import WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from models import db
from workflows import activities, build, client, contracts, housekeeping, imports, population, schedules
from workflows.activities import Workshop, implementation
from workflows.config import WorkerConfig
from workflows.contracts import BULK, CORE, CPU, LLM, Contract
from workflows.definitions.athlete_analysis import AthleteAnalysis
from workflows.definitions.importing import Import
from workflows.definitions.reanalysis import Reanalysis
from workflows.definitions.summary import Summary
from workflows.definitions.sweep import Midnight, Sweep
from workflows.heartbeats import HEARTBEAT_S
from workflows.relay import Relay
from workflows.sandbox import RUNNER
from workflows.steps import Step, steps_for

logger = logging.getLogger(__name__)

DEFINITIONS = {CORE: (AthleteAnalysis, Import, Reanalysis, Sweep, Midnight), CPU: (), LLM: (Summary,), BULK: ()}
RESTART_S = 1.0
# A step loads and saves for most of its time; only its computing holds a thread.
SLOTS_PER_THREAD = 4


async def run(
    config: WorkerConfig, *, ready: Callable[[], None] | None = None, steps: Sequence[Step] | None = None
) -> None:
    """Serve until cancelled; survives restarts of PostgreSQL and Temporal. `ready` is called once all is listening."""
    temporal = await client.connect(config)
    async with AsyncExitStack() as stack:
        database = db.engine(config.database)
        stack.push_async_callback(database.dispose)
        relay = Relay(config, database, temporal, now=_now)
        chosen = steps_for(config.writer) if steps is None else tuple(steps)
        made = await asyncio.to_thread(build.this_build, config.git_revision, chosen)

        def workshop(threads: int) -> Workshop:
            pool = stack.enter_context(ThreadPoolExecutor(threads, thread_name_prefix="step"))
            return Workshop(database=database, steps=chosen, pool=pool, build=made, now=_now, wake_relay=relay.wake)

        async with asyncio.TaskGroup() as group:
            for queue in config.queues:
                shop = workshop(config.llm_threads if queue == LLM else config.cpu_threads)
                group.create_task(_serve(temporal, config, queue, shop))
            if CORE in config.queues:
                group.create_task(relay.run())
                group.create_task(schedules.keep(temporal, config))
            if ready is not None:
                ready()


def main(config: WorkerConfig, *, ready: Callable[[], None] | None = None) -> None:
    """The worker as a process of its own: ends in order on SIGINT and SIGTERM."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until_signalled(config, ready))


async def _until_signalled(config: WorkerConfig, ready: Callable[[], None] | None) -> None:
    task = asyncio.create_task(run(config, ready=ready))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


async def _serve(temporal: Client, config: WorkerConfig, queue: str, workshop: Workshop) -> None:
    """Serve one queue; a worker that Temporal broke is replaced by a new one."""
    while True:
        worker = _worker(temporal, config, queue, workshop)
        serving = asyncio.create_task(worker.run())
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            await worker.shutdown()
            with suppress(Exception):
                await serving
            raise
        except Exception:
            logger.exception("The worker of queue %s broke; starting another one", queue)
        await asyncio.sleep(RESTART_S)


def _worker(temporal: Client, config: WorkerConfig, queue: str, workshop: Workshop) -> Worker:
    return Worker(
        temporal,
        task_queue=queue,
        workflows=DEFINITIONS[queue],
        activities=_activities(temporal, config, queue, workshop),
        workflow_runner=RUNNER,
        # A defect ends its job, and the sweep begins it anew; otherwise it would be tried in silence for ever.
        workflow_failure_exception_types=[Exception],
        max_concurrent_activities=_slots(config, queue),
        max_task_queue_activities_per_second=config.llm_calls_per_second if queue == LLM else None,
        max_heartbeat_throttle_interval=timedelta(seconds=HEARTBEAT_S),
        # For so long a workflow waits for the worker that knows it, should that one have been killed.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=3),
        graceful_shutdown_timeout=timedelta(seconds=config.shutdown_s),
        # Without it the SDK names the build by hashing every module that is loaded, which takes two seconds.
        deployment_config=WorkerDeploymentConfig(
            version=WorkerDeploymentVersion("loadstone", workshop.build.git_revision), use_worker_versioning=False
        ),
    )


def _slots(config: WorkerConfig, queue: str) -> int | None:
    if queue == BULK:
        return config.bulk_processes
    return {CORE: None, CPU: SLOTS_PER_THREAD * config.cpu_threads, LLM: SLOTS_PER_THREAD * config.llm_threads}[queue]


def _activities(temporal: Client, config: WorkerConfig, queue: str, workshop: Workshop) -> list[Callable[..., Any]]:
    """What a queue's worker does: steps or files, and beside the definitions their own bookkeeping."""
    if queue == BULK:
        return [
            implementation(contracts.run_import, imports.runner(config.database), workshop),
            implementation(contracts.reanalyse_chunk, population.runner(config.database), workshop),
        ]
    served: list[tuple[Contract[Any, Any], Any]] = [(contracts.run_step, activities.run_step)]
    if queue == CORE:
        sweep = housekeeping.sweeper(temporal, after_s=config.sweep_after_s)
        served += [
            (contracts.begin_analysis, activities.begin_analysis),
            (contracts.begin_import, imports.begin_import),
            (contracts.fail_import, imports.fail_import),
            (contracts.cut_reanalysis, population.cut_reanalysis),
            (contracts.begin_chunks, population.begin_chunks),
            (contracts.fail_reanalysis, population.fail_reanalysis),
            (contracts.sweep, sweep),
            (contracts.roll_days, housekeeping.roll_days),
        ]
    if queue == LLM:
        served += [(contracts.begin_summary, activities.begin_summary)]
    if DEFINITIONS[queue]:
        served += [(contracts.finish_run, activities.finish_run)]
    return [implementation(contract, function, workshop) for contract, function in served]


def _now() -> datetime:
    return datetime.now(UTC)
