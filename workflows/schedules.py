"""The schedules, made again whenever they are missing: losing Temporal's whole store must heal by itself."""

import asyncio
import logging
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
)
from temporalio.service import RPCError

from workflows.config import WorkerConfig
from workflows.contracts import CORE

logger = logging.getLogger(__name__)


def schedules(config: WorkerConfig) -> dict[str, Schedule]:
    """What happens regularly, by schedule id."""
    return {
        "sweep": _every(config.sweep_every_s, "Sweep"),
        "midnight": _every(config.midnight_every_s, "Midnight"),
    }


async def keep(client: Client, config: WorkerConfig) -> None:
    """Bring the schedules to this configuration, then make them again whenever they are gone. Runs until cancelled."""
    current = False
    while True:
        try:
            await ensure(client, config, update=not current)
            current = True
        except RPCError as error:
            logger.info("The schedules could not be checked: %s", error)
        await asyncio.sleep(config.sweep_every_s)


async def ensure(client: Client, config: WorkerConfig, *, update: bool) -> None:
    """Create the schedules that are missing; with `update`, bring those that exist to this configuration."""
    for name, schedule in schedules(config).items():
        try:
            await client.create_schedule(name, schedule)
        except ScheduleAlreadyRunningError:
            if update:
                await client.get_schedule_handle(name).update(lambda _, wanted=schedule: ScheduleUpdate(wanted))


def _every(seconds: float, workflow: str) -> Schedule:
    """Skips a turn that finds the last one still running, and turns missed while Temporal was away."""
    return Schedule(
        action=ScheduleActionStartWorkflow(workflow, id=f"scheduled/{workflow.lower()}", task_queue=CORE),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=timedelta(seconds=seconds))]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(seconds=10)),
    )
