"""What must be true when the dust has settled: nothing missing, nothing twice, every document as recomputed."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from models import db
from models.db import DatabaseConfig
from models.domain import revisions
from models.queries.visibility import system
from models.services.workout_rows import SET_COLUMNS, set_row
from tests.databases import connected
from workflows.steps import STEPS, runner

SETTLED = """
SELECT (SELECT count(*) FROM outbox)
     + (SELECT count(*) FROM athlete_clocks WHERE attempted_version < data_version)
     + (SELECT count(*) FROM runs WHERE ended_at IS NULL)
     + (SELECT count(*) FROM step_documents AS document WHERE document.name = 'progress' AND NOT EXISTS (
         SELECT FROM runs WHERE runs.athlete_id = document.athlete_id AND runs.kind = 'summary'
         AND runs.ended_at IS NOT NULL AND (runs.data_version, runs.as_of) >= (document.data_version, document.as_of)
     ))
"""
RECORDED = "SELECT id FROM workouts WHERE athlete_id = $1 AND deleted_at IS NULL"
TWICE = """
SELECT workout_id FROM workout_revisions WHERE athlete_id = $1 GROUP BY workout_id HAVING count(*) <> 1
"""
SETS = f"""
SELECT {", ".join(SET_COLUMNS)} FROM set_entries WHERE athlete_id = $1 AND workout_id = $2 ORDER BY position
"""
RECORD = """
SELECT record::text AS record, schema_version FROM workout_revisions
WHERE athlete_id = $1 AND workout_id = $2 ORDER BY data_version DESC LIMIT 1
"""
DOCUMENTS = "SELECT name, body, as_of FROM step_documents WHERE athlete_id = $1 AND name = ANY ($2::text[])"
VERSIONS = "SELECT array_agg(data_version ORDER BY data_version) FROM workout_revisions WHERE athlete_id = $1"
CLOCK = "SELECT data_version, analysed_version FROM athlete_clocks WHERE athlete_id = $1"
UNFINISHED = """
SELECT kind, status, problem FROM runs WHERE athlete_id = $1 AND status NOT IN ('succeeded', 'superseded')
"""


async def settle(dsn: str, *, within_s: float) -> None:
    """Wait until no event, lagging clock, open run or unsummarised analysis is left; TimeoutError tells what is."""
    async with connected(dsn) as connection:
        try:
            async with asyncio.timeout(within_s):
                while await connection.fetchval(SETTLED):
                    await asyncio.sleep(0.2)
        except TimeoutError:
            raise TimeoutError(f"still unsettled: {await _unsettled(connection)}") from None


async def faults(dsn: str, athlete_id: UUID, acknowledged: Mapping[UUID, Mapping[str, Any]]) -> list[str]:
    """Everything that breaks the first promise for one athlete, in words; empty when it is kept."""
    async with connected(dsn) as connection:
        recorded = {row["id"] for row in await connection.fetch(RECORDED, athlete_id)}
        found = [f"acknowledged but missing: {missing}" for missing in acknowledged.keys() - recorded]
        found += [f"recorded but never sent: {extra}" for extra in recorded - acknowledged.keys()]
        found += [f"not one revision: {row['workout_id']}" for row in await connection.fetch(TWICE, athlete_id)]
        found += await _wrong_sets(connection, athlete_id, acknowledged)
        count = len(acknowledged)
        versions = await connection.fetchval(VERSIONS, athlete_id)
        if versions != list(range(1, count + 1)):
            found.append(f"versions are not gapless: {versions}")
        clock = await connection.fetchrow(CLOCK, athlete_id)
        if tuple(clock) != (count, count):
            found.append(f"the clock stands at {clock}, with {count} acknowledged")
        return found + [f"run ended badly: {dict(row)}" for row in await connection.fetch(UNFINISHED, athlete_id)]


async def _wrong_sets(connection: Any, athlete_id: UUID, acknowledged: Mapping[UUID, Mapping[str, Any]]) -> list[str]:
    """Workouts whose rows are not those of their newest revision, or whose revision is not what was sent."""
    found: list[str] = []
    for workout_id, workout in acknowledged.items():
        row = await connection.fetchrow(RECORD, athlete_id, workout_id)
        record = revisions.decode(row["record"], row["schema_version"])
        rows = [tuple(entry) for entry in await connection.fetch(SETS, athlete_id, workout_id)]
        if rows != [set_row(entry) for entry in record.sets]:
            found.append(f"{workout_id}: the rows are not those of its history")
        sent = [(entry["exercise_id"], round(entry["load"] * 1000), entry["reps"]) for entry in workout["sets"]]
        if sent != [(entry.exercise_id, entry.load_g, entry.reps) for entry in record.sets]:
            found.append(f"{workout_id}: its history is not what was sent")
    return found


async def unequal_documents(dsn: str, athlete_id: UUID) -> list[str]:
    """The stored documents that are not, byte for byte, what a recomputation of the recorded history gives."""
    engine = db.engine(DatabaseConfig(dsn=dsn, pool_size=1))
    try:
        async with db.transaction(db.sessions(engine)) as session:
            found: list[str] = []
            for step in (step for step in STEPS if step.pipeline == "analysis"):
                rows = await (await db.raw(session)).fetch(DOCUMENTS, athlete_id, list(step.documents))
                stored = {row["name"]: row["body"] for row in rows}
                as_of = max((row["as_of"] for row in rows), default=date.min)
                _, output = await runner.run(session, step, system(athlete_id), as_of=as_of)
                found += [name for name in step.documents if stored.get(name) != output.documents[name]]
            return found
    finally:
        await engine.dispose()


async def _unsettled(connection: Any) -> list[Any]:
    outbox = await connection.fetch("SELECT topic, attempts, leased_until FROM outbox LIMIT 5")
    lagging = await connection.fetch("SELECT * FROM athlete_clocks WHERE attempted_version < data_version LIMIT 5")
    runs = await connection.fetch("SELECT kind, status, workflow_id FROM runs WHERE ended_at IS NULL LIMIT 5")
    return [*map(dict, outbox), *map(dict, lagging), *map(dict, runs)]
