"""What is asked of an import: bring a file, answer its question, cancel it, correct its unit, take it back.

Each is a compare-and-set in the request's transaction, and an event for the job that does the work.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from asyncpg import LockNotAvailableError
from msgspec import Struct

from models import ids
from models.db import Session, raw
from models.domain.errors import Conflict, Fault, Invalid, NotFound
from models.domain.imports import ImportPhase, ImportTrigger
from models.domain.runs import RunKind, RunStatus
from models.domain.time_zones import is_time_zone
from models.domain.units import MASS_UNIT_CODES, MASS_UNITS_BY_CODE, MassUnit
from models.queries.visibility import VisibleAthlete
from models.services import import_sql, run_sql, runs

PART_BYTES = 1024 * 1024
LONGEST_NAME = 255


class Upload(Struct, frozen=True, kw_only=True):
    """A file that was received whole, and how to read it."""

    file_name: str | None
    size_bytes: int
    sha256: bytes
    time_zone: str
    unit: MassUnit | None


async def upload(
    session: Session, content: BinaryIO, order: Upload, *, athlete: VisibleAthlete, requested_by: UUID, now: datetime
) -> UUID:
    """Keep the file and queue its run; both have the id returned. Raises Invalid for a strange zone.

    Needs a transaction.
    """
    if not is_time_zone(order.time_zone):
        raise Invalid([Fault(path="$.time_zone", message="Not an IANA time zone name, such as Europe/Berlin.")])
    import_id, connection = ids.new(), await raw(session)
    await _queue(session, athlete, import_id, import_id, ImportTrigger.UPLOADED, by=requested_by, now=now)
    unit = None if order.unit is None else MASS_UNIT_CODES[order.unit]
    await connection.execute(
        import_sql.INSERT,
        *(athlete.athlete_id, import_id, _shown(order.file_name), order.size_bytes, order.sha256),
        *(order.time_zone, unit, now),
    )
    await connection.copy_records_to_table(
        "import_parts",
        columns=("athlete_id", "import_id", "position", "content"),
        records=((athlete.athlete_id, import_id, at, part) for at, part in enumerate(_parts(content))),
    )
    return import_id


async def answer(session: Session, athlete: VisibleAthlete, import_id: UUID, *, unit: MassUnit, now: datetime) -> None:
    """Say the unit that the run waits for; raises Conflict where it does not wait. In a transaction."""
    held = await _hold(session, athlete, import_id)
    if held["phase"] != ImportPhase.ASKING:
        raise Conflict("This import does not wait for an answer.")
    connection = await raw(session)
    await connection.execute(import_sql.ANSWER, athlete.athlete_id, import_id, MASS_UNIT_CODES[unit], now)
    await connection.execute(import_sql.RESUME, athlete.athlete_id, import_id)
    await runs.wake_import(session, athlete, import_id, now=now)


async def cancel(session: Session, athlete: VisibleAthlete, import_id: UUID, *, now: datetime) -> None:
    """Give up an import that is not published yet; raises Conflict where it is. In a transaction."""
    held = await _hold(session, athlete, import_id)
    if held["phase"] not in (ImportPhase.UPLOADED, ImportPhase.ASKING, ImportPhase.STAGED):
        raise Conflict("This import has come to its end already. A published one can be undone.")
    connection, key = await raw(session), (athlete.athlete_id, import_id)
    await connection.execute(import_sql.MOVE, *key, ImportPhase.REFUSED.value, now)
    await connection.execute(import_sql.CANCEL, *key, now)
    await connection.execute(import_sql.FORGET_CHUNKS, *key)
    await connection.execute(import_sql.FORGET_PARTS, *key)


async def correct_unit(
    session: Session, athlete: VisibleAthlete, import_id: UUID, *, unit: MassUnit, requested_by: UUID, now: datetime
) -> UUID:
    """Queue the correction of a published import's unit; the same wish again joins the run. In a transaction.

    Raises Conflict where nothing is published, the file states its units itself, or the loads are in the unit already.
    """
    held = await _hold(session, athlete, import_id)
    _refuse_unpublished(held)
    if held["unit"] is None:
        raise Conflict("This file states the units of its loads; correct single workouts instead.")
    if (undo := await _asked_for(session, athlete, import_id, ImportTrigger.UNDO)) is not None:
        raise Conflict(f"The run {undo['id']} is undoing this import.")
    known = await _asked_for(session, athlete, import_id, ImportTrigger.UNIT_CORRECTION)
    is_open = known is not None and known["status"] != RunStatus.SUCCEEDED
    is_so = held["unit"] == MASS_UNIT_CODES[unit]
    if held["unit_given"] == MASS_UNIT_CODES[unit] and known is not None and (is_open or is_so):
        return known["id"]
    if is_open or is_so:
        raise Conflict(f"The loads are in {MASS_UNITS_BY_CODE[held['unit']]}, or on their way to the other unit.")
    connection = await raw(session)
    await connection.execute(import_sql.WISH, athlete.athlete_id, import_id, MASS_UNIT_CODES[unit], now)
    trigger = ImportTrigger.UNIT_CORRECTION
    return await _queue(session, athlete, import_id, ids.new(), trigger, by=requested_by, now=now)


async def undo(
    session: Session, athlete: VisibleAthlete, import_id: UUID, *, requested_by: UUID, now: datetime
) -> UUID:
    """Queue the undoing of a published import; asked again, it is the same run. In a transaction."""
    held = await _hold(session, athlete, import_id)
    if (known := await _asked_for(session, athlete, import_id, ImportTrigger.UNDO)) is not None:
        return known["id"]
    _refuse_unpublished(held)
    return await _queue(session, athlete, import_id, ids.new(), ImportTrigger.UNDO, by=requested_by, now=now)


async def _hold(session: Session, athlete: VisibleAthlete, import_id: UUID) -> Any:
    """The import, locked; a job that works on it this moment is not waited for."""
    try:
        row = await (await raw(session)).fetchrow(import_sql.HOLD_NOW, athlete.athlete_id, import_id)
    except LockNotAvailableError:
        raise Conflict("This import is being worked on at this moment. Try again shortly.") from None
    if row is None:
        raise NotFound("There is no such import.")
    return row


async def _asked_for(session: Session, athlete: VisibleAthlete, import_id: UUID, trigger: ImportTrigger) -> Any:
    workflow_id = runs.import_workflow_id(athlete, import_id)
    return await (await raw(session)).fetchrow(import_sql.ASKED_FOR, athlete.athlete_id, workflow_id, trigger.value)


def _refuse_unpublished(held: Any) -> None:
    if held["phase"] != ImportPhase.PUBLISHED:
        raise Conflict("This import is not published.")


async def _queue(
    session: Session,
    athlete: VisibleAthlete,
    import_id: UUID,
    run_id: UUID,
    trigger: ImportTrigger,
    *,
    by: UUID,
    now: datetime,
) -> UUID:
    workflow_id = runs.import_workflow_id(athlete, import_id)
    await (await raw(session)).execute(
        run_sql.INSERT, athlete.athlete_id, run_id, RunKind.IMPORT.value, trigger.value, by, workflow_id, None, now
    )
    await runs.wake_import(session, athlete, import_id, now=now)
    return run_id


def _parts(content: BinaryIO) -> Iterator[bytes]:
    content.seek(0)
    while part := content.read(PART_BYTES):
        yield part


def _shown(file_name: str | None) -> str | None:
    """The name as it can be kept and shown: no path, no NUL, nothing that is no text, not endless."""
    name = (file_name or "").encode(errors="replace").decode()
    name = name.replace("\\", "/").rsplit("/", 1)[-1].replace("\0", "")
    return name[:LONGEST_NAME] or None
