"""Changing a published import as a whole: correcting its unit, and taking it back. What was touched since is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from models.db import Session, raw
from models.domain import revisions, units, workout_view
from models.domain.bounds import MAX_BODYWEIGHT_G, MAX_LOAD_G
from models.domain.events import Topic
from models.domain.imports import Undone, UnitCorrected
from models.domain.sets import SetRecord
from models.domain.units import MASS_UNIT_CODES, MassUnit
from models.domain.workouts import RECORD_SCHEMA_VERSION, WorkoutRecord
from models.queries.visibility import VisibleAthlete
from models.services import bulk, import_jobs, import_sql
from models.services.import_jobs import Job

CHUNK = 250
FIRST = UUID(int=0)
EVENT = "INSERT INTO outbox (athlete_id, topic, created_at) VALUES ($1, $2, $3)"


class Corrected(Struct, frozen=True, kw_only=True):
    """A workout with its new record, and when it was recorded."""

    record: WorkoutRecord
    created_at: datetime


class TooHeavy(Exception):
    """In the other unit a mass of the workout would be beyond its bound."""


async def correct_unit(session: Session, job: Job, *, athlete: VisibleAthlete, now: datetime) -> None:
    """Give loads that were in the file's unit the one wished for, with the values as entered. In a transaction."""
    held = await import_jobs.hold(session, athlete, job)
    if held is None:
        return
    connection, owner, terms = await raw(session), athlete.athlete_id, held.terms
    version: int = await connection.fetchval(import_sql.LOCK_CLOCK, owner)
    if terms.unit is None or terms.unit_given is None:
        raise LookupError(f"The import {job.import_id} has no unit to correct.")
    corrected, too_heavy, last = 0, list[UUID](), FIRST
    while rows := await connection.fetch(import_sql.UNTOUCHED, owner, job.import_id, last, CHUNK):
        last = rows[-1]["id"]
        found, heavy = _corrected(rows, terms.unit, terms.unit_given)
        too_heavy += heavy
        await _replace(
            session, found, first_version=version + corrected + 1, athlete=athlete, actor_id=held.actor_id, now=now
        )
        corrected += len(found)
    edited, deleted = await _touched(session, job, athlete)
    outcome = UnitCorrected(
        run_id=job.run_id,
        unit=terms.unit_given,
        corrected=corrected,
        kept_edited=edited,
        kept_deleted=deleted,
        kept_too_heavy=tuple(too_heavy),
    )
    code = MASS_UNIT_CODES[terms.unit_given]
    await connection.execute(import_sql.CORRECT, owner, job.import_id, code, _json(outcome), now)
    await _finish(session, job, before=version, changed=corrected, athlete=athlete, now=now)


async def undo(session: Session, job: Job, *, athlete: VisibleAthlete, now: datetime) -> None:
    """Delete the import's workouts. Their tombstones let go of the source, so the file may come again."""
    held = await import_jobs.hold(session, athlete, job)
    if held is None:
        return
    connection, key = await raw(session), (athlete.athlete_id, job.import_id)
    version: int = await connection.fetchval(import_sql.LOCK_CLOCK, athlete.athlete_id)
    edited, deleted = await _touched(session, job, athlete)
    buried = await connection.fetch(import_sql.BURY, *key, version, now, held.actor_id, RECORD_SCHEMA_VERSION)
    await connection.execute(import_sql.CLEAR_SETS, athlete.athlete_id, [row["workout_id"] for row in buried])
    outcome = Undone(run_id=job.run_id, removed=len(buried), kept_edited=edited, kept_deleted=deleted)
    await connection.execute(import_sql.UNDO, *key, _json(outcome), now)
    await _finish(session, job, before=version, changed=len(buried), athlete=athlete, now=now)


