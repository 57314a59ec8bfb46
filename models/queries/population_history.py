"""The histories of many athletes at once: the same rows that each one's own load reads, by binary COPY.

Several statements, to be run in one snapshot.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from msgspec import Struct

from models.db import Driver, Session, raw
from models.domain.errors import NotFound
from models.domain.profile import PROFILE
from models.queries import packed, stated
from models.queries.history import EXERCISE, EXERCISES, MERGES, resolved
from models.queries.packed import Part
from models.queries.stated import BODYWEIGHT, Columns, Told
from models.queries.visibility import VisibleAthlete

Arrays = dict[str, np.ndarray]

# From 1970 to 2000, from when on COPY counts.
TO_2000_DAYS, TO_2000_US = 10_957, 946_684_800_000_000
LOADED = (Part("load_g", 31, True), Part("exercise_id", 32))
EXTENT = (Part("distance_mm", 31, True), Part("duration_ms", 32, True))
REST = (
    *(Part("side", 3, True), Part("load_mode", 4, True), Part("kind", 5), Part("rpe_tenths", 8, True)),
    *(Part("rir_tenths", 10, True), Part("reps", 15, True), Part("position", 16)),
)
SETS = f"""
SELECT workout_id, {packed.packing(LOADED)}, {packed.packing(EXTENT)}, {packed.packing(REST)}
FROM set_entries WHERE athlete_id = ANY ($1::uuid[])
"""
SET_FIELDS = {"workout_id": "uuid", "loaded": "bigint", "extent": "bigint", "rest": "bigint"}
PLACED = "unnest($1::uuid[]) WITH ORDINALITY AS place (athlete_id, number)"
ABOUT = (Part("bodyweight_g", 31, True), Part("session_rpe_tenths", 8, True))
WORKOUTS = f"""
SELECT place.number::int - 1, workouts.id, performed_on, started_at, coalesce(ended_at, '-infinity'),
    {packed.packing(ABOUT)}
FROM {PLACED} JOIN workouts ON workouts.athlete_id = place.athlete_id
WHERE deleted_at IS NULL ORDER BY place.number, started_at, workouts.id
"""
WORKOUT_FIELDS = {
    "athlete": "int",
    "workout_id": "uuid",
    "performed_on": "date",
    "started_at": "timestamptz",
    "ended_at": "timestamptz",
    "about": "bigint",
}
PEOPLE = f"""
SELECT clock.data_version, account.time_zone, profile.record::text AS profile, profile.schema_version AS profile_schema
FROM {PLACED} JOIN athlete_clocks AS clock ON clock.athlete_id = place.athlete_id
JOIN accounts AS account ON account.id = place.athlete_id
LEFT JOIN athlete_items AS profile
    ON profile.athlete_id = place.athlete_id AND profile.kind = '{PROFILE.kind}' AND profile.id = place.athlete_id
ORDER BY place.number
"""
WEIGHED = f"""
SELECT athlete_id, id::text, record::text AS record, schema_version FROM athlete_items
WHERE athlete_id = ANY ($1::uuid[]) AND {BODYWEIGHT} AND deleted_at IS NULL
"""
MERGED = f"SELECT {', '.join(MERGES)} FROM exercise_merges WHERE athlete_id = ANY ($1::uuid[]) AND undone_at IS NULL"
USED = f"SELECT {EXERCISE} FROM exercises WHERE id = ANY ($1::int[]) ORDER BY id"


class StoredPopulation(Struct, frozen=True, kw_only=True):
    """What was read of athletes, numbered from 0 as they were asked for; in the arrays null is packed.NULL.

    Workouts are in the order of their sessions, sets in that of sessions and positions; `first` says at which workout
    each athlete begins, and where the last one ends.
    """

    athletes: tuple[UUID, ...]
    data_versions: tuple[int, ...]
    time_zones: tuple[str, ...]
    told: tuple[Told, ...]
    first: tuple[int, ...]
    workout_ids: list[str]
    workouts: Arrays
    sets: Arrays
    exercises: Columns
    weighed: Columns


async def population_history(session: Session, athletes: Sequence[VisibleAthlete]) -> StoredPopulation:
    """The athletes' histories; raises NotFound where one of them is not there."""
    connection, ids = await raw(session), [athlete.athlete_id for athlete in athletes]
    people = await connection.fetch(PEOPLE, ids)
    if len(people) != len(ids):
        raise NotFound("There is no such athlete.")
    workouts = await packed.copied(connection, WORKOUTS, ids, fields=WORKOUT_FIELDS)
    workout_ids = workouts.pop("workout_id")
    first = np.searchsorted(workouts["athlete"], np.arange(len(ids) + 1)).tolist()
    merges = {row["exercise_id"]: row["target_id"] for row in await connection.fetch(MERGED, ids)}
    sets = _sets(await _read_sets(connection, ids, workout_ids, first), resolved(merges))
    return StoredPopulation(
        athletes=tuple(ids),
        data_versions=tuple(row["data_version"] for row in people),
        time_zones=tuple(row["time_zone"] for row in people),
        told=tuple(stated.told(row["profile"], row["profile_schema"]) for row in people),
        first=tuple(first),
        workout_ids=_texts(workout_ids),
        workouts=_workouts(workouts),
        sets=sets,
        exercises=await _used(connection, sets["exercise_id"]),
        weighed=_weighed(await connection.fetch(WEIGHED, ids), ids),
    )


