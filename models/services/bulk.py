"""Recording many workouts at once, as batches and imports do: COPY into the same tables, a version each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from models.domain import revisions, workout_view
from models.domain.workouts import WorkoutRecord
from models.queries.visibility import VisibleAthlete
from models.services.workout_rows import (
    SET_COLUMNS,
    WORKOUT_COLUMNS,
    detail_rows,
    set_row,
    workout_row,
)

WORKOUT_KEYS = (
    *("athlete_id", "id", "data_version", "create_digest"),
    *("created_at", "updated_at", "representation", "body", "import_id", "import_version"),
)
SET_KEYS = ("athlete_id", "workout_id", "position", "performed_on")
DETAIL_COLUMNS = ("athlete_id", "workout_id", "position", "load_text", "note", "extras")
REVISION_COLUMNS = (
    *("athlete_id", "workout_id", "data_version", "action"),
    *("schema_version", "record", "recorded_at", "actor_id"),
)


async def copy_records(
    connection: Any,
    records: Sequence[WorkoutRecord],
    *,
    first_version: int,
    athlete: VisibleAthlete,
    actor_id: UUID,
    now: datetime,
    import_id: UUID | None = None,
) -> None:
    """COPY new workouts with versions from `first_version` on; the caller holds the clock and raises it."""
    owner = athlete.athlete_id
    versioned = [(version, record, revisions.encode(record)) for version, record in enumerate(records, first_version)]
    await connection.copy_records_to_table(
        "workouts",
        columns=[*WORKOUT_KEYS, *WORKOUT_COLUMNS],
        records=(
            _workout(owner, record, version, canonical, now, import_id) for version, record, canonical in versioned
        ),
    )
    await copy_sets(connection, records, athlete=athlete)
    await copy_revisions(connection, versioned, "create", athlete=athlete, actor_id=actor_id, now=now)


async def copy_sets(connection: Any, records: Sequence[WorkoutRecord], *, athlete: VisibleAthlete) -> None:
    """COPY the sets of workouts that have none."""
    owner = athlete.athlete_id
    await connection.copy_records_to_table(
        "set_entries", columns=[*SET_KEYS, *SET_COLUMNS], records=_sets(owner, records)
    )
    await connection.copy_records_to_table("set_details", columns=DETAIL_COLUMNS, records=_details(owner, records))


async def copy_revisions(
    connection: Any,
    versioned: Iterable[tuple[int, WorkoutRecord, bytes]],
    action: str,
    *,
    athlete: VisibleAthlete,
    actor_id: UUID,
    now: datetime,
) -> None:
    """COPY what workouts are from now on into their history: (version, record, the record's canonical bytes)."""
    owner = athlete.athlete_id
    await connection.copy_records_to_table(
        "workout_revisions",
        columns=REVISION_COLUMNS,
        records=(
            (owner, record.workout_id, version, action, record.schema_version, canonical.decode(), now, actor_id)
            for version, record, canonical in versioned
        ),
    )


def _workout(
    owner: UUID, record: WorkoutRecord, version: int, canonical: bytes, now: datetime, import_id: UUID | None
) -> tuple[Any, ...]:
    body = workout_view.body(record, created_at=now, updated_at=now)
    digest = sha256(canonical).digest()
    imported = (None, None) if import_id is None else (import_id, version)
    key = (owner, record.workout_id, version, digest, now, now, workout_view.REPRESENTATION, body, *imported)
    return key + workout_row(record)


def _sets(owner: UUID, records: Iterable[WorkoutRecord]) -> Iterable[tuple[Any, ...]]:
    for record in records:
        for position, entry in enumerate(record.sets):
            yield (owner, record.workout_id, position, record.performed_on, *set_row(entry))


def _details(owner: UUID, records: Iterable[WorkoutRecord]) -> Iterable[tuple[Any, ...]]:
    for record in records:
        for row in detail_rows(record.sets):
            yield (owner, record.workout_id, *row)
