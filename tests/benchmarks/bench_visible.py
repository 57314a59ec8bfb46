"""What one more workout costs athletes of 400, 4,000 and 40,000 sets: rows read, and the time to visible metrics."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

import uvloop
from msgspec import Struct

from loadstone.dev.stack import Stack
from tests.benchmarks.athlete import Athlete
from tests.benchmarks.bench_latency import settings
from tests.benchmarks.database import driver, new_athletes, temporary_folder
from tests.benchmarks.figures import percentile
from tests.benchmarks.http_client import Connection
from tests.benchmarks.servers import token
from tests.benchmarks.table import table

SETS_A_WORKOUT = 20
TABLES = ("workouts", "set_entries", "set_details", "athlete_items")
ROWS = """
SELECT relname, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) AS rows FROM pg_stat_user_tables
WHERE relname = ANY ($1)
"""
# The documents of all steps of the analysis, not only the first one's, cover the version.
COVERED = """
SELECT min(data_version) FROM step_documents WHERE athlete_id = $1 AND name <> 'summary'
"""
# A connection at rest tells the server of its last transactions within ten seconds.
STATISTICS_AFTER_S = 11.0
POLL_S = 0.005
HEAD = ("athlete", "metrics visible: p50, most", "all documents: p50, most", "rows read a workout", "by table")


class Plan(Struct, frozen=True, kw_only=True):
    """How many workouts each athlete has, and how many more are recorded, one after the other."""

    histories: tuple[int, ...] = (20, 200, 2000)
    workouts: int = 20


class Found(Struct, frozen=True, kw_only=True):
    """What the workouts of one athlete showed."""

    history: int
    visible_s: list[float]
    covered_s: list[float]
    rows: dict[str, float]


FULL = Plan()


def main(plan: Plan = FULL) -> None:
    with temporary_folder() as folder, Stack(settings(folder)) as stack:
        print(_table([uvloop.run(_measure(stack, history, plan)) for history in plan.histories]))


async def _measure(stack: Stack, history: int, plan: Plan) -> Found:
    async with AsyncExitStack() as context:
        connection = await driver.connect(stack.postgres.dsn)
        context.push_async_callback(connection.close)
        (athlete_id,) = await new_athletes(stack.postgres.dsn, 1)
        client = await context.enter_async_context(Connection(stack.api.port, token(athlete_id)))
        athlete = Athlete(client, athlete_id, history)
        await _covered(connection, athlete, await athlete.record_history())
        # As autovacuum does within a minute: without it keys are looked up by whichever index is the smallest.
        await connection.execute("ANALYZE")
        before = await _rows(connection)
        times = [await _one(connection, athlete) for _ in range(plan.workouts)]
        after = await _rows(connection)
    return Found(
        history=history,
        visible_s=[visible for visible, _ in times],
        covered_s=[covered for _, covered in times],
        rows={name: (after[name] - before[name]) / plan.workouts for name in TABLES},
    )


async def _one(connection: Any, athlete: Athlete) -> tuple[float, float]:
    version, recorded_at = await athlete.record(), time.perf_counter()
    await athlete.visible(version)
    visible_s = time.perf_counter() - recorded_at
    await _covered(connection, athlete, version)
    return visible_s, time.perf_counter() - recorded_at


async def _covered(connection: Any, athlete: Athlete, version: int) -> None:
    while (await connection.fetchval(COVERED, athlete.athlete_id) or 0) < version:
        await asyncio.sleep(POLL_S)


async def _rows(connection: Any) -> dict[str, int]:
    await asyncio.sleep(STATISTICS_AFTER_S)
    return {row["relname"]: row["rows"] for row in await connection.fetch(ROWS, TABLES)}


def _table(found: Sequence[Found]) -> str:
    rows = [
        (
            f"{one.history * SETS_A_WORKOUT:,} sets",
            _pair(one.visible_s),
            _pair(one.covered_s),
            f"{sum(one.rows.values()):,.0f}",
            ", ".join(f"{name} {count:,.0f}" for name, count in one.rows.items()),
        )
        for one in found
    ]
    return table("What one more workout costs", HEAD, rows)


def _pair(values_s: Sequence[float]) -> str:
    return f"{percentile(values_s, 50) * 1000:.0f}, {max(values_s) * 1000:.0f} ms"
