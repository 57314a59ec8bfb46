"""What must be true when the dust has settled: nothing missing, nothing twice, every document as a recomputation has it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

SETTLED = """
SELECT (SELECT count(*) FROM outbox)
     + (SELECT count(*) FROM athlete_clocks WHERE attempted_version < data_version)
     + (SELECT count(*) FROM runs WHERE ended_at IS NULL)
"""
RECORDED = "SELECT id, deleted_at FROM workouts WHERE athlete_id = $1"
TWICE = """
SELECT workout_id FROM workout_revisions WHERE athlete_id = $1 GROUP BY workout_id HAVING count(*) <> 1
"""
SETS = "SELECT count(*) FROM set_entries WHERE athlete_id = $1 AND workout_id = $2"
VERSIONS = "SELECT array_agg(data_version ORDER BY data_version) FROM workout_revisions WHERE athlete_id = $1"
CLOCK = "SELECT data_version, analysed_version FROM athlete_clocks WHERE athlete_id = $1"
UNFINISHED = "SELECT kind, status, problem FROM runs WHERE athlete_id = $1 AND status NOT IN ('succeeded', 'superseded')"


async def settle(dsn: str, *, within_s: float) -> None:
    """Wait until no event, lagging clock or open run is left; raises TimeoutError with what is."""
    connection = await asyncpg.connect(dsn)
    try:
        async with asyncio.timeout(within_s):
            while await connection.fetchval(SETTLED):
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise TimeoutError(f"still unsettled: {await _unsettled(connection)}") from None
    finally:
        await connection.close()


async def faults(dsn: str, athlete_id: UUID, acknowledged: Mapping[UUID, Mapping[str, Any]]) -> list[str]:
    """Everything that breaks the first promise for one athlete, in words; empty when it is kept."""
    connection = await asyncpg.connect(dsn)
    try:
        recorded = {row["id"] for row in await connection.fetch(RECORDED, athlete_id) if row["deleted_at"] is None}
        found = [f"acknowledged but missing: {missing}" for missing in acknowledged.keys() - recorded]
        found += [f"recorded but never sent: {extra}" for extra in recorded - acknowledged.keys()]
        found += [f"not one revision: {row['workout_id']}" for row in await connection.fetch(TWICE, athlete_id)]
        found += await _wrong_sets(connection, athlete_id, acknowledged)
        versions = await connection.fetchval(VERSIONS, athlete_id) or []
        clock = await connection.fetchrow(CLOCK, athlete_id)
        if versions != list(range(1, len(acknowledged) + 1)):
            found.append(f"versions are not gapless: {versions}")
        if clock is None or tuple(clock) != (len(acknowledged), len(acknowledged)):
            found.append(f"the clock stands at {clock}, with {len(acknowledged)} acknowledged")
        found += [f"run ended badly: {dict(row)}" for row in await connection.fetch(UNFINISHED, athlete_id)]
        return found
    finally:
        await connection.close()


async def _wrong_sets(
    connection: Any, athlete_id: UUID, acknowledged: Mapping[UUID, Mapping[str, Any]]
) -> Sequence[str]:
    found: list[str] = []
    for workout_id, workout in acknowledged.items():
        count = await connection.fetchval(SETS, athlete_id, workout_id)
        if count != len(workout["sets"]):
            found.append(f"{workout_id} has {count} sets, not {len(workout['sets'])}")
    return found


async def _unsettled(connection: Any) -> list[Any]:
    outbox = await connection.fetch("SELECT topic, attempts, leased_until FROM outbox LIMIT 5")
    lagging = await connection.fetch("SELECT * FROM athlete_clocks WHERE attempted_version < data_version LIMIT 5")
    runs = await connection.fetch("SELECT kind, status, created_at, workflow_id FROM runs WHERE ended_at IS NULL LIMIT 5")
    return [*map(dict, outbox), *map(dict, lagging), *map(dict, runs)]
