"""Many athletes' histories read, and their results saved, each beside a bare COPY of the same rows."""

import gc
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from analytics import stored
from models import db, ids
from models.queries.population_history import population_history
from models.queries.visibility import VisibleAthlete, system
from models.services import population_results
from models.services.population_results import Analysed, StepDone
from models.services.step_runs import StepResult, StepStart
from tests.benchmarks.database import Database, new_athletes
from tests.benchmarks.figures import median, ratios, spread
from tests.benchmarks.stored_athletes import trained_population
from tests.benchmarks.table import table, verdict
from workflows.steps import many, runner
from workflows.steps.progress import progress_v3
from workflows.steps.training import load_whole_training

AS_OF = date(2026, 11, 20)
READ, RAW_READ = "histories as frames", "raw COPY BINARY of the same rows"
SAVE, SAVE_AGAIN, RAW_SAVE = "upsert of new documents", "upsert over other ones", "plain COPY of the same rows"
LEAST_OF_READ, LEAST_OF_SAVE = 0.6, 0.4
RAW = (
    """
SELECT athlete_id, id, performed_on, started_at, ended_at, session_rpe_tenths, bodyweight_g FROM workouts
WHERE athlete_id = ANY ($1::uuid[]) AND deleted_at IS NULL""",
    """
SELECT workout_id, position, exercise_id, kind, load_mode, reps, load_g, rpe_tenths, rir_tenths, duration_ms,
    distance_mm, side FROM set_entries WHERE athlete_id = ANY ($1::uuid[])""",
)
Contenders = Mapping[str, Callable[[], Awaitable[float]]]
Save = Callable[..., Awaitable[float]]


