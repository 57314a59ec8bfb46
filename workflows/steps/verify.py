"""Results on record computed once more: equal, different, or not runnable any more, and why."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import polars as pl

from models.db import Session
from models.domain.errors import LoadstoneError
from models.queries.recorded import Recorded
from workflows.steps import changes, recorded, runner
from workflows.steps.code import code_digest
from workflows.steps.runner import Output
from workflows.steps.step import Inputs, Step


class Verdict(StrEnum):
    EQUAL = "equal"
    DIFFERENT = "different"
    NOT_RUNNABLE = "not runnable"


@dataclass(frozen=True, kw_only=True)
class Verified:
    """A result and what came of computing it again; `changes` as far as its numbers are still stored."""

    result: Recorded
    verdict: Verdict
    reason: str = ""
    changes: pl.DataFrame | None = None


@dataclass(frozen=True, kw_only=True)
class Again:
    """All that is needed to compute a result again, and its documents that are still stored."""

    result: Recorded
    step: Step
    inputs: Inputs
    bodies: Mapping[str, bytes]


class Known:
    """The inputs read last, for the next result of the same."""

    def __init__(self) -> None:
        self._place: tuple[Any, ...] = ()
        self._inputs: Inputs | None = None

    async def inputs_of(self, session: Session, step: Step, result: Recorded) -> Inputs:
        """What the step read; raises NotReproducible where it is not to be had any more."""
        place = (*_place(result), step.load)
        if self._inputs is None or place != self._place or recorded.changed(self._inputs, result):
            self._inputs = await recorded.inputs_of(session, step, result)
            self._place = place
        return self._inputs


async def verify(
    session: Session, results: Sequence[Recorded], steps: Sequence[Step], *, lock_digest: str, pool: Executor
) -> AsyncIterator[Verified]:
    """Each result's verdict, computed in the pool while others are read. Writes nothing."""
    loop, known = asyncio.get_running_loop(), Known()
    ahead: list[asyncio.Future[Verified] | Verified] = []
    # Results of one analysis lie beside each other: what they all read is read once.
    for result in sorted(results, key=_place):
        prepared = await _prepared(session, result, steps, known)
        if isinstance(prepared, Verified):
            ahead.append(prepared)
        else:
            ahead.append(loop.run_in_executor(pool, judged, prepared, lock_digest))
            # Lets what is done be told while the next one is read.
            await asyncio.sleep(0)
    for one in ahead:
        yield one if isinstance(one, Verified) else await one


def _place(result: Recorded) -> tuple[Any, ...]:
    return result.athlete.athlete_id, result.data_version, result.as_of


def judged(again: Again, lock_digest: str) -> Verified:
    """Compute the result again and compare."""
    result = again.result
    try:
        output = runner.compute(again.step, again.inputs)
    except Exception as error:
        return _other(again, lock_digest, f"cannot be computed any more: {type(error).__name__}: {error}", None)
    if output.output_digest == result.output_digest:
        return Verified(result=result, verdict=Verdict.EQUAL)
    if not again.bodies:
        return _other(again, lock_digest, "its numbers are not stored any more", None)
    found = _compared(again, output)
    return _other(again, lock_digest, f"{found.height:,} changes in what is stored", found)


def _other(again: Again, lock_digest: str, reason: str, found: pl.DataFrame | None) -> Verified:
    """Different, unless other libraries than then may be the cause."""
    result = again.result
    if result.lock_digest == lock_digest:
        changed = result.inputs.get("code") not in (None, code_digest(again.step))
        code = "by other code under the same version, " if changed else ""
        told = f"{reason}; computed {code}by {result.git_revision}"
        return Verified(result=result, verdict=Verdict.DIFFERENT, reason=told, changes=found)
    told = f"other libraries than then, and it differs: {reason}"
    return Verified(result=result, verdict=Verdict.NOT_RUNNABLE, reason=told, changes=found)


def _compared(again: Again, output: Output) -> pl.DataFrame:
    athlete = str(again.result.athlete.athlete_id)
    made = {name: output.documents[name] for name in again.bodies if name in output.documents}
    return changes.compare(athlete, again.bodies, made).changes


async def _prepared(session: Session, result: Recorded, steps: Sequence[Step], known: Known) -> Again | Verified:
    try:
        if result.inputs["fallback"]:
            return _not_runnable(result, "It was made without what the step had waited for.")
        step = recorded.as_recorded(runner.find(steps, result.step, result.version), result)
        inputs = await known.inputs_of(session, step, result)
        if other := recorded.changed(runner.decided(step, inputs), result):
            return _not_runnable(result, f"Decided by another {', '.join(other)} than now.")
        return Again(
            result=result,
            step=step,
            inputs=inputs,
            bodies=await recorded.bodies(session, result.athlete, result.documents),
        )
    except LoadstoneError as error:
        return _not_runnable(result, str(error))


def _not_runnable(result: Recorded, reason: str) -> Verified:
    return Verified(result=result, verdict=Verdict.NOT_RUNNABLE, reason=reason)
