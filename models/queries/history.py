"""One athlete's training history in one statement: one snapshot, one row of arrays, the version that they show."""

from typing import Any
from uuid import UUID

from msgspec import Struct

from models.db import Session, raw
from models.domain.errors import NotFound
from models.domain.profile import PROFILE
from models.queries import stated
from models.queries.stated import BODYWEIGHT, Columns, Told
from models.queries.visibility import VisibleAthlete

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
MERGES = ("exercise_id", "target_id")
ITEMS = ("id", "record", "schema_version")


def arrays(table: str, names: tuple[str, ...]) -> str:
    """Each column of a table as one array, called `table_column`."""
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
EXERCISE = """
    id AS exercise_id, name, pattern, load_mode, unilateral, implements, bodyweight_permille,
    muscles::text AS muscles"""
# What stands beside the arrays: of one snapshot with them.
CLOCK = f"""
athlete_clocks AS clock JOIN accounts AS account ON account.id = clock.athlete_id
LEFT JOIN athlete_items AS profile
    ON profile.athlete_id = $1 AND profile.kind = '{PROFILE.kind}' AND profile.id = $1"""
CLOCK_COLUMNS = """
clock.data_version, account.time_zone, profile.record::text AS profile, profile.schema_version AS profile_schema"""
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
    SELECT {EXERCISE}
    FROM exercises WHERE id = ANY (ARRAY (SELECT DISTINCT exercise_id FROM entries)) ORDER BY id
), measured AS (
    SELECT id::text, record::text AS record, schema_version FROM athlete_items
    WHERE athlete_id = $1 AND {BODYWEIGHT} AND deleted_at IS NULL
)
SELECT {CLOCK_COLUMNS}, workouts.*, sets.*, exercises.*, items.*, merges.*
FROM {CLOCK}
CROSS JOIN (SELECT {arrays("workouts", WORKOUTS)} FROM (SELECT * FROM numbered ORDER BY session) AS sorted) AS workouts
CROSS JOIN (SELECT {arrays("sets", SETS)} FROM entries) AS sets
CROSS JOIN (SELECT {arrays("exercises", EXERCISES)} FROM used) AS exercises
CROSS JOIN (SELECT {arrays("items", ITEMS)} FROM measured) AS items
CROSS JOIN (SELECT {arrays("merges", MERGES)} FROM merged) AS merges
WHERE clock.athlete_id = $1
"""
# Right after an import the statistics are stale, and a nested loop over the numbered workouts takes ten times as long.
HASH_JOINS = "SET LOCAL enable_nestloop = off"


class StoredHistory(Struct, frozen=True, kw_only=True):
    """What was read, as columns; `data_version` is exactly the state that they show.

    `weighed` are the bodyweights measured beside workouts; `merges` leads each merged exercise to the one that its sets
    count as, which they name already.
    """

    athlete_id: UUID
    data_version: int
    time_zone: str
    workouts: Columns
    sets: Columns
    exercises: Columns
    weighed: Columns
    merges: dict[int, int]
    told: Told


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
        workouts=columns(row, "workouts", WORKOUTS),
        sets=columns(row, "sets", SETS),
        exercises=columns(row, "exercises", EXERCISES),
        weighed=stated.weighed(records(columns(row, "items", ITEMS))),
        merges=mapping(columns(row, "merges", MERGES)),
        told=stated.told(row["profile"], row["profile_schema"]),
    )


def columns(row: Any, table: str, names: tuple[str, ...]) -> Columns:
    """The arrays of a table; empty ones where it had no row."""
    return {name: row[f"{table}_{name}"] or [] for name in names}


def records(table: Columns) -> list[dict[str, Any]]:
    """The rows of columns."""
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


def mapping(merges: Columns) -> dict[int, int]:
    """Each merged exercise with the one that it counts as."""
    return dict(zip(merges["exercise_id"], merges["target_id"], strict=True))


def resolved(merges: dict[int, int]) -> dict[int, int]:
    """Each merged exercise with the one at the end of its chain."""
    resolved: dict[int, int] = {}
    for exercise_id in merges:
        target, met = exercise_id, set[int]()
        while target in merges and target not in met:
            met.add(target)
            target = merges[target]
        resolved[exercise_id] = target
    return resolved
