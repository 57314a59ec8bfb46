"""How training comes out of PostgreSQL and results go in: by the million beside bare COPY, and for one athlete."""

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import uvloop
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from analytics.stored import to_frames
from analytics.training import training_of
from models import db, ids
from models.db import DatabaseConfig
from models.queries.history import stored_history
from models.queries.visibility import VisibleAthlete, system
from models.services import step_runs
from models.services.step_runs import StepResult, StepStart
from models.services.workouts import record_workout
from tests.benchmarks import bulk_copies
from tests.benchmarks.bulk_copies import AS_OF, interleaved
from tests.benchmarks.database import Database, new_athletes, temporary_database
from tests.benchmarks.figures import median, ratios, spread
from tests.benchmarks.stored_athletes import a_workout, train
from tests.benchmarks.table import table, verdict
from workflows.steps import runner, training
from workflows.steps.progress import progress_v3
from workflows.steps.training import load_training, load_whole_training

WITH, WITHOUT = "with lineage", "without"
WHOLE, CHANGED = "everything", "what changed"
MOST_OF_LINEAGE = 1.25
# What a document is without its origin.
PLAIN = """
CREATE TABLE plain_documents (athlete_id uuid, name text, data_version bigint, as_of date, body bytea,
    PRIMARY KEY (athlete_id, name))
"""
SAVE_PLAIN = """
INSERT INTO plain_documents SELECT $1, document.name, $2, $3, document.body
FROM unnest($4::text[], $5::bytea[]) AS document (name, body)
ON CONFLICT (athlete_id, name) DO UPDATE
SET data_version = excluded.data_version, as_of = excluded.as_of, body = excluded.body
"""
RUN = """
INSERT INTO runs (athlete_id, id, kind, trigger, status, workflow_id, data_version, as_of, created_at, started_at)
VALUES ($1, $2, 'analysis', 'recorded', 'running', 'bench', 1, $3, now(), now())
"""
ROWS = """
SELECT coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0)::bigint
FROM pg_stat_xact_user_tables WHERE relname = ANY ($1)
"""
TABLES = ("workouts", "set_entries", "set_details", "athlete_items")


class Plan(Struct, frozen=True, kw_only=True):
    """A population of athletes with so many workouts of twenty sets each; single athletes with `histories` of them."""

    athletes: int = 125
    workouts: int = 200
    histories: tuple[int, ...] = (20, 200, 2000)
    rounds: int = 9


class Loads(Struct, frozen=True, kw_only=True):
    """After one more workout each time: seconds and rows read, of everything and of what changed; the state's bytes."""

    history: int
    seconds: dict[str, list[float]]
    rows: dict[str, list[int]]
    kept_bytes: int


FULL = Plan()


def main(plan: Plan = FULL) -> None:
    # Also where it is not worth it, to show from where on it is.
    training.WORTH_KEEPING_ATOMS = 0
    with temporary_database() as database:
        uvloop.run(_measured(database, plan))


async def _measured(database: Database, plan: Plan) -> None:
    async with _engine(database) as engine:
        print(await bulk_copies.compared(engine, database, plan.athletes, plan.workouts, plan.rounds))
        async with db.direct(engine, transaction=True) as session:
            await session.driver.execute(PLAIN)
        lineage = {history: await _lineage(engine, database, history, plan) for history in plan.histories}
        print(_lineage_table(lineage, plan))
        print(_load_table([await _loads(engine, database, history, plan) for history in plan.histories], plan))


@asynccontextmanager
async def _engine(database: Database) -> AsyncGenerator[AsyncEngine]:
    engine = db.engine(DatabaseConfig(dsn=database.dsn, pool_size=4, command_timeout_s=300))
    yield engine
    await engine.dispose()


async def _trained(engine: AsyncEngine, database: Database, history: int) -> VisibleAthlete:
    (athlete_id,) = await new_athletes(database.dsn, 1)
    async with db.direct(engine, transaction=True) as session:
        await train(session, system(athlete_id), history)
    async with db.direct(engine, transaction=False) as session:
        await session.driver.execute("ANALYZE")
    return system(athlete_id)


async def _lineage(engine: AsyncEngine, database: Database, history: int, plan: Plan) -> dict[str, list[float]]:
    """The step `progress` with its load and its save: as a run records it, and saving its bare documents."""
    athlete = await _trained(engine, database, history)
    run_ids = [ids.new() for _ in range(plan.rounds + 1)]
    async with db.direct(engine, transaction=True) as session:
        for run_id in run_ids:
            await session.driver.execute(RUN, athlete.athlete_id, run_id, AS_OF)

    async def with_lineage() -> None:
        await _recorded_step(engine, athlete, run_ids.pop())

    async def without() -> None:
        await _bare_step(engine, athlete)

    return await interleaved({WITH: with_lineage, WITHOUT: without}, plan.rounds)


