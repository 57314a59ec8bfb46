"""Importing 50,000 sets: its steps, the database's part beside a raw COPY of the rows, and all of it on a stack."""

import asyncio
import gc
import io
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import uvloop
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from loadstone.dev.stack import Stack
from loadstone.imports import Order, bring
from models import db, readers
from models.db import DatabaseConfig, Direct, Driver
from models.domain.units import MassUnit
from models.queries.visibility import VisibleAthlete, system
from models.services import import_jobs, import_publishing, import_staging, imports
from models.services.import_jobs import Job
from models.services.imports import Upload
from tests.benchmarks import bench_latency
from tests.benchmarks.athlete import Athlete
from tests.benchmarks.database import Database, new_athletes, temporary_database, temporary_folder
from tests.benchmarks.figures import median, percentile, ratios, spread
from tests.benchmarks.http_client import Connection
from tests.benchmarks.imported_log import strong_csv
from tests.benchmarks.processes import cpu_s
from tests.benchmarks.servers import token
from tests.benchmarks.table import table, verdict

OURS, RAW = "publish, its statements", "raw COPY of the same rows"
LEAST_OF_COPY, MOST_OF_IDLE = 0.7, 2.0
SETTLE_S = 0.1


class Plan(Struct, frozen=True, kw_only=True):
    """A log of so many workouts of twenty sets, imported so many times; `live` workouts are recorded before."""

    workouts: int = 2500
    rounds: int = 7
    live: int = 120
    live_per_second: float = 10.0


class Taken(Struct, frozen=True, kw_only=True):
    """Seconds that went by, and seconds of PostgreSQL's processor time."""

    elapsed_s: float
    database_s: float


class Live(Struct, frozen=True, kw_only=True):
    """Answers to a live athlete, in seconds: alone, and beside the import of another athlete's file."""

    idle_s: list[float]
    beside_s: list[float]
    import_s: float


FULL = Plan()
Copied = list[tuple[str, Sequence[str], list[tuple[Any, ...]]]]


def main(plan: Plan = FULL) -> None:
    content = strong_csv(plan.workouts)
    with temporary_database() as database:
        steps, found = uvloop.run(_measured(database, content, plan))
    print(_steps_table(steps, plan))
    print(_copy_table(found, plan))
    with temporary_folder() as folder, Stack(bench_latency.settings(folder)) as stack:
        live = uvloop.run(_live(stack, content, plan))
    print(_live_table(live, plan))


class Timed:
    """A driver that counts how long the database takes; rows to copy are made before, and remembered."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.elapsed_s = 0.0
        self.copied: Copied = []

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._driver, name)
        return self._timed(method) if name in {"fetch", "fetchrow", "fetchval", "execute"} else method

    async def copy_records_to_table(self, table_name: str, *, columns: Sequence[str], records: Any) -> str:
        rows = list(records)
        self.copied.append((table_name, columns, rows))
        return await self._timed(self._driver.copy_records_to_table)(table_name, columns=columns, records=rows)

    def _timed(self, method: Any) -> Any:
        async def call(*arguments: Any, **options: Any) -> Any:
            started = time.perf_counter()
            try:
                return await method(*arguments, **options)
            finally:
                self.elapsed_s += time.perf_counter() - started

        return call


async def _measured(
    database: Database, content: bytes, plan: Plan
) -> tuple[dict[str, list[float]], dict[str, list[Taken]]]:
    """The steps of an import, and the statements of its publishing in turns with a raw COPY of the rows they copied."""
    engine = db.engine(DatabaseConfig(dsn=database.dsn, pool_size=2, command_timeout_s=300))
    steps: defaultdict[str, list[float]] = defaultdict(list)
    found: dict[str, list[Taken]] = {OURS: [], RAW: []}
    copied: Copied = []
    for number in range(plan.rounds + 1):
        ours, others = (system(athlete_id) for athlete_id in await new_athletes(database.dsn, 2))
        for name in (RAW, OURS) if number % 2 else (OURS, RAW):
            if name is RAW:
                taken = await _raw(engine, others, copied, database.pid)
            else:
                job = await _staged(engine, ours, content, steps)
                taken, copied = await _published(engine, ours, job, steps, database.pid)
                assert sum(len(rows) for name, _, rows in copied if name == "set_entries") == plan.workouts * 20
            found[name].append(taken)
    await engine.dispose()
    # The first round warms up.
    return {name: values[1:] for name, values in steps.items()}, {name: taken[1:] for name, taken in found.items()}


async def _staged(
    engine: AsyncEngine, athlete: VisibleAthlete, content: bytes, steps: defaultdict[str, list[float]]
) -> Job:
    upload = Upload(file_name=None, size_bytes=len(content), sha256=b"", time_zone="UTC", unit=MassUnit.KG)
    async with _step(steps, "keep the file"), db.direct(engine, transaction=True) as session:
        import_id = await imports.upload(
            session, io.BytesIO(content), upload, athlete=athlete, requested_by=athlete.athlete_id, now=_now()
        )
    async with _step(steps, "parse"):
        log = readers.read(io.BytesIO(content), time_zone="UTC", unit=MassUnit.KG)
    job = await _next(engine, athlete, import_id)
    async with _step(steps, "validate and stage"), db.direct(engine, transaction=True) as session:
        await import_staging.stage(session, log, job, athlete=athlete, now=_now())
    return await _next(engine, athlete, import_id)


async def _published(
    engine: AsyncEngine, athlete: VisibleAthlete, job: Job, steps: defaultdict[str, list[float]], database_pid: int
) -> tuple[Taken, Copied]:
    before_s = await _settled(database_pid)
    async with _step(steps, "publish"), db.direct(engine, transaction=True) as session:
        timed = Timed(session.driver)
        driver: Any = timed
        await import_publishing.publish(Direct(driver), job, athlete=athlete, now=_now())
        committing = time.perf_counter()
    elapsed_s = timed.elapsed_s + time.perf_counter() - committing
    return Taken(elapsed_s=elapsed_s, database_s=await _settled(database_pid) - before_s), timed.copied


async def _raw(engine: AsyncEngine, athlete: VisibleAthlete, copied: Copied, database_pid: int) -> Taken:
    """The same rows for another athlete: one COPY a table."""
    tables: dict[str, tuple[Sequence[str], list[tuple[Any, ...]]]] = {}
    for name, columns, rows in copied:
        tables.setdefault(name, (columns, []))[1].extend((athlete.athlete_id, *row[1:]) for row in rows)
    before_s, started = await _settled(database_pid), time.perf_counter()
    async with db.direct(engine, transaction=True) as session:
        for name, (columns, rows) in tables.items():
            await session.driver.copy_records_to_table(name, columns=columns, records=rows)
    elapsed_s = time.perf_counter() - started
    return Taken(elapsed_s=elapsed_s, database_s=await _settled(database_pid) - before_s)


async def _next(engine: AsyncEngine, athlete: VisibleAthlete, import_id: UUID) -> Job:
    async with db.direct(engine, transaction=True) as session:
        job = await import_jobs.begin(session, athlete, import_id, now=_now())
    assert job is not None, "an import that is not published has a job"
    return job


async def _settled(database_pid: int) -> float:
    gc.collect()
    await asyncio.sleep(SETTLE_S)
    return cpu_s(database_pid)


@asynccontextmanager
async def _step(steps: defaultdict[str, list[float]], name: str) -> AsyncGenerator[None]:
    started = time.perf_counter()
    yield
    steps[name].append(time.perf_counter() - started)


async def _live(stack: Stack, content: bytes, plan: Plan) -> Live:
    """An athlete records at a steady pace: alone, then for as long as another athlete's file is imported."""
    live_id, other_id = await new_athletes(stack.postgres.dsn, 2)
    file = stack.folder / "log.csv"
    file.write_bytes(content)
    order = Order(file=file, email=f"{other_id}@example.org", time_zone="UTC", unit=MassUnit.KG)
    async with Connection(stack.api.port, token(live_id)) as connection:
        athlete = Athlete(connection, live_id, plan.live)
        await athlete.record_history()
        await _paced(athlete, plan, lambda number: number >= plan.live)
        idle_s = await _paced(athlete, plan, lambda number: number >= plan.live)
        started = time.perf_counter()
        importing = asyncio.create_task(bring(order, stack.settings.database))
        beside_s = await _paced(athlete, plan, lambda _: importing.done())
        await importing
    return Live(idle_s=idle_s, beside_s=beside_s, import_s=time.perf_counter() - started)