async def _finish(
    session: Session, job: Job, *, before: int, changed: int, athlete: VisibleAthlete, now: datetime
) -> None:
    connection, owner = await raw(session), athlete.athlete_id
    if changed:
        await connection.execute(import_sql.CHANGED, owner, before + changed, now)
        await connection.execute(EVENT, owner, Topic.ATHLETE_CHANGED.value, now)
    await import_jobs.succeed(session, athlete, job.run_id, data_version=before + changed, now=now)


async def _touched(session: Session, job: Job, athlete: VisibleAthlete) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    """The import's workouts that were edited since, and those that were deleted."""
    rows = await (await raw(session)).fetch(import_sql.TOUCHED, athlete.athlete_id, job.import_id)
    edited = tuple(row["id"] for row in rows if not row["deleted"])
    return edited, tuple(row["id"] for row in rows if row["deleted"])


def _corrected(rows: Sequence[Any], old: MassUnit, new: MassUnit) -> tuple[list[Corrected], list[UUID]]:
    """The workouts that change, and the ids of those that would be too heavy."""
    found, too_heavy = list[Corrected](), list[UUID]()
    for row in rows:
        record = revisions.decode(row["record"], row["schema_version"])
        try:
            changed = in_unit(record, old, new)
        except TooHeavy:
            too_heavy.append(row["id"])
            continue
        if changed != record:
            found.append(Corrected(record=changed, created_at=row["created_at"]))
    return found, too_heavy


def in_unit(record: WorkoutRecord, old: MassUnit, new: MassUnit) -> WorkoutRecord:
    """The record with what was entered in `old` taken for `new`; raises TooHeavy."""
    sets = tuple([_set_in_unit(entry, new) if entry.load_unit is old else entry for entry in record.sets])
    if record.bodyweight_unit is not old:
        return structs.replace(record, sets=sets)
    mass_g, text = _taken_for(record.bodyweight_g, old, record.bodyweight_text, new, MAX_BODYWEIGHT_G)
    return structs.replace(record, sets=sets, bodyweight_g=mass_g, bodyweight_unit=new, bodyweight_text=text)


def _set_in_unit(entry: SetRecord, new: MassUnit) -> SetRecord:
    mass_g, text = _taken_for(entry.load_g, entry.load_unit, entry.load_text, new, MAX_LOAD_G)
    return structs.replace(entry, load_g=mass_g, load_unit=new, load_text=text)


def _taken_for(
    mass_g: int | None, old: MassUnit | None, text: str | None, new: MassUnit, limit_g: int
) -> tuple[int | None, str | None]:
    if mass_g is None:
        return None, None
    found, kept = units.stored(units.entered(mass_g, old) if text is None else float(text), new)
    if found is not None and found > limit_g:
        raise TooHeavy
    return found, kept


async def _replace(
    session: Session,
    found: Sequence[Corrected],
    *,
    first_version: int,
    athlete: VisibleAthlete,
    actor_id: UUID,
    now: datetime,
) -> None:
    """Put the records in the place of the present ones, each with a version of its own."""
    records = [item.record for item in found]
    connection, owner, keys = await raw(session), athlete.athlete_id, [record.workout_id for record in records]
    versions = range(first_version, first_version + len(records))
    await connection.execute(
        import_sql.REPLACE,
        *(owner, now, workout_view.REPRESENTATION, keys, list(versions)),
        [workout_view.body(item.record, created_at=item.created_at, updated_at=now) for item in found],
        [record.bodyweight_g for record in records],
        [None if record.bodyweight_unit is None else MASS_UNIT_CODES[record.bodyweight_unit] for record in records],
        [record.bodyweight_text for record in records],
    )
    await connection.execute(import_sql.CLEAR_SETS, owner, keys)
    await bulk.copy_sets(connection, records, athlete=athlete)
    history = [(version, record, revisions.encode(record)) for version, record in zip(versions, records, strict=True)]
    await bulk.copy_revisions(connection, history, "edit", athlete=athlete, actor_id=actor_id, now=now)


def _json(outcome: Struct) -> str:
    return msgspec.json.encode(outcome).decode()
