"""Exporting everything that an athlete recorded, piece by piece, so that no history is ever whole in memory."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from enum import StrEnum

from models.db import Session
from models.domain.exports import VERSION, Head
from models.queries import exports as queries
from models.queries.visibility import VisibleAthlete
from models.services.export_csv import CsvExport
from models.services.export_json import JsonExport


class ExportFormat(StrEnum):
    CSV = "csv"
    JSON = "json"


WRITERS = {ExportFormat.CSV: CsvExport, ExportFormat.JSON: JsonExport}


async def export(
    session: Session, athlete: VisibleAthlete, form: ExportFormat, *, now: datetime
) -> AsyncGenerator[bytes]:
    """The pieces of the file. Needs a transaction that has read nothing yet, for all of it shows one state."""
    writer = WRITERS[form]()
    opening = await queries.opening(session, athlete)
    head = Head(export=VERSION, exported_at=now, data_version=opening.data_version)
    yield writer.begin(head, opening)
    async with aclosing(queries.items(session, athlete, opening.numbers)) as items:
        async for page in items:
            yield writer.items(page)
    yield writer.between()
    async with aclosing(queries.workouts(session, athlete, opening.numbers)) as workouts:
        async for page in workouts:
            yield writer.workouts(page)
    yield writer.end()