async def interleaved(contenders: Mapping[str, Callable[[], Awaitable[None]]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each, in turns."""

    def timed(work: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[float]]:
        async def run() -> float:
            started = time.perf_counter()
            await work()
            return time.perf_counter() - started

        return run

    return await in_turns({name: timed(work) for name, work in contenders.items()}, rounds)


async def in_turns(contenders: Contenders, rounds: int) -> dict[str, list[float]]:
    """The seconds that each tells, in an order that shifts from round to round; the first round warms up."""
    found: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(rounds + 1):
        shift = number % len(names)
        for name in (*names[shift:], *names[:shift]):
            gc.collect()
            taken_s = await contenders[name]()
            if number:
                found[name].append(taken_s)
    return found


async def compared(engine: AsyncEngine, database: Database, athletes: int, workouts: int, rounds: int) -> str:
    """Both comparisons, as a table."""
    async with db.direct(engine, transaction=True) as session:
        people = await trained_population(session, database.dsn, athletes=athletes, workouts=workouts)
    async with db.direct(engine, transaction=False) as session:
        await session.driver.execute("ANALYZE")
    read = await _read(engine, people, sets=athletes * workouts * 20, rounds=rounds)
    saved = await _saved(engine, database, people, rounds)
    comparisons = (
        (READ, RAW_READ, read, LEAST_OF_READ),
        (SAVE, RAW_SAVE, saved, LEAST_OF_SAVE),
        (SAVE_AGAIN, RAW_SAVE, saved, LEAST_OF_SAVE),
    )
    rows: list[tuple[str, ...]] = []
    for ours, raw, found, least in comparisons:
        ratio = ratios(found[raw], found[ours])
        rows += [
            (ours, f"{median(found[ours]):.3f}", "", ""),
            (raw, f"{median(found[raw]):.3f}", "", ""),
            (f"{raw} / {ours}", f"{median(ratio):.2f}", spread(ratio), verdict(median(ratio), at_least=least)),
        ]
    title = f"{athletes} athletes of {workouts * 20:,} sets each, s, medians of {rounds} interleaved rounds"
    return table(title, ("", "s", "quartiles", "goal"), rows, words=1)


async def _read(
    engine: AsyncEngine, people: Sequence[VisibleAthlete], *, sets: int, rounds: int
) -> dict[str, list[float]]:
    async def ours() -> None:
        async with db.direct(engine, transaction=True) as session:
            await many.snapshot(session)
            history = stored.population(await population_history(session, people), AS_OF)
        assert history.sets.height == sets

    async def raw() -> None:
        chunks: list[bytes] = []

        async def take(chunk: bytes) -> None:
            chunks.append(chunk)

        owners = [athlete.athlete_id for athlete in people]
        async with db.direct(engine, transaction=True) as session:
            for query in RAW:
                await session.driver.copy_from_query(query, owners, output=take, format="binary")

    return await interleaved({READ: ours, RAW_READ: raw}, rounds)


async def _saved(
    engine: AsyncEngine, database: Database, people: Sequence[VisibleAthlete], rounds: int
) -> dict[str, list[float]]:
    """The step `progress` of everybody, saved where there is nothing, and where there are other documents."""
    others = [system(athlete_id) for athlete_id in await new_athletes(database.dsn, len(people))]
    result = await _result(engine, people[0])
    async with db.direct(engine, transaction=True) as session:
        await _opened(session, done := _done(people, result))
        await population_results.save(session, done, now=_now())
    changed = {name: body + b" " for name, body in result.documents.items()}
    digests = {name: f"changed {digest}" for name, digest in result.digests.items()}
    other = StepResult(
        data_version=result.data_version, inputs=result.inputs, output_digest="changed", digests=digests,
        documents=changed,
    )  # fmt: skip

    async def saved(athletes: Sequence[VisibleAthlete], made: StepResult, save: Save) -> float:
        """Rolled back, so that every round finds the same."""
        done = _done(athletes, made)
        async with db.direct(engine, transaction=False) as session:
            transaction: Any = session.driver.transaction()
            await transaction.start()
            await _opened(session, done)
            taken_s = await save(session, done, now=_now())
            await transaction.rollback()
        return taken_s

    contenders: Contenders = {
        SAVE: lambda: saved(others, result, _upsert),
        SAVE_AGAIN: lambda: saved(people, other, _upsert),
        RAW_SAVE: lambda: saved(others, result, _copy),
    }
    return await in_turns(contenders, rounds)


async def _result(engine: AsyncEngine, athlete: VisibleAthlete) -> StepResult:
    async with db.direct(engine, transaction=True) as session:
        inputs = runner.decided(progress_v3, await load_whole_training(session, athlete, AS_OF))
    output = runner.compute(progress_v3, inputs)
    return StepResult(
        data_version=inputs.data_version,
        inputs=runner.lineage(inputs, fallback=False),
        output_digest=output.output_digest,
        digests=output.digests,
        documents=output.documents,
    )


def _done(people: Sequence[VisibleAthlete], result: StepResult) -> list[StepDone]:
    return [
        StepDone(
            athlete=athlete, id=ids.new(), start=_start(ids.new()), result=result, started_at=_now(), ended_at=_now()
        )
        for athlete in people
    ]


def _start(run_id: UUID) -> StepStart:
    step = progress_v3
    return StepStart(
        run_id=run_id, position=0, step=step.name, version=step.version, data_version=1, as_of=AS_OF,
        params=runner.params(step), git_revision="bench", lock_digest="bench",
    )  # fmt: skip


async def _opened(session: db.Session, done: Sequence[StepDone]) -> None:
    analysed = [
        Analysed(
            athlete=each.athlete, run_id=each.start.run_id, data_version=1, as_of=AS_OF, analysed_pipeline=None,
            started_at=_now(),
        )
        for each in done
    ]  # fmt: skip
    await population_results.open_runs(session, analysed, workflow_id="bench")


class Remembering:
    """A driver that does nothing but remember what it was to copy."""

    def __init__(self) -> None:
        self.copied: list[tuple[str, Sequence[str], list[tuple[Any, ...]]]] = []

    async def copy_records_to_table(self, table_name: str, *, columns: Sequence[str], records: Any) -> None:
        self.copied.append((table_name, columns, list(records)))

    async def execute(self, *_: Any) -> None: ...

    async def fetch(self, *_: Any) -> list[Any]:
        return []


async def _copy(session: db.Direct, done: Sequence[StepDone], *, now: datetime) -> float:
    """The rows where they belong, with nothing to find out; they are made before."""
    driver: Any = Remembering()
    await population_results.save(db.Direct(driver), done, now=now)
    (_, columns, steps), *portions = driver.copied
    (_, (_, *names), _), documents = portions[0], [row[1:] for _, _, rows in portions for row in rows]
    started = time.perf_counter()
    await session.driver.copy_records_to_table("step_runs", columns=columns, records=steps)
    await session.driver.copy_records_to_table("step_documents", columns=names, records=documents)
    return time.perf_counter() - started


async def _upsert(session: db.Direct, done: Sequence[StepDone], *, now: datetime) -> float:
    """Its work: the pauses between portions, which spare live work, are no part of it."""
    started = time.perf_counter()
    await population_results.save(session, done, now=now, pause_s=0)
    return time.perf_counter() - started


def _now() -> datetime:
    return datetime.now(UTC)
