"""One athlete's history as it was at an earlier version, made again from the revisions that every write leaves.

Workouts, items and own exercises are known exactly. The catalogue is as it is today: a digest tells whether that is
what was read then. Of a merge only the last change is known: see `_merges`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from models.db import Driver, Session, raw
from models.domain import revisions
from models.domain.errors import NotFound
from models.domain.exercises import LOAD_MODE_CODES, CustomExerciseDraft
from models.domain.measurements import MEASUREMENT
from models.domain.profile import PROFILE
from models.domain.sets import SET_KIND_CODES, SIDE_CODES, SetRecord
from models.domain.workouts import WorkoutRecord
from models.queries import stated
from models.queries.history import EXERCISE, EXERCISES, SETS, WORKOUTS, StoredHistory, resolved
from models.queries.stated import Columns
from models.queries.visibility import VisibleAthlete

CLOCK = """
SELECT clock.data_version, account.time_zone FROM athlete_clocks AS clock
JOIN accounts AS account ON account.id = clock.athlete_id WHERE clock.athlete_id = $1
"""
WORKOUTS_THEN = """
SELECT schema_version, record FROM (
    SELECT DISTINCT ON (workout_id) schema_version, record::text AS record FROM workout_revisions
    WHERE athlete_id = $1 AND data_version <= $2 ORDER BY workout_id, data_version DESC
) AS newest WHERE record IS NOT NULL
"""
ITEMS_THEN = f"""
SELECT kind, id, schema_version, record FROM (
    SELECT DISTINCT ON (kind, item_id) kind, item_id::text AS id, schema_version, record::text AS record
    FROM athlete_item_revisions WHERE athlete_id = $1 AND data_version <= $2
    AND kind IN ('{MEASUREMENT.kind}', '{PROFILE.kind}') ORDER BY kind, item_id, data_version DESC
) AS newest WHERE record IS NOT NULL
"""
OWN_THEN = """
SELECT DISTINCT ON (exercise_id) exercise_id, record::text AS record FROM exercise_revisions
WHERE athlete_id = $1 AND data_version <= $2 AND exercise_id = ANY ($3::int[])
ORDER BY exercise_id, data_version DESC
"""
TODAY = f"SELECT {EXERCISE} FROM exercises WHERE id = ANY ($1::int[]) ORDER BY id"
MERGES = "SELECT exercise_id, target_id, data_version, merged_at, undone_at FROM exercise_merges WHERE athlete_id = $1"
# When the version was there already, as far as the writes that leave revisions tell.
INSTANT = """
SELECT least(
    (SELECT min(recorded_at) FROM workout_revisions WHERE athlete_id = $1 AND data_version >= $2),
    (SELECT min(recorded_at) FROM athlete_item_revisions WHERE athlete_id = $1 AND data_version >= $2),
    (SELECT min(recorded_at) FROM exercise_revisions WHERE athlete_id = $1 AND data_version >= $2)
)
"""


async def history_at(session: Session, athlete: VisibleAthlete, data_version: int) -> StoredHistory:
    """The history as a load would have read it at that version; raises NotFound for one that has not been yet."""
    connection = await raw(session)
    clock = await connection.fetchrow(CLOCK, athlete.athlete_id)
    if clock is None or not 0 <= data_version <= clock["data_version"]:
        raise NotFound("The athlete has no such version.")
    key = (athlete.athlete_id, data_version)
    workouts = [
        revisions.decode(row["record"], row["schema_version"]) for row in await connection.fetch(WORKOUTS_THEN, *key)
    ]
    workouts.sort(key=lambda workout: (workout.started_at, workout.workout_id))
    merges = resolved(await _merges(connection, *key))
    sets = _sets(workouts, merges)
    items = await connection.fetch(ITEMS_THEN, *key)
    profile = next((item for item in items if item["kind"] == PROFILE.kind), None)
    return StoredHistory(
        athlete_id=athlete.athlete_id,
        data_version=data_version,
        time_zone=clock["time_zone"],
        workouts=_workouts(workouts),
        sets=sets,
        exercises=await _exercises(connection, *key, used=sorted(set(sets["exercise_id"]))),
        weighed=stated.weighed(item for item in items if item["kind"] == MEASUREMENT.kind),
        merges=merges,
        told=stated.told(profile and profile["record"], profile and profile["schema_version"]),
    )


def _workouts(workouts: Sequence[WorkoutRecord]) -> Columns:
    rows = [
        (
            str(one.workout_id),
            one.performed_on,
            one.started_at,
            _seconds(one.started_at, one.ended_at),
            one.session_rpe_tenths,
            one.bodyweight_g,
        )
        for one in workouts
    ]
    return _columns(WORKOUTS, rows)


def _seconds(started_at: datetime, ended_at: datetime | None) -> int | None:
    """Rounded as PostgreSQL rounds, halves up."""
    if ended_at is None:
        return None
    lasted = ended_at - started_at
    return lasted.days * 86_400 + lasted.seconds + (lasted.microseconds >= 500_000)


def _sets(workouts: Sequence[WorkoutRecord], merges: dict[int, int]) -> Columns:
    rows = [
        (session, position, merges.get(entry.exercise_id, entry.exercise_id), *_set(entry))
        for session, workout in enumerate(workouts)
        for position, entry in enumerate(workout.sets)
    ]
    return _columns(SETS, rows)


def _set(entry: SetRecord) -> tuple[int | None, ...]:
    return (
        SET_KIND_CODES[entry.kind],
        None if entry.load_mode is None else LOAD_MODE_CODES[entry.load_mode],
        *(entry.reps, entry.load_g, entry.rpe_tenths, entry.rir_tenths, entry.duration_ms, entry.distance_mm),
        None if entry.side is None else SIDE_CODES[entry.side],
    )


async def _merges(connection: Driver, athlete_id: Any, data_version: int) -> dict[int, int]:
    """The merges in force then.

    A merge that has changed since was not there before it was made, and was from then until it was undone. One that was
    made again, or anew into another exercise, no longer tells of the time before.
    """
    rows = await connection.fetch(MERGES, athlete_id)
    instant: datetime | None = await connection.fetchval(INSTANT, athlete_id, data_version)

    def was_in_force(row: Any) -> bool:
        if row["data_version"] <= data_version or row["undone_at"] is None:
            return row["data_version"] <= data_version and row["undone_at"] is None
        return instant is None or row["merged_at"] <= instant

    return {row["exercise_id"]: row["target_id"] for row in rows if was_in_force(row)}


async def _exercises(connection: Driver, athlete_id: Any, data_version: int, *, used: Sequence[int]) -> Columns:
    """The catalogue's as they are, own ones as they were described then."""
    own = {
        row["exercise_id"]: row["record"] for row in await connection.fetch(OWN_THEN, athlete_id, data_version, used)
    }
    rows = [
        tuple(row) if row["exercise_id"] not in own else _own(row["exercise_id"], own[row["exercise_id"]])
        for row in await connection.fetch(TODAY, used)
    ]
    return _columns(EXERCISES, rows)


def _own(exercise_id: int, record: str) -> tuple[Any, ...]:
    draft = msgspec.json.decode(record, type=CustomExerciseDraft)
    return (
        *(exercise_id, draft.name, draft.pattern.value, LOAD_MODE_CODES[draft.load_mode]),
        *(draft.unilateral, draft.implements, round(draft.bodyweight_fraction * 1000)),
        msgspec.json.encode(draft.muscles).decode(),
    )


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Columns:
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}
