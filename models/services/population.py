"""Reanalyses of many athletes: asked for, cut into chunks, done chunk by chunk, cancelled, ended.

Every change is a compare-and-set. The rows of a chunk are locked before those of its run.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from models import ids
from models.db import Session, raw
from models.domain import population
from models.domain.errors import Conflict, Fault, Invalid, NotFound
from models.domain.population import AthleteFailure, PopulationStatus, Span
from models.queries import population as queries
from models.services import pipelines, population_sql
from models.services.runs import Problem

PAGE = 1000
SHOWN = 20
UNFINISHED = "Of {athletes} athletes in {chunks} chunks nothing could be computed; the others are done."


class Tally(Struct, frozen=True, kw_only=True):
    """What became of the athletes of a chunk, and how many sets were read for them."""

    changed: int = 0
    unchanged: int = 0
    sets: int = 0
    failures: tuple[AthleteFailure, ...] = ()


def workflow_id(run_id: UUID) -> str:
    """The id of the durable job that does a reanalysis, and of the runs that it leaves behind."""
    return f"reanalysis/{run_id}"


async def request_reanalysis(
    session: Session,
    *,
    steps: Sequence[str] | None,
    athletes: Sequence[UUID] | None,
    trigger: str,
    requested_by: str,
    now: datetime,
) -> UUID:
    """Queue a reanalysis, or join one that is the same and has not begun; its id. Ring the doorbell afterwards.

    `steps` null for the whole pipeline, `athletes` null for all who have recorded anything. Raises Invalid for a step
    that is not of the pipeline, and NotFound for an athlete that does not exist. In a transaction.
    """
    chosen = None if steps is None else await _known_steps(session, steps)
    named = None if athletes is None else await _known_athletes(session, athletes)
    known = await (await raw(session)).fetchval(population_sql.QUEUED, _json(chosen), _json(named))
    if known is not None:
        return known
    run_id = ids.new()
    await (await raw(session)).execute(
        population_sql.INSERT, run_id, trigger, requested_by, _json(chosen), _json(named), now
    )
    return run_id


async def cancel(session: Session, run_id: UUID, *, now: datetime) -> None:
    """End a reanalysis before its time: at once where nobody has begun it, else after what is being done just now.

    What is done stays done. Raises NotFound, and Conflict where it has ended. In a transaction.
    """
    status = await (await raw(session)).fetchval(population_sql.HOLD, run_id)
    if status is None:
        raise NotFound(f"There is no reanalysis {run_id}.")
    if status not in population.OPEN_STATUSES:
        raise Conflict(f"This reanalysis has ended already: {status}.")
    await (await raw(session)).execute(population_sql.CANCEL, run_id, now)


async def cut(session: Session, run_id: UUID) -> list[Span]:
    """The chunks that a queued reanalysis is to be done in; none where it is not queued any more."""
    if run_id not in await queries.open_runs(session, queued_only=True):
        return []
    athletes = page = await queries.trained(session, run_id, after=None, limit=PAGE)
    while len(page) == PAGE:
        page = await queries.trained(session, run_id, after=page[-1].athlete_id, limit=PAGE)
        athletes = [*athletes, *page]
    return population.cut(athletes)


async def start(session: Session, run_id: UUID, chunks: Sequence[Span], *, now: datetime) -> None:
    """Begin a reanalysis that is queued, with these chunks. In a transaction."""
    if await (await raw(session)).fetchval(population_sql.START, run_id, now) is None:
        return
    firsts, lasts = [chunk.first_id for chunk in chunks], [chunk.last_id for chunk in chunks]
    counts = [chunk.athletes for chunk in chunks]
    await (await raw(session)).execute(population_sql.ADD_CHUNKS, run_id, -1, firsts, lasts, counts)


async def due(session: Session, run_id: UUID, *, limit: int, now: datetime) -> list[int]:
    """The next chunks; with none left, or when it is to be cancelled, the reanalysis ends. In a transaction."""
    connection = await raw(session)
    if await connection.fetchval(population_sql.HOLD, run_id) != PopulationStatus.RUNNING:
        return []
    if not await queries.wanted(session, run_id):
        await connection.execute(population_sql.END, run_id, PopulationStatus.CANCELLED.value, None, now)
        return []
    if rows := await connection.fetch(population_sql.DUE, run_id, limit):
        return [row["position"] for row in rows]
    await _end(session, run_id, now=now)
    return []


async def try_chunk(session: Session, run_id: UUID, position: int) -> bool:
    """Count an attempt; False where the chunk is done or no longer wanted."""
    return await (await raw(session)).fetchval(population_sql.TRY_CHUNK, run_id, position) is not None


async def hold_chunk(session: Session, run_id: UUID, position: int) -> bool:
    """Lock a chunk for saving its results; False where a twin has saved them or nobody wants them. In a transaction."""
    return await (await raw(session)).fetchval(population_sql.HOLD_CHUNK, run_id, position) is not None


async def end_chunk(session: Session, run_id: UUID, position: int, tally: Tally, *, now: datetime) -> None:
    """End a chunk that is held, in the transaction of its results."""
    problem = None if not tally.failures else {"athletes": tally.failures[:SHOWN]}
    await (await raw(session)).execute(
        population_sql.END_CHUNK,
        *(run_id, position, "succeeded", tally.changed, tally.unchanged, len(tally.failures), tally.sets),
        *(_json(problem), now),
    )
    await (await raw(session)).execute(population_sql.TOUCH, run_id)


async def give_up_chunk(session: Session, run_id: UUID, position: int, problem: Problem, *, now: datetime) -> None:
    """Halve a chunk that cannot be worked through, so that the rest is done; end it badly where one athlete is left.

    In a transaction.
    """
    if not await hold_chunk(session, run_id, position):
        return
    await (await raw(session)).execute(population_sql.TOUCH, run_id)
    people = [member.athlete.athlete_id for member in await queries.members(session, run_id, position)]
    if len(people) > 1:
        await _halve(session, run_id, position, people)
    else:
        failures = [AthleteFailure(athlete_id=each, step=problem.step, detail=problem.detail) for each in people]
        told = {**msgspec.to_builtins(problem), "athletes": failures}
        await (await raw(session)).execute(
            population_sql.END_CHUNK, run_id, position, "failed", 0, 0, len(people), 0, _json(told), now
        )


async def fail(session: Session, run_id: UUID, problem: Problem, *, now: datetime) -> None:
    """End an open reanalysis that cannot even be begun."""
    await (await raw(session)).execute(population_sql.END, run_id, PopulationStatus.FAILED.value, _json(problem), now)


async def _halve(session: Session, run_id: UUID, position: int, people: Sequence[UUID]) -> None:
    first, second = people[: len(people) // 2], people[len(people) // 2 :]
    connection = await raw(session)
    await connection.execute(population_sql.SHRINK, run_id, position, first[-1], len(first))
    last = await connection.fetchval(population_sql.LAST_POSITION, run_id)
    await connection.execute(population_sql.ADD_CHUNKS, run_id, last, [second[0]], [second[-1]], [len(second)])


async def _end(session: Session, run_id: UUID, *, now: datetime) -> None:
    row = await (await raw(session)).fetchrow(population_sql.FAILED_CHUNKS, run_id)
    status, problem = PopulationStatus.SUCCEEDED, None
    if row["chunks"]:
        detail = UNFINISHED.format(athletes=row["athletes"], chunks=row["chunks"])
        problem = Problem(type="reanalysis-incomplete", title="Not everybody could be analysed", detail=detail)
        status = PopulationStatus.FAILED
    await (await raw(session)).execute(population_sql.END, run_id, status.value, _json(problem), now)


async def _known_steps(session: Session, steps: Sequence[str]) -> list[str] | None:
    """The steps in the pipeline's order; None where they are all of it."""
    active = [step.name for step in await pipelines.active(session, pipelines.ANALYSIS)]
    if unknown := sorted(set(steps) - set(active)):
        message = f"The analysis has no step {', '.join(unknown)}. It has: {', '.join(active)}."
        raise Invalid([Fault(path="$.steps", message=message)])
    if not steps:
        raise Invalid([Fault(path="$.steps", message="At least one step, or none named for all of them.")])
    return None if set(steps) == set(active) else [name for name in active if name in steps]


async def _known_athletes(session: Session, athletes: Sequence[UUID]) -> list[UUID]:
    named = sorted(set(athletes))
    if not named:
        raise Invalid([Fault(path="$.athletes", message="At least one athlete, or none named for everybody.")])
    unknown = await (await raw(session)).fetch(population_sql.UNKNOWN, named)
    if unknown:
        raise NotFound(f"There is no athlete {', '.join(str(row['id']) for row in unknown[:SHOWN])}.")
    return named


def _json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
