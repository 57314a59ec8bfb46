"""What was kept of an athlete's training, and what has changed since: the only rows that a load needs to read.

Every statement tells the version that it shows: of one version they are of one snapshot, for the clock is held to the
commit by every write.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from models.db import Session, raw
from models.domain.measurements import MEASUREMENT
from models.queries import stated
from models.queries.history import (
    CLOCK,
    CLOCK_COLUMNS,
    EXERCISE,
    EXERCISES,
    ITEMS,
    MERGED,
    MERGES,
    SETS,
    WORKOUTS,
    arrays,
    columns,
    mapping,
    records,
)
from models.queries.stated import Columns, Told
from models.queries.visibility import VisibleAthlete

KEPT = "SELECT data_version, digest, body FROM training_states WHERE athlete_id = $1 AND layout = $2"
# The sets of a workout are found by their key, and a few workouts by their version, whatever stale statistics say.
BY_KEY = "SET LOCAL enable_nestloop = on; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"

SETS_OF = ("workout_id", *SETS[1:])
TOUCHED = ("id",)
_ENTRIES = """
    SELECT workout.id::text AS workout_id, entry.position, coalesce(merged.target_id, entry.exercise_id) AS exercise_id,
        entry.kind, entry.load_mode, entry.reps, entry.load_g, entry.rpe_tenths, entry.rir_tenths, entry.duration_ms,
        entry.distance_mm, entry.side
    FROM {workouts} AS workout CROSS JOIN LATERAL (
        SELECT * FROM set_entries WHERE athlete_id = $1 AND workout_id = workout.id ORDER BY position OFFSET 0
    ) AS entry LEFT JOIN merged ON merged.exercise_id = entry.exercise_id"""
# $2 the version that is known; $3 the exercises that are, with those that are merged into them.
CHANGED = f"""
WITH changed AS MATERIALIZED (
    SELECT id, performed_on, started_at, session_rpe_tenths, bodyweight_g, deleted_at,
        extract(epoch FROM ended_at - started_at)::int AS duration_s
    FROM workouts WHERE athlete_id = $1 AND data_version > $2
), live AS MATERIALIZED (SELECT id::text AS workout_id, * FROM changed WHERE deleted_at IS NULL
), merged AS MATERIALIZED ({MERGED}
), entries AS MATERIALIZED ({_ENTRIES.format(workouts="live")}
), used AS (
    SELECT {EXERCISE}
    FROM exercises WHERE id = ANY (ARRAY (
        SELECT exercise_id FROM entries UNION SELECT known FROM unnest($3::int[]) AS known
        UNION SELECT target_id FROM merged WHERE exercise_id = ANY ($3)
    )) ORDER BY id
), measured AS (
    SELECT id::text, record::text AS record, schema_version FROM athlete_items
    WHERE athlete_id = $1 AND data_version > $2 AND kind = '{MEASUREMENT.kind}'
)
SELECT {CLOCK_COLUMNS}, touched.*, workouts.*, sets.*, exercises.*, items.*, merges.*
FROM {CLOCK}
CROSS JOIN (SELECT {arrays("touched", TOUCHED)} FROM (SELECT id::text FROM changed) AS named) AS touched
CROSS JOIN (SELECT {arrays("workouts", WORKOUTS)} FROM live) AS workouts
CROSS JOIN (SELECT {arrays("sets", SETS_OF)} FROM entries) AS sets
CROSS JOIN (SELECT {arrays("exercises", EXERCISES)} FROM used) AS exercises
CROSS JOIN (SELECT {arrays("items", ITEMS)} FROM measured) AS items
CROSS JOIN (SELECT {arrays("merges", MERGES)} FROM merged) AS merges
WHERE clock.athlete_id = $1
"""
SETS_OF_WORKOUTS = f"""
WITH merged AS MATERIALIZED ({MERGED}
), entries AS MATERIALIZED ({_ENTRIES.format(workouts="(SELECT unnest($2::uuid[]) AS id)")})
SELECT clock.data_version, sets.* FROM athlete_clocks AS clock
CROSS JOIN (SELECT {arrays("sets", SETS_OF)} FROM entries) AS sets
WHERE clock.athlete_id = $1
"""


class Kept(Struct, frozen=True, kw_only=True):
    """A state as it was kept: bytes of the code that wrote them, and their digest."""

    data_version: int
    digest: str
    body: bytes


class Changes(Struct, frozen=True, kw_only=True):
    """What differs from a known version, as columns; sets name their workout.

    `touched` are all workouts that changed, those deleted too; `workouts` and `sets` what the others are now.
    `measured` are all measurements that changed, `weighed` what bodyweights they are now. `exercises` are all that were
    asked for, and more.
    """

    data_version: int
    time_zone: str
    touched: list[str]
    workouts: Columns
    sets: Columns
    exercises: Columns
    measured: list[str]
    weighed: Columns
    merges: dict[int, int]
    told: Told


async def kept(session: Session, athlete: VisibleAthlete, layout: int) -> Kept | None:
    """The state, if one of that layout was kept."""
    row = await (await raw(session)).fetchrow(KEPT, athlete.athlete_id, layout)
    return None if row is None else Kept(**dict(row))


async def changes(session: Session, athlete: VisibleAthlete, *, since: int, exercises: Sequence[int]) -> Changes | None:
    """What has changed since a version, and how those exercises are now; None where there is no such athlete."""
    connection = await raw(session)
    await connection.execute(BY_KEY)
    row = await connection.fetchrow(CHANGED, athlete.athlete_id, since, exercises)
    return None if row is None else _changes(row)


async def sets_of(session: Session, athlete: VisibleAthlete, workouts: Sequence[str]) -> tuple[int, Columns]:
    """The version that is shown, and the sets of those workouts."""
    connection = await raw(session)
    await connection.execute(BY_KEY)
    row = await connection.fetchrow(SETS_OF_WORKOUTS, athlete.athlete_id, [UUID(one) for one in workouts])
    return row["data_version"], columns(row, "sets", SETS_OF)


def _changes(row: Any) -> Changes:
    items = columns(row, "items", ITEMS)
    return Changes(
        data_version=row["data_version"],
        time_zone=row["time_zone"],
        touched=columns(row, "touched", TOUCHED)["id"],
        workouts=columns(row, "workouts", WORKOUTS),
        sets=columns(row, "sets", SETS_OF),
        exercises=columns(row, "exercises", EXERCISES),
        measured=items["id"],
        weighed=stated.weighed(records(items)),
        merges=mapping(columns(row, "merges", MERGES)),
        told=stated.told(row["profile"], row["profile_schema"]),
    )
