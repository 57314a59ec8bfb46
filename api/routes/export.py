"""Exports: everything that an athlete recorded, as a file that imports into an empty account with the same state."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

from litestar import get
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath

from api.answers import Answer, now
from api.deps import ApiRequest, reading, resources, visible_athlete
from api.downloads import Download
from api.headers import described
from api.problems import responses
from api.schemas.export import ExportDocument
from models.db import direct
from models.queries import accounts
from models.services import exports
from models.services.exports import WRITERS, ExportFormat

PATH = "/athletes/{athlete_id:str}"
DISPOSITION = ("Content-Disposition", "An attachment with a file name.")
DESCRIPTION = "One state of the account, streamed. Importing the file into an empty account gives the same state."


@get(
    PATH + "/export.json",
    operation_id="export_json",
    summary="Export everything as JSON",
    description=DESCRIPTION,
    opt=described(response=(DISPOSITION,)),
    responses={
        200: ResponseSpec(ExportDocument, generate_examples=False, description="The file."),
        **responses(400, 401, 404, 500, 503),
    },
)
async def export_json(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    return await _download(request, athlete_id, ExportFormat.JSON)


@get(
    PATH + "/export.csv",
    media_type="text/csv",
    operation_id="export_csv",
    summary="Export everything as CSV",
    description=f"{DESCRIPTION} No cell begins as a spreadsheet's formula does.",
    opt=described(response=(DISPOSITION,)),
    responses={
        200: ResponseSpec(str, generate_examples=False, media_type="text/csv", description="The file."),
        **responses(400, 401, 404, 500, 503),
    },
)
async def export_csv(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    return await _download(request, athlete_id, ExportFormat.CSV)


async def _download(request: ApiRequest, athlete_id: str, form: ExportFormat) -> Answer:
    held, moment = resources(request), now()
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        await accounts.get_account(session, athlete)

    @asynccontextmanager
    async def pieces() -> AsyncGenerator[AsyncIterator[bytes]]:
        async with (
            direct(held.database, transaction=True) as snapshot,
            aclosing(exports.export(snapshot, athlete, form, now=moment)) as opened,
        ):
            yield opened

    name = f"loadstone-{moment.date().isoformat()}.{form}"
    headers = (
        (b"content-type", WRITERS[form].media_type.encode()),
        (b"content-disposition", f'attachment; filename="{name}"'.encode()),
    )
    return Download(pieces, turns=held.downloads, headers=headers)


HANDLERS = (export_json, export_csv)