def _workouts(read: Arrays) -> Arrays:
    started_at, ended_at = read["started_at"], read["ended_at"]
    # To the nearest second, halves up, as PostgreSQL rounds.
    lasted_s = (ended_at - started_at + 500_000) // 1_000_000
    return {
        "athlete": read["athlete"],
        "performed_on": read["performed_on"] + TO_2000_DAYS,
        "started_at": started_at + TO_2000_US,
        "duration_s": np.where(ended_at < started_at, packed.NULL, lasted_s),
        **packed.unpacked(read["about"], ABOUT),
    }


async def _read_sets(
    connection: Driver, athletes: Sequence[UUID], workout_ids: np.ndarray, first: Sequence[int]
) -> Arrays:
    """The sets as they are stored, by session; of each athlete alone where two have workouts of the same id."""
    if len(np.unique(workout_ids.view("S16"))) == len(workout_ids):
        return _placed(await packed.copied(connection, SETS, athletes, fields=SET_FIELDS), workout_ids)
    parts: list[Arrays] = []
    for athlete_id, start, end in zip(athletes, first, first[1:], strict=False):
        read = _placed(await packed.copied(connection, SETS, [athlete_id], fields=SET_FIELDS), workout_ids[start:end])
        parts.append({**read, "session": read["session"] + start})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _placed(read: Arrays, workout_ids: np.ndarray) -> Arrays:
    """The sets with the place of their workout among all. Neighbours are mostly of one: it is looked up once."""
    named = read.pop("workout_id")
    if not len(named):
        return {**read, "session": np.zeros(0, dtype=np.int64)}
    halves = named.view("<u8").reshape(-1, 2)
    starts = np.flatnonzero(np.concatenate([[True], (halves[1:] != halves[:-1]).any(axis=1)]))
    known, wanted = workout_ids.view("S16"), named[starts].view("S16")
    order = np.argsort(known)
    found = order[np.searchsorted(known, wanted, sorter=order).clip(max=len(order) - 1)]
    if not np.array_equal(known[found], wanted):
        raise ValueError("The statements did not see one instant: they need a snapshot.")
    return {**read, "session": np.repeat(found, np.diff(np.append(starts, len(named))))}


def _sets(read: Arrays, merges: dict[int, int]) -> Arrays:
    sets = {
        "session": read["session"],
        **packed.unpacked(read["loaded"], LOADED),
        **packed.unpacked(read["extent"], EXTENT),
        **packed.unpacked(read["rest"], REST),
    }
    sets["exercise_id"] = _merged(sets["exercise_id"], merges)
    place = sets["session"] << 16 | sets["position"]
    if np.all(place[1:] > place[:-1]):
        return sets
    order = np.argsort(place)
    return {name: column[order] for name, column in sets.items()}


def _merged(exercise_ids: np.ndarray, merges: dict[int, int]) -> np.ndarray:
    """The exercises that these count as. Only own exercises are merged, and nobody else has those."""
    if not merges:
        return exercise_ids
    starts = np.array(sorted(merges))
    targets = np.array([merges[start] for start in sorted(merges)])
    at = np.searchsorted(starts, exercise_ids).clip(max=len(starts) - 1)
    return np.where(starts[at] == exercise_ids, targets[at], exercise_ids)


def _texts(workout_ids: np.ndarray) -> list[str]:
    """The ids as PostgreSQL writes them."""
    digits = workout_ids.tobytes().hex()
    each = (digits[at : at + 32] for at in range(0, len(digits), 32))
    return [f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}" for one in each]


async def _used(connection: Driver, exercise_ids: np.ndarray) -> Columns:
    rows = await connection.fetch(USED, np.unique(exercise_ids).tolist())
    return {name: [row[name] for row in rows] for name in EXERCISES}


def _weighed(rows: Sequence[Any], athletes: Sequence[UUID]) -> Columns:
    numbers = {athlete_id: number for number, athlete_id in enumerate(athletes)}
    weighed = stated.weighed({**row, "id": (numbers[row["athlete_id"]], row["id"])} for row in rows)
    keys = weighed["id"]
    return {**weighed, "athlete": [number for number, _ in keys], "id": [item_id for _, item_id in keys]}
