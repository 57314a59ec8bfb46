"""Two versions of a step on the same inputs, compared number by number; or a step and what it has recorded."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.db import Session
from models.domain.errors import LoadstoneError
from models.queries.visibility import VisibleAthlete
from workflows.steps import changes, recorded, runner, workbench
from workflows.steps.changes import Compared
from workflows.steps.step import Inputs, Step
from workflows.steps.workbench import Loaded

# So many athletes' inputs are held at once.
AHEAD = 8


@dataclass(frozen=True, kw_only=True)
class Subject:
    """An athlete to compare on: what each version sees, or the documents recorded before; None for a new step."""

    athlete: str
    before: Inputs | Mapping[str, bytes] | None
    after: Inputs


Found = Subject | Compared


async def of_database(
    session: Session, before: Step | None, after: Step, athletes: Sequence[VisibleAthlete], *, now: datetime
) -> AsyncIterator[Found]:
    """The athletes as they are now, each as of their own today."""
    for athlete in athletes:
        try:
            [loaded] = await workbench.load(session, after, [athlete], now=now)
            yield Subject(
                athlete=loaded.athlete,
                before=await _other_inputs(session, before, after, athlete, loaded),
                after=loaded.inputs,
            )
        except LoadstoneError as error:
            yield _unloaded(str(athlete.athlete_id), error)


async def of_recorded(session: Session, step: Step, athletes: Sequence[VisibleAthlete]) -> AsyncIterator[Found]:
    """The documents that are stored, and what they were computed from."""
    for athlete in athletes:
        try:
            result, documents = await recorded.newest(session, athlete, step)
            inputs = await recorded.inputs_of(session, step, result)
            yield Subject(athlete=str(athlete.athlete_id), before=documents, after=inputs)
        except LoadstoneError as error:
            yield _unloaded(str(athlete.athlete_id), error)


async def of_snapshot(folder: Path, before: Step | None, after: Step, *, count: int | None) -> AsyncIterator[Found]:
    """The athletes of a snapshot, each as of the day that it was taken."""
    loaded = workbench.loaded_from(folder, after, count=count)
    others = loaded
    if before is not None and before.load is not after.load:
        others = workbench.loaded_from(folder, before, count=count)
    for own, other in zip(loaded, others, strict=True):
        yield Subject(athlete=own.athlete, before=None if before is None else other.inputs, after=own.inputs)


async def compared(
    found: AsyncIterable[Found], before: Step | None, after: Step, pool: Executor
) -> AsyncIterator[Compared]:
    """Each athlete's two outputs beside each other, in the athletes' order; computed in the pool while others load."""
    loop = asyncio.get_running_loop()
    ahead: list[asyncio.Future[Compared] | Compared] = []
    async for one in found:
        ahead.append(one if isinstance(one, Compared) else loop.run_in_executor(pool, compare, one, before, after))
        while len(ahead) > AHEAD:
            yield await _done(ahead.pop(0))
        await asyncio.sleep(0)
    for one in ahead:
        yield await _done(one)


def compare(subject: Subject, before: Step | None, after: Step) -> Compared:
    """Compute both and compare; a failure of either is the athlete's result."""
    old, new = _before(subject, before), _documents(after, subject.after)
    if isinstance(old, str) or isinstance(new, str):
        problem = "; ".join(one for one in (old, new) if isinstance(one, str))
        return Compared(
            athlete=subject.athlete,
            failed_before=isinstance(old, str),
            failed_after=isinstance(new, str),
            problem=problem,
        )
    return changes.compare(subject.athlete, old, new)


def _before(subject: Subject, step: Step | None) -> Mapping[str, bytes] | str:
    if isinstance(subject.before, Inputs):
        return "There is no version to compute before." if step is None else _documents(step, subject.before)
    return subject.before or {}


def _documents(step: Step, inputs: Inputs) -> Mapping[str, bytes] | str:
    """The documents, or in words why there are none: whatever a function under work may raise."""
    try:
        return runner.compute(step, inputs).documents
    except Exception as error:
        return f"{step.name}@{step.version}: {type(error).__name__}: {error}"


async def _other_inputs(
    session: Session, before: Step | None, after: Step, athlete: VisibleAthlete, loaded: Loaded
) -> Inputs | None:
    if before is None or before.load is after.load:
        return None if before is None else loaded.inputs
    return runner.decided(before, await before.load(session, athlete, loaded.as_of))


def _unloaded(athlete: str, error: LoadstoneError) -> Compared:
    return Compared(athlete=athlete, failed_before=True, failed_after=True, problem=str(error))


async def _done(one: asyncio.Future[Compared] | Compared) -> Compared:
    return one if isinstance(one, Compared) else await one
