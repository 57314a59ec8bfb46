"""The activities behind the contracts. Each may run twice: every write is an upsert or a compare-and-set."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity
from temporalio.common import RawValue

from models import db
from models.domain.errors import StepFailed
from models.queries.visibility import VisibleAthlete, system
from models.services import pipelines, runs, step_runs
from models.services.pipelines import PipelineStep
from models.services.step_runs import StepResult, StepStart
from workflows import codec, contracts, failures
from workflows.build import Build
from workflows.contracts import (
    Athlete,
    Begun,
    Contract,
    FinishRun,
    NextStep,
    Nothing,
    Plan,
    PlannedStep,
    RunStep,
    StepRan,
    SummaryOf,
)
from workflows.heartbeats import heartbeats
from workflows.steps import runner
from workflows.steps.runner import Output
from workflows.steps.step import Inputs, Step

logger = logging.getLogger(__name__)

# Attempts are counted once the database is there: after so many a step does without what it waits for ...
PATIENT_ATTEMPTS = 8
# ... and after so many it is the step itself that kills its worker.
MAX_ATTEMPTS = 20


class Made(Struct, frozen=True, kw_only=True):
    """What a step read and made. `fallback`: without what it waits for; `reused`: taken over from that run of it.

    `loaded` are the inputs as the loader gave them, for the steps that follow on the same.
    """

    inputs: Inputs
    loaded: Inputs
    output: Output
    fallback: bool = False
    reused: UUID | None = None


class Workshop(Struct, frozen=True, kw_only=True):
    """What activities work with. `wake_relay` spares a new event the wait for the relay's next poll."""

    database: AsyncEngine
    steps: tuple[Step, ...]
    pool: ThreadPoolExecutor
    build: Build
    now: Callable[[], datetime]
    wake_relay: Callable[[], None]


def implementation(
    contract: Contract[Any, Any], function: Callable[[Workshop, Any], Awaitable[Struct]], workshop: Workshop
) -> Callable[..., Coroutine[Any, Any, Struct]]:
    """The function as the contract's activity. Undecodable input and failures that never heal end the retries."""

    @activity.defn(name=contract.name)
    async def run(raw: RawValue) -> Any:
        argument: Any = codec.decode(raw.payload, contract.input)
        try:
            return await function(workshop, argument)
        except Exception as error:
            if failures.heals(error) or isinstance(error, failures.ApplicationError):
                raise
            logger.exception("%s cannot succeed", contract.name)
            raise failures.final(failures.problem(error, contract.name)) from error

    return run


async def begin_analysis(workshop: Workshop, task: Athlete) -> Begun:
    athlete = system(task.athlete_id)
    async with db.direct(workshop.database, transaction=True) as session:
        begun = await runs.begin_analysis(session, athlete, now=workshop.now())
    return Begun(plan=_plan(workshop, athlete, begun))


async def begin_summary(workshop: Workshop, task: SummaryOf) -> Begun:
    athlete = system(task.athlete_id)
    async with db.direct(workshop.database, transaction=True) as session:
        begun = await runs.begin_summary(session, athlete, period=task.period, now=workshop.now())
    return Begun(plan=_plan(workshop, athlete, begun))


async def finish_run(workshop: Workshop, task: FinishRun) -> Nothing:
    problem = None if task.problem is None else msgspec.convert(task.problem, runs.Problem, from_attributes=True)
    async with db.direct(workshop.database, transaction=True) as session:
        await runs.finish(
            session,
            system(task.athlete_id),
            run_id=task.run_id,
            pipeline=task.pipeline,
            now=workshop.now(),
            problem=problem,
        )
    workshop.wake_relay()
    return Nothing()


async def run_step(workshop: Workshop, task: RunStep) -> StepRan:
    """Load, compute, save, for one step after the other: the documents are visible as soon as their step has ended.

    On disk they are when the last step is: its commit takes those before it along. Should the server lose them before,
    the whole task is tried again.
    """
    ran, inputs = StepRan(goes_on=True), None
    steps = each_step(task)
    async with heartbeats():
        for one in steps:
            ran, inputs = await _run_one(workshop, one, inputs, is_last=one is steps[-1])
            if not ran.goes_on:
                break
    return ran


def each_step(task: RunStep) -> tuple[RunStep, ...]:
    """The task's own step, and those that follow it on the same inputs."""
    own = structs.replace(task, then=())
    following = (
        structs.replace(own, step=then.step, version=then.version, position=then.position) for then in task.then
    )
    return (own, *following)


async def _run_one(
    workshop: Workshop, task: RunStep, loaded: Inputs | None, *, is_last: bool
) -> tuple[StepRan, Inputs | None]:
    step = runner.find(workshop.steps, task.step, task.version)
    athlete = system(task.athlete_id)
    begun = await _begin_step(workshop, step, athlete, task)
    if begun is None:
        async with db.direct(workshop.database, transaction=False) as session:
            return StepRan(goes_on=await step_runs.goes_on(session, athlete, run_id=task.run_id)), loaded
    try:
        made = await _compute(workshop, step, athlete, task, loaded, attempts=begun.attempts)
    except Exception as error:
        if failures.heals(error):
            raise
        logger.exception("step %s@%s cannot succeed for %s", step.name, step.version, athlete.athlete_id)
        raise await _fail_step(workshop, athlete, task, begun.id, error) from error
    ran = await _finish_step(workshop, athlete, task, begun.id, made, durable=is_last)
    if loaded is None and ran.goes_on:
        await _keep(workshop, athlete, made.loaded)
    return ran, made.loaded


