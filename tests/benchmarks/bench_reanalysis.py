"""A reanalysis of everybody on the whole real stack: its pace, its memory, and what a live athlete notices of it."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import psutil
import uvloop
from msgspec import Struct

from loadstone import reanalysis
from loadstone.dev.stack import Stack
from models.db import DatabaseConfig
from models.domain.population import PopulationStatus, PopulationView
from tests.benchmarks import bench_latency
from tests.benchmarks.athlete import Athlete
from tests.benchmarks.database import driver, new_athletes, temporary_folder
from tests.benchmarks.figures import percentile
from tests.benchmarks.http_client import Connection
from tests.benchmarks.servers import token
from tests.benchmarks.table import table, verdict

MOST_OF_IDLE = 2.0
LOOK_S = 0.5
# Everybody has the training of the first; a clock as an analysis of today leaves it, so that nothing else is due.
COLUMNS = {
    "workouts": "id, started_at, ended_at, performed_on, time_zone, session_rpe_tenths, bodyweight_unit, bodyweight_g,"
    " data_version, create_digest, created_at, updated_at, representation",
    "set_entries": "workout_id, position, kind, performed_on, exercise_id, load_g, duration_ms, distance_mm, rest_s,"
    " load_unit, load_mode, reps, rpe_tenths, rir_tenths, side",
}
COPY = """
INSERT INTO {0} (athlete_id, {1})
SELECT other, {1} FROM {0} CROSS JOIN unnest($2::uuid[]) AS other WHERE athlete_id = $1
"""
CLOCKS = """
UPDATE athlete_clocks AS clock SET data_version = known.data_version, attempted_version = known.data_version,
    analysed_version = known.data_version, analysed_on = current_date, analysed_pipeline = known.analysed_pipeline
FROM athlete_clocks AS known WHERE known.athlete_id = $1 AND clock.athlete_id = ANY ($2::uuid[])
"""
SUMMARISED = """
INSERT INTO runs (athlete_id, id, kind, trigger, status, workflow_id, period, data_version, as_of, created_at, ended_at)
SELECT other, uuidv7(), 'summary', 'analysed', 'succeeded', 'known', 'known', clock.data_version, current_date + 1,
    now(), now()
FROM athlete_clocks AS clock CROSS JOIN unnest($2::uuid[]) AS other WHERE clock.athlete_id = $1
"""


class Plan(Struct, frozen=True, kw_only=True):
    """So many athletes with so many workouts of twenty sets; in each round `answers` are timed alone and beside."""

    athletes: int = 200
    workouts: int = 120
    rounds: int = 3
    answers: int = 150
    per_second: float = 10.0


class Watched(Struct, kw_only=True):
    """What was seen: answers in seconds, the reanalyses as they ended, and the most memory that a chunk took."""

    idle_s: list[float]
    beside_s: list[float]
    ended: list[PopulationView]
    chunk_bytes: int = 0


FULL = Plan()


def main(plan: Plan = FULL) -> None:
    with temporary_folder() as folder, Stack(bench_latency.settings(folder)) as stack:
        print(_table(uvloop.run(_watched(stack, plan))))


async def _watched(stack: Stack, plan: Plan) -> Watched:
    """In turns a live athlete alone, and beside a reanalysis of everybody."""
    live_id, first_id, *others = await new_athletes(stack.postgres.dsn, plan.athletes + 1)
    seen = Watched(idle_s=[], beside_s=[], ended=[])
    async with Connection(stack.api.port, token(first_id)) as connection:
        first = Athlete(connection, first_id, plan.workouts)
        await first.visible(await first.record_history())
    await _populate(stack.postgres.dsn, first_id, others)
    async with Connection(stack.api.port, token(live_id)) as connection:
        live = Athlete(connection, live_id, plan.workouts)
        await live.visible(await live.record_history())
        await _paced(live, plan, lambda number: number >= plan.answers)
        for _ in range(plan.rounds):
            seen.idle_s += await _paced(live, plan, lambda number: number >= plan.answers)
            await _beside(stack.settings.database, live, plan, seen)
    return seen


async def _beside(database: DatabaseConfig, live: Athlete, plan: Plan, seen: Watched) -> None:
    run_id = await reanalysis.request(reanalysis.Order(), database)
    working = asyncio.create_task(_ended(run_id, database))
    looking = asyncio.create_task(_look(seen))
    seen.beside_s += await _paced(live, plan, lambda _: working.done())
    looking.cancel()
    ended = await working
    assert ended.status is PopulationStatus.SUCCEEDED, ended
    seen.ended.append(ended)


async def _ended(run_id: UUID, database: DatabaseConfig) -> PopulationView:
    while (found := await reanalysis.status(run_id, database)).is_open:
        await asyncio.sleep(LOOK_S)
    return found


async def _look(seen: Watched) -> None:
    """Watch the memory of the processes that do the chunks."""
    while True:
        for process in psutil.process_iter(["cmdline", "memory_info"]):
            if "workflows.chunk_process" in (process.info["cmdline"] or ()) and process.info["memory_info"]:
                seen.chunk_bytes = max(seen.chunk_bytes, process.info["memory_info"].rss)
        await asyncio.sleep(LOOK_S)


async def _populate(dsn: str, first: UUID, others: list[UUID]) -> None:
    connection = await driver.connect(dsn)
    for name, columns in COLUMNS.items():
        await connection.execute(COPY.format(name, columns), first, others)
    for statement in (CLOCKS, SUMMARISED):
        await connection.execute(statement, first, others)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def _paced(athlete: Athlete, plan: Plan, is_over: Callable[[int], bool]) -> list[float]:
    answers_s: list[float] = []
    while not is_over(len(answers_s)):
        started = time.perf_counter()
        await athlete.record()
        answers_s.append(time.perf_counter() - started)
        await asyncio.sleep(max(0.0, 1 / plan.per_second - answers_s[-1]))
    return answers_s


def _table(seen: Watched) -> str:
    idle, beside = (percentile(values, 99) * 1000 for values in (seen.idle_s, seen.beside_s))
    now = datetime.now(UTC)
    paces = ", ".join(f"{found.sets_per_second(now):,.0f}" for found in seen.ended)
    sets = seen.ended[0].sets
    rows = [
        ("sets a second, round by round", paces, ""),
        ("most memory of a chunk's process", f"{seen.chunk_bytes / 2**20:,.0f} MiB", ""),
        (f"answers to a live POST, p50 and p99: alone ({len(seen.idle_s)} answers)", _pair(seen.idle_s), ""),
        (f"the same beside a reanalysis ({len(seen.beside_s)} answers)", _pair(seen.beside_s), ""),
        ("p99 beside / alone", f"{beside / idle:.2f}", verdict(beside / idle, at_most=MOST_OF_IDLE)),
    ]
    title = f"Reanalysing {seen.ended[0].athletes} athletes with {sets:,} sets, on the whole stack"
    return table(title, ("", "value", "goal"), rows, words=1)


def _pair(values_s: list[float]) -> str:
    return f"{percentile(values_s, 50) * 1000:.1f}, {percentile(values_s, 99) * 1000:.1f} ms"