async def _recorded_step(engine: AsyncEngine, athlete: VisibleAthlete, run_id: UUID) -> None:
    step = progress_v3
    start = StepStart(
        run_id=run_id, position=0, step=step.name, version=step.version, data_version=1, as_of=AS_OF,
        params=runner.params(step), git_revision="bench", lock_digest="bench",
    )  # fmt: skip
    async with db.direct(engine, transaction=False) as session:
        begun = await step_runs.begin_step(session, athlete, start, now=_now())
    assert begun is not None
    async with db.direct(engine, transaction=True) as session:
        inputs = runner.decided(step, await load_whole_training(session, athlete, AS_OF))
    output = runner.compute(step, inputs)
    result = StepResult(
        data_version=inputs.data_version,
        inputs=runner.lineage(inputs, fallback=False),
        output_digest=output.output_digest,
        digests=output.digests,
        documents=output.documents,
    )
    async with db.direct(engine, transaction=False) as session:
        assert await step_runs.finish_step(session, athlete, result, run_id=run_id, step_run_id=begun.id, now=_now())


async def _bare_step(engine: AsyncEngine, athlete: VisibleAthlete) -> None:
    async with db.direct(engine, transaction=True) as session:
        read = await stored_history(session, athlete)
    made: Any = progress_v3.function(training_of(to_frames(read, AS_OF)), progress_v3.params)
    bodies = [msgspec.json.encode(document, order="deterministic") for document in made.values()]
    async with db.direct(engine, transaction=False) as session:
        key = (athlete.athlete_id, read.data_version, AS_OF)
        await session.driver.execute(SAVE_PLAIN, *key, list(made), bodies)


async def _loads(engine: AsyncEngine, database: Database, history: int, plan: Plan) -> Loads:
    """One workout after the other is recorded, and loaded from everything and from what was kept."""
    athlete, found = (
        await _trained(engine, database, history),
        Loads(history=history, seconds={WHOLE: [], CHANGED: []}, rows={WHOLE: [], CHANGED: []}, kept_bytes=0),
    )
    for number in range(plan.rounds + 1):
        loads = {WHOLE: load_whole_training, CHANGED: load_training}
        inputs = None
        for name, load in loads.items():
            async with db.direct(engine, transaction=True) as session:
                before, started = await session.driver.fetchval(ROWS, TABLES), time.perf_counter()
                inputs = await load(session, athlete, AS_OF)
                elapsed_s = time.perf_counter() - started
                rows = await session.driver.fetchval(ROWS, TABLES) - before
            if number:
                found.seconds[name].append(elapsed_s)
                found.rows[name].append(rows)
        await _keep_and_record(engine, athlete, inputs, number)
    async with db.direct(engine, transaction=False) as session:
        size = await session.driver.fetchval(
            "SELECT length(body) FROM training_states WHERE athlete_id = $1", athlete.athlete_id
        )
    return msgspec.structs.replace(found, kept_bytes=size)


async def _keep_and_record(engine: AsyncEngine, athlete: VisibleAthlete, inputs: Any, number: int) -> None:
    async with db.direct(engine, transaction=True) as session:
        if inputs.keep is not None:
            await inputs.keep(session, athlete, _now())
        await record_workout(
            session, a_workout(number, of=400), athlete=athlete, workout_id=ids.new(),
            actor_id=athlete.athlete_id, now=_now(),
        )  # fmt: skip


def _now() -> datetime:
    return datetime.now(UTC)


def _lineage_table(found: dict[int, dict[str, list[float]]], plan: Plan) -> str:
    rows: list[tuple[str, ...]] = []
    for history, seconds in found.items():
        ratio = ratios(seconds[WITH], seconds[WITHOUT])
        cells = [f"{median(seconds[name]) * 1000:.1f}" for name in (WITH, WITHOUT)]
        goal = verdict(median(ratio), at_most=MOST_OF_LINEAGE)
        rows.append((f"{history * 20:,} sets", *cells, f"{median(ratio):.2f}", spread(ratio), goal))
    title = f"The step progress with its load and save, ms, medians of {plan.rounds} interleaved rounds"
    return table(title, ("athlete", WITH, WITHOUT, "ratio", "quartiles", "goal"), rows, words=1)


def _load_table(found: Sequence[Loads], plan: Plan) -> str:
    rows = [
        (
            f"{one.history * 20:,} sets",
            *(f"{median(one.seconds[name]) * 1000:.1f}" for name in (WHOLE, CHANGED)),
            *(f"{median(one.rows[name]):,.0f}" for name in (WHOLE, CHANGED)),
            f"{one.kept_bytes / 1024:,.0f} KiB",
        )
        for one in found
    ]
    head = ("athlete", f"load {WHOLE}, ms", f"load {CHANGED}, ms", "rows read", "rows read", "kept")
    return table(f"Loading after one more workout of 20 sets, medians of {plan.rounds} rounds", head, rows, words=1)