async def _keep(workshop: Workshop, athlete: VisibleAthlete, inputs: Inputs) -> None:
    """Spare the next load some work; the results are saved already, and nothing depends on it."""
    if inputs.keep is None:
        return
    try:
        async with db.direct(workshop.database, transaction=True, durable=False) as session:
            await inputs.keep(session, athlete, workshop.now())
    except Exception:
        logger.warning("What the next analysis of %s could build on is not kept", athlete.athlete_id, exc_info=True)


def _plan(workshop: Workshop, athlete: VisibleAthlete, begun: runs.Begun | None) -> Plan | None:
    if begun is None:
        return None
    return Plan(
        athlete_id=athlete.athlete_id,
        run_id=begun.run_id,
        data_version=begun.data_version,
        as_of=begun.as_of,
        pipeline=pipelines.signature(begun.steps),
        steps=planned(workshop.steps, begun.steps),
    )


def planned(known: Sequence[Step], pipeline: Sequence[PipelineStep]) -> tuple[PlannedStep, ...]:
    """The pipeline's steps in order, neighbours with the same inputs in one; an unknown step fails when it is run."""
    steps = {(step.name, step.version): step for step in known}
    plan: list[PlannedStep] = []
    before: Step | None = None
    for position, active in enumerate(pipeline):
        step = steps.get((active.name, active.version))
        if plan and step is not None and before is not None and step.joins(before):
            following = NextStep(step=active.name, version=active.version, position=position)
            plan[-1] = structs.replace(plan[-1], then=(*plan[-1].then, following))
        else:
            queue = contracts.CPU if step is None else step.queue
            plan.append(PlannedStep(name=active.name, version=active.version, queue=queue, position=position))
        before = step
    return tuple(plan)


async def _begin_step(
    workshop: Workshop, step: Step, athlete: VisibleAthlete, task: RunStep
) -> step_runs.StepBegun | None:
    start = StepStart(
        run_id=task.run_id,
        position=task.position,
        step=step.name,
        version=step.version,
        data_version=task.data_version,
        as_of=task.as_of,
        params=runner.params(step),
        git_revision=workshop.build.git_revision,
        lock_digest=workshop.build.lock_digest,
    )
    async with db.direct(workshop.database, transaction=False) as session:
        return await step_runs.begin_step(session, athlete, start, now=workshop.now())


async def _compute(
    workshop: Workshop, step: Step, athlete: VisibleAthlete, task: RunStep, loaded: Inputs | None, *, attempts: int
) -> Made:
    if attempts > MAX_ATTEMPTS:
        raise StepFailed(f"The step was tried {MAX_ATTEMPTS} times and never came to an end.")
    known = None
    if loaded is None:
        async with db.direct(workshop.database, transaction=True) as session:
            loaded = await step.load(session, athlete, task.as_of)
            known = await runner.cached(session, step, athlete, loaded) if step.cached else None
    inputs = runner.decided(step, loaded)
    if known is not None:
        return Made(inputs=inputs, loaded=loaded, output=known.output, reused=known.step_run_id)
    fallback = step.fallback if attempts > PATIENT_ATTEMPTS else None
    chosen = step if fallback is None else structs.replace(step, function=fallback)
    output = await asyncio.get_running_loop().run_in_executor(workshop.pool, runner.compute, chosen, inputs)
    return Made(inputs=inputs, loaded=loaded, output=output, fallback=fallback is not None)


async def _finish_step(
    workshop: Workshop, athlete: VisibleAthlete, task: RunStep, step_run_id: UUID, made: Made, *, durable: bool
) -> StepRan:
    output = made.output
    result = StepResult(
        data_version=made.inputs.data_version,
        inputs=runner.lineage(
            made.inputs, fallback=made.fallback, reused=made.reused, code=workshop.build.code(task.step, task.version)
        ),
        output_digest=output.output_digest,
        digests=output.digests,
        documents=output.documents,
    )
    async with db.direct(workshop.database, transaction=False) as session:
        saved = await step_runs.finish_step(
            session,
            athlete,
            result,
            run_id=task.run_id,
            step_run_id=step_run_id,
            now=workshop.now(),
            durable=durable,
        )
        goes_on = saved or await step_runs.goes_on(session, athlete, run_id=task.run_id)
    return StepRan(goes_on=goes_on, output_digest=output.output_digest)


async def _fail_step(
    workshop: Workshop, athlete: VisibleAthlete, task: RunStep, step_run_id: UUID, error: Exception
) -> Exception:
    found = failures.problem(error, task.step)
    async with db.direct(workshop.database, transaction=True) as session:
        await step_runs.fail_step(
            session,
            athlete,
            msgspec.convert(found, runs.Problem, from_attributes=True),
            run_id=task.run_id,
            step_run_id=step_run_id,
            now=workshop.now(),
        )
    return failures.final(found)