async def _paced(athlete: Athlete, plan: Plan, is_over: Callable[[int], bool]) -> list[float]:
    answers_s: list[float] = []
    while not is_over(len(answers_s)):
        started = time.perf_counter()
        await athlete.record()
        answers_s.append(time.perf_counter() - started)
        await asyncio.sleep(max(0.0, 1 / plan.live_per_second - answers_s[-1]))
    return answers_s


def _now() -> datetime:
    return datetime.now(UTC)


def _steps_table(steps: Mapping[str, list[float]], plan: Plan) -> str:
    rows = [(name, f"{median(values):.2f}", spread(values)) for name, values in steps.items()]
    sets = plan.workouts * 20
    return table(
        f"Importing {sets:,} sets, s, medians of {plan.rounds} rounds", ("step", "s", "quartiles"), rows, words=1
    )


def _copy_table(found: Mapping[str, list[Taken]], plan: Plan) -> str:
    rows: list[tuple[str, str, str, str]] = []
    for what, label in (("elapsed_s", "elapsed"), ("database_s", "PostgreSQL's processor")):
        ours, raw = ([getattr(one, what) for one in found[name]] for name in (OURS, RAW))
        ratio = ratios(raw, ours)
        rows += [
            (label, OURS, f"{median(ours):.2f}", ""),
            (label, RAW, f"{median(raw):.2f}", ""),
            (label, f"{RAW} / {OURS}", f"{median(ratio):.2f}", verdict(median(ratio), at_least=LEAST_OF_COPY)),
        ]
    title = f"The database's part of publishing, s, medians of {plan.rounds} interleaved rounds"
    return table(title, ("", "", "s", "goal"), rows)


def _live_table(live: Live, plan: Plan) -> str:
    idle, beside = (percentile(values, 99) * 1000 for values in (live.idle_s, live.beside_s))
    rows = [
        ("the whole import, from the upload to its receipt", f"{live.import_s:.1f} s", ""),
        ("answers to a live POST, p50 and p99: alone", _pair(live.idle_s), ""),
        (f"the same beside the import ({len(live.beside_s)} answers)", _pair(live.beside_s), ""),
        ("p99 beside / alone", f"{beside / idle:.2f}", verdict(beside / idle, at_most=MOST_OF_IDLE)),
    ]
    title = f"On the whole stack, one athlete recording {plan.live_per_second:g} workouts/s"
    return table(title, ("", "value", "goal"), rows, words=1)


def _pair(values_s: Sequence[float]) -> str:
    return f"{percentile(values_s, 50) * 1000:.1f}, {percentile(values_s, 99) * 1000:.1f} ms"
