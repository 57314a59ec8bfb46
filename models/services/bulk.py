"""Recording many workouts at once, as imports do: COPY into the same tables, one version each, one event."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from msgspec import Struct

from models.db import Session, raw
from models.domain import revisions, workout_view, workouts
from models.domain.events import Topic
from models.domain.workouts import WorkoutDraft, WorkoutRecord, WorkoutSource
from models.queries.visibility import VisibleAthlete
from models.services.workout_rows import (
    SET_COLUMNS,
    WORKOUT_COLUMNS,
    detail_rows,
    set_row,
    workout_row,
)

CHUNK = 250
LOCK = "SELECT data_version FROM athlete_clocks WHERE athlete_id = $1 FOR UPDATE"
PRESENT = """
SELECT source_app, source_key FROM workouts WHERE athlete_id = $1 AND (source_app, source_key) IN
    (SELECT * FROM unnest($2::text[], $3::text[]))
"""
RAISE = "UPDATE athlete_clocks SET data_version = $2, changed_at = $3, last_recorded_at = $3 WHERE athlete_id = $1"
EVENT = "INSERT INTO outbox (athlete_id, topic, created_at) VALUES ($1, $2, $3)"

Item = tuple[UUID, WorkoutDraft, WorkoutSource]


class RecordedBatch(Struct, frozen=True, kw_only=True):
    """What a batch added: workouts that were already present, deleted ones included, stay as they are."""

    recorded: int
    already_present: int
    data_version: int
    recorded_ids: frozenset[UUID]


async def record_workouts(
    session: Session, items: Sequence[Item], *, athlete: VisibleAthlete, actor_id: UUID, now: datetime
) -> RecordedBatch:
    """Record the workouts whose source is new; their exercises must exist. The drafts' rules are applied (Invalid)."""
    connection = await raw(session)
    version = await connection.fetchval(LOCK, athlete.athlete_id)
    new = await _new_items(connection, athlete, items)
    for start in range(0, len(new), CHUNK):
        records = [_record(item, now) for item in new[start : start + CHUNK]]
        await _copy(connection, records, first_version=version + start + 1, athlete=athlete, actor_id=actor_id, now=now)
    if new:
        await connection.execute(RAISE, athlete.athlete_id, version + len(new), now)
        await connection.execute(EVENT, athlete.athlete_id, Topic.ATHLETE_CHANGED, now)
    return RecordedBatch(
        recorded=len(new),
        already_present=len(items) - len(new),
        data_version=version + len(new),
        recorded_ids=frozenset(workout_id for workout_id, _, _ in new),
    )


async def _new_items(connection: Any, athlete: VisibleAthlete, items: Sequence[Item]) -> list[Item]:
    """The items whose source is neither recorded nor repeated within the batch."""
    apps, keys = [source.app for _, _, source in items], [source.key for _, _, source in items]
    rows = await connection.fetch(PRESENT, athlete.athlete_id, apps, keys)
    seen = {(row["source_app"], row["source_key"]) for row in rows}
    new: list[Item] = []
    for item in items:
        key = (item[2].app, item[2].key)
        if key not in seen:
            seen.add(key)
            new.append(item)
    return new


def _record(item: Item, now: datetime) -> WorkoutRecord:
    workout_id, draft, source = item
    workouts.check(draft, now=now)
    return workouts.record(draft, workout_id=workout_id, source=source)


async def _copy(
    connection: Any,
    records: Sequence[WorkoutRecord],
    *,
    first_version: int,
    athlete: VisibleAthlete,
    actor_id: UUID,
    now: datetime,
) -> None:
    owner = athlete.athlete_id
    versioned = list(enumerate(records, start=first_version))
    canonical = {version: revisions.encode(record) for version, record in versioned}
    await connection.copy_records_to_table(
        "workouts",
        columns=[*WORKOUT_KEYS, *WORKOUT_COLUMNS],
        records=(_workout(owner, record, version, canonical[version], now) for version, record in versioned),
    )
    await connection.copy_records_to_table(
        "set_entries", columns=[*SET_KEYS, *SET_COLUMNS], records=_sets(owner, records)
    )
    await connection.copy_records_to_table("set_details", columns=DETAIL_COLUMNS, records=_details(owner, records))
    await connection.copy_records_to_table(
        "workout_revisions",
        columns=REVISION_COLUMNS,
        records=(
            (owner, r.workout_id, v, "create", r.schema_version, canonical[v].decode(), now, actor_id)
            for v, r in versioned
        ),
    )


WORKOUT_KEYS = (
    *("athlete_id", "id", "data_version", "create_digest"),
    *("created_at", "updated_at", "representation", "body"),
)
SET_KEYS = ("athlete_id", "workout_id", "position", "performed_on")
DETAIL_COLUMNS = ("athlete_id", "workout_id", "position", "load_text", "note")
REVISION_COLUMNS = (
    *("athlete_id", "workout_id", "data_version", "action"),
    *("schema_version", "record", "recorded_at", "actor_id"),
)


def _workout(owner: UUID, record: WorkoutRecord, version: int, canonical: bytes, now: datetime) -> tuple[Any, ...]:
    body = workout_view.body(record, created_at=now, updated_at=now)
    digest = sha256(canonical).digest()
    key = (owner, record.workout_id, version, digest, now, now, workout_view.REPRESENTATION, body)
    return key + workout_row(record)


def _sets(owner: UUID, records: Iterable[WorkoutRecord]) -> Iterable[tuple[Any, ...]]:
    for record in records:
        for position, entry in enumerate(record.sets):
            yield (owner, record.workout_id, position, record.performed_on, *set_row(entry))


def _details(owner: UUID, records: Iterable[WorkoutRecord]) -> Iterable[tuple[Any, ...]]:
    for record in records:
        for position, load_text, note in detail_rows(record.sets):
            yield (owner, record.workout_id, position, load_text, note)
