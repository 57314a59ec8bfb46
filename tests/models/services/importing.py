"""Importing without a worker: the steps of an import, one after the other, in the test's transaction."""

import io
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from models.db import raw
from models.domain.imports import ImportStep, ImportView
from models.domain.receipts import Receipt
from models.domain.units import MassUnit
from models.queries import imports as queries
from models.queries.visibility import VisibleAthlete
from models.readers.parsed import ParsedLog
from models.services import import_changes, import_jobs, import_publishing, import_staging, imports
from models.services.import_jobs import Job
from models.services.imports import Upload
from tests.factories import NOW


async def upload(
    session: AsyncSession, athlete: VisibleAthlete, content: bytes = b"a file", *, unit: MassUnit | None = None
) -> UUID:
    """Keep a file."""
    order = Upload(
        file_name="log.csv", size_bytes=len(content), sha256=sha256(content).digest(), time_zone="UTC", unit=unit
    )
    source = io.BytesIO(content)
    return await imports.upload(session, source, order, athlete=athlete, requested_by=athlete.athlete_id, now=NOW)


async def do(
    session: AsyncSession, athlete: VisibleAthlete, import_id: UUID, *, log: ParsedLog | None = None
) -> list[ImportStep]:
    """Do all that is due about an import, reading `log` for its file; the steps done."""
    steps: list[ImportStep] = []
    while (job := await import_jobs.begin(session, athlete, import_id, now=NOW)) is not None:
        steps.append(job.step)
        await do_step(session, athlete, job, log=log)
    return steps


async def do_step(
    session: AsyncSession, athlete: VisibleAthlete, job: Job, *, log: ParsedLog | None = None, now: datetime = NOW
) -> None:
    if job.step is ImportStep.READ:
        assert log is not None
        await import_staging.stage(session, log, job, athlete=athlete, now=now)
    elif job.step is ImportStep.PUBLISH:
        await import_publishing.publish(session, job, athlete=athlete, now=now)
    elif job.step is ImportStep.CORRECT_UNIT:
        await import_changes.correct_unit(session, job, athlete=athlete, now=now)
    else:
        await import_changes.undo(session, job, athlete=athlete, now=now)


async def import_log(session: AsyncSession, athlete: VisibleAthlete, log: ParsedLog) -> ImportView:
    """Bring a log that was read; the import in its end."""
    import_id = await upload(session, athlete)
    await do(session, athlete, import_id, log=log)
    return await queries.get_import(session, athlete, import_id)


async def recorded(session: AsyncSession, athlete: VisibleAthlete, log: ParsedLog) -> Receipt:
    """Bring a log that can be published; its receipt."""
    return receipt(await import_log(session, athlete, log))


def receipt(imported: ImportView) -> Receipt:
    return msgspec.convert(imported.receipt, Receipt)


async def rows(session: AsyncSession, athlete: VisibleAthlete, columns: str, table: str) -> list[tuple[Any, ...]]:
    """What a table holds of an athlete."""
    statement = f"SELECT {columns} FROM {table} WHERE athlete_id = $1 ORDER BY 1, 2"
    connection: Any = await raw(session)
    return [tuple(row) for row in await connection.fetch(statement, athlete.athlete_id)]
