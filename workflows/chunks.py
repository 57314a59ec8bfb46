"""A chunk of a reanalysis: read its athletes at once, compute for each alone, write the results at once.

Everything is written in one transaction with the end of the chunk: a chunk that is done twice, or given up in the
middle, leaves nothing behind.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from models import db, ids
from models.db import Session
from models.domain.errors import StepFailed
from models.domain.population import AthleteFailure
from models.domain.workouts import local_date
from models.queries import population as queries
from models.queries.population import Member
from models.services import pipelines, population, population_results
from models.services.pipelines import PipelineStep
from models.services.population import Tally
from models.services.population_results import Analysed, StepDone
from models.services.runs import Problem
from models.services.step_runs import StepResult, StepStart
from workflows import failures
from workflows.build import Build
from workflows.steps import many, runner
from workflows.steps.step import Inputs, Step


class Overtaken(OSError):
    """The pipeline is another one than the chunk was computed with, or than this code has: to be tried again."""


class Desk(Struct, frozen=True, kw_only=True):
    """What a chunk is worked through with."""

    database: AsyncEngine
    steps: Sequence[Step]
    build: Build
    now: Callable[[], datetime]


class Placed(Struct, frozen=True, kw_only=True):
    """A step at its place in the pipeline."""

    position: int
    step: Step


class Plan(Struct, frozen=True, kw_only=True):
    """What a reanalysis computes: of the active pipeline the steps chosen, those that read the same together."""

    pipeline: tuple[PipelineStep, ...]
    groups: tuple[tuple[Placed, ...], ...]

    @property
    def chosen(self) -> set[str]:
        return {placed.step.name for group in self.groups for placed in group}

    @property
    def is_whole(self) -> bool:
        return len(self.chosen) == len(self.pipeline)


class Chunk(Struct, kw_only=True):
    """A chunk in work: its athletes, what they were read as, and what has become of them so far."""

    plan: Plan
    days: Mapping[UUID, date]
    members: Sequence[Member]
    people: list[Analysed] = msgspec.field(default_factory=list[Analysed])
    changed: set[UUID] = msgspec.field(default_factory=set[UUID])
    problems: dict[UUID, Problem] = msgspec.field(default_factory=dict[UUID, Problem])


async def work(desk: Desk, run_id: UUID, position: int) -> None:
    """Do the chunk, unless it is done or nobody wants it any more. Raises Overtaken to be tried again."""
    async with db.direct(desk.database, transaction=True) as session:
        if not await population.try_chunk(session, run_id, position):
            return
    async with db.direct(desk.database, transaction=True) as session:
        await many.snapshot(session)
        chunk = await _opened(session, desk, run_id, position)
        loaded = await _load(session, chunk, chunk.plan.groups[0])
    chunk.people = [_analysed(desk, member, chunk, loaded) for member in chunk.members]
    done = list(_computed(desk, chunk, chunk.plan.groups[0], loaded))
    async with db.direct(desk.database, transaction=True) as session:
        if await population.hold_chunk(session, run_id, position):
            await _save(session, desk, chunk, done, run_id)
            await population.end_chunk(session, run_id, position, _tally(chunk), now=desk.now())
            await _tell_clocks(session, chunk)


async def _plan(session: Session, steps: Sequence[Step], run_id: UUID) -> Plan:
    pipeline = await pipelines.active(session, pipelines.ANALYSIS)
    chosen = await queries.steps(session, run_id)
    placed = [
        Placed(position=at, step=runner.find(steps, active.name, active.version))
        for at, active in enumerate(pipeline)
        if chosen is None or active.name in chosen
    ]
    return Plan(pipeline=pipeline, groups=tuple(_grouped(placed)))


def _grouped(placed: Sequence[Placed]) -> Iterator[tuple[Placed, ...]]:
    group: tuple[Placed, ...] = ()
    for each in placed:
        if group and not each.step.joins(group[-1].step):
            yield group
            group = ()
        group = (*group, each)
    if group:
        yield group


async def planned(session: Session, steps: Sequence[Step], run_id: UUID) -> Plan:
    """What the reanalysis computes now. Raises Overtaken while this code does not have a step of it."""
    try:
        return await _plan(session, steps, run_id)
    except StepFailed as error:
        raise Overtaken(str(error)) from error


async def _opened(session: Session, desk: Desk, run_id: UUID, position: int) -> Chunk:
    to_do = await planned(session, desk.steps, run_id)
    members, now = await queries.members(session, run_id, position), desk.now()
    days = {member.athlete.athlete_id: local_date(now, member.time_zone) for member in members}
    return Chunk(plan=to_do, members=members, days=days)


async def _load(session: Session, chunk: Chunk, group: Sequence[Placed]) -> dict[UUID, Inputs]:
    people = {member.athlete: chunk.days[member.athlete.athlete_id] for member in chunk.members}
    return await many.load_many(session, group[0].step, people)


def _analysed(desk: Desk, member: Member, chunk: Chunk, loaded: Mapping[UUID, Inputs]) -> Analysed:
    athlete_id = member.athlete.athlete_id
    return Analysed(
        athlete=member.athlete,
        run_id=ids.new(),
        data_version=loaded[athlete_id].data_version,
        as_of=chunk.days[athlete_id],
        analysed_pipeline=member.analysed_pipeline,
        started_at=desk.now(),
    )


def _computed(desk: Desk, chunk: Chunk, group: Sequence[Placed], loaded: Mapping[UUID, Inputs]) -> Iterator[StepDone]:
    """The steps of each athlete in turn, up to the first that fails."""
    for each in chunk.people:
        athlete_id = each.athlete.athlete_id
        for placed in group:
            if athlete_id in chunk.problems:
                break
            done = _step(desk, each, placed, loaded[athlete_id])
            if done.problem is not None:
                chunk.problems[athlete_id] = done.problem
            yield done


def _step(desk: Desk, analysed: Analysed, placed: Placed, loaded: Inputs) -> StepDone:
    step, started_at = placed.step, desk.now()
    start = StepStart(
        run_id=analysed.run_id,
        position=placed.position,
        step=step.name,
        version=step.version,
        data_version=analysed.data_version,
        as_of=analysed.as_of,
        params=runner.params(step),
        git_revision=desk.build.git_revision,
        lock_digest=desk.build.lock_digest,
    )
    result, problem = _result(step, loaded, desk.build.code(step.name, step.version))
    return StepDone(
        athlete=analysed.athlete,
        id=ids.new(),
        start=start,
        result=result,
        problem=problem,
        started_at=started_at,
        ended_at=desk.now(),
    )


def _result(step: Step, loaded: Inputs, code: str | None) -> tuple[StepResult | None, Problem | None]:
    try:
        inputs = runner.decided(step, loaded)
        output = runner.compute(step, inputs)
    except MemoryError:
        raise
    except Exception as error:
        found = failures.problem(error, step.name)
        return None, msgspec.convert(found, Problem, from_attributes=True)
    result = StepResult(
        data_version=inputs.data_version,
        inputs=runner.lineage(inputs, fallback=False, code=code),
        output_digest=output.output_digest,
        digests=output.digests,
        documents=output.documents,
    )
    return result, None


async def _save(session: Session, desk: Desk, chunk: Chunk, done: Sequence[StepDone], run_id: UUID) -> None:
    """Write what is done, then what reads it: the steps of the other groups see the documents of the first."""
    if await pipelines.held(session, pipelines.ANALYSIS) != chunk.plan.pipeline:
        raise Overtaken("The pipeline was changed meanwhile.")
    there = await population_results.remaining(session, [each.athlete.athlete_id for each in chunk.people])
    chunk.people = [each for each in chunk.people if each.athlete.athlete_id in there]
    chunk.members = [member for member in chunk.members if member.athlete.athlete_id in there]
    await population_results.open_runs(session, chunk.people, workflow_id=population.workflow_id(run_id))
    kept = [step for step in done if step.athlete.athlete_id in there]
    chunk.changed |= await population_results.save(session, kept, now=desk.now())
    for group in chunk.plan.groups[1:]:
        loaded = await _load(session, chunk, group)
        further = list(_computed(desk, chunk, group, loaded))
        chunk.changed |= await population_results.save(session, further, now=desk.now())
    await population_results.close_runs(session, chunk.people, chunk.problems, now=desk.now())


def _tally(chunk: Chunk) -> Tally:
    well = {each.athlete.athlete_id for each in chunk.people} - chunk.problems.keys()
    return Tally(
        changed=len(well & chunk.changed),
        unchanged=len(well - chunk.changed),
        sets=sum(member.sets for member in chunk.members),
        failures=tuple(
            AthleteFailure(athlete_id=athlete_id, step=problem.step, detail=problem.detail)
            for athlete_id, problem in chunk.problems.items()
        ),
    )


async def _tell_clocks(session: Session, chunk: Chunk) -> None:
    """Whole analyses are what the athletes' own jobs would have done; with single steps only the pipeline moves."""
    signature = pipelines.signature(chunk.plan.pipeline)
    if chunk.plan.is_whole:
        await population_results.advance_clocks(session, chunk.people, chunk.problems, pipeline=signature)
        return
    fit = [each for each in chunk.people if differs_only_in(each.analysed_pipeline, signature, chunk.plan.chosen)]
    await population_results.move_pipelines(session, fit, pipeline=signature)


def differs_only_in(known: str | None, active: str, steps: set[str]) -> bool:
    """Whether documents of one pipeline are those of the other once these steps are computed anew.

    >>> differs_only_in("progress@2,recommend@3", "progress@3,recommend@3", {"progress"})
    True
    >>> differs_only_in("progress@2,recommend@2", "progress@3,recommend@3", {"progress"})
    False
    """
    if known is None:
        return False
    before, now = set(known.split(",")), set(active.split(","))
    return all(step.partition("@")[0] in steps for step in now - before)
