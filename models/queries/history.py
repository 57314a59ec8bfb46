"""One athlete's training history in one statement: one snapshot, one row of arrays, the version that they show."""

from typing import Any
from uuid import UUID

from msgspec import Struct

from models.db import Session, raw
from models.domain.errors import NotFound
from models.queries.visibility import VisibleAthlete

Columns = dict[str, list[Any]]

WORKOUTS = ("workout_id", "performed_on", "started_at", "duration_s", "session_rpe_tenths", "bodyweight_g")
SETS = (
    "session",
    "position",
    "exercise_id",
    "kind",
    "load_mode",
    "reps",
    "load_g",
    "rpe_tenths",
    "rir_tenths",
    "duration_ms",
    "distance_mm",
    "side",
)
EXERCISES = (
    "exercise_id",
    "name",
    "pattern",
    "load_mode",
    "unilateral",
    "implements",
    "bodyweight_permille",
    "muscles",
)


def _arrays(table: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"array_agg({name}) AS {table}_{name}" for name in names)


# Each merged exercise beside the one at the end of its chain of merges; a cycle is refused when it is written.
MERGED = """
    WITH RECURSIVE chain AS (
        SELECT exercise_id, target_id, 1 AS length FROM exercise_merges WHERE athlete_id = $1 AND undone_at IS NULL
        UNION ALL
        SELECT chain.exercise_id, further.target_id, chain.length + 1
        FROM chain JOIN exercise_merges AS further ON further.athlete_id = $1 AND further.undone_at IS NULL
            AND further.exercise_id = chain.target_id
    )
    SELECT DISTINCT ON (exercise_id) exercise_id, target_id FROM chain ORDER BY exercise_id, length DESC"""
# Sorting once below the aggregates is several times cheaper than ORDER BY inside each of them.
HISTORY = f"""
WITH numbered AS MATERIALIZED (
    SELECT id, id::text AS workout_id, performed_on, started_at, session_rpe_tenths, bodyweight_g,
        extract(epoch FROM ended_at - started_at)::int AS duration_s,
        row_number() OVER (ORDER BY started_at, id)::int - 1 AS session
    FROM workouts WHERE athlete_id = $1 AND deleted_at IS NULL
), merged AS MATERIALIZED ({MERGED}
), entries AS MATERIALIZED (
    SELECT numbered.session, entry.position, coalesce(merged.target_id, entry.exercise_id) AS exercise_id,
        entry.kind, entry.load_mode, entry.reps, entry.load_g, entry.rpe_tenths, entry.rir_tenths, entry.duration_ms,
        entry.distance_mm, entry.side
    FROM numbered JOIN set_entries AS entry ON entry.athlete_id = $1 AND entry.workout_id = numbered.id
    LEFT JOIN merged ON merged.exercise_id = entry.exercise_id
    ORDER BY numbered.session, entry.position
), used AS (
    SELECT id AS exercise_id, name, pattern, load_mode, unilateral, implements, bodyweight_permille,
        muscles::text AS muscles
    FROM exercises WHERE id = ANY (ARRAY (SELECT DISTINCT exercise_id FROM entries)) ORDER BY id
)
SELECT clock.data_version, account.time_zone, workouts.*, sets.*, exercises.*
FROM athlete_clocks AS clock
JOIN accounts AS account ON account.id = clock.athlete_id
CROSS JOIN (SELECT {_arrays("workouts", WORKOUTS)} FROM (SELECT * FROM numbered ORDER BY session) AS sorted) AS workouts
CROSS JOIN (SELECT {_arrays("sets", SETS)} FROM entries) AS sets
CROSS JOIN (SELECT {_arrays("exercises", EXERCISES)} FROM used) AS exercises
WHERE clock.athlete_id = $1
"""
# Right after an import the statistics are stale, and a nested loop over the numbered workouts takes ten times as long.
HASH_JOINS = "SET LOCAL enable_nestloop = off"


class StoredHistory(Struct, frozen=True, kw_only=True):
    """What was read, as columns; `data_version` is exactly the state that they show."""

    athlete_id: UUID
    data_version: int
    time_zone: str
    workouts: Columns
    sets: Columns
    exercises: Columns


async def stored_history(session: Session, athlete: VisibleAthlete) -> StoredHistory:
    """Every workout that is not deleted, with its sets and the exercises that occur; sorted, and dense from 0."""
    connection = await raw(session)
    await connection.execute(HASH_JOINS)
    row = await connection.fetchrow(HISTORY, athlete.athlete_id)
    if row is None:
        raise NotFound("There is no such athlete.")
    return StoredHistory(
        athlete_id=athlete.athlete_id,
        data_version=row["data_version"],
        time_zone=row["time_zone"],
        workouts=_columns(row, "workouts", WORKOUTS),
        sets=_columns(row, "sets", SETS),
        exercises=_columns(row, "exercises", EXERCISES),
    )


def _columns(row: Any, table: str, names: tuple[str, ...]) -> Columns:
    return {name: row[f"{table}_{name}"] or [] for name in names}
