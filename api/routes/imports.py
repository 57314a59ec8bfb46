"""Imports: a file from another app on its way into the history, and what can be done about it afterwards."""

from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from api import cursors
from api.answers import JSON, NO_STORE, Answer, encoded, encoded_page, now
from api.deps import ApiRequest, reading, resources, visible_athlete, writing
from api.headers import IDEMPOTENCY_KEY, LOCATION, described
from api.idempotency import idempotency_key
from api.parameters import Cursor, Limit
from api.problems import responses
from api.schemas.pages import ImportPage
from api.uploads import Form, received
from models.db import Direct
from models.domain.errors import Fault, Invalid
from models.domain.imports import ImportView, UnitChoice
from models.domain.runs import RunView
from models.domain.units import MassUnit
from models.queries import accounts, runs
from models.queries import imports as queries
from models.queries.visibility import VisibleAthlete
from models.services import idempotency, imports
from models.services.idempotency import KeptAnswer
from models.services.imports import Upload

PATH = "/athletes/{athlete_id:str}/imports"
ONE = PATH + "/{import_id:uuid}"
IMPORT = ResponseSpec(ImportView, generate_examples=False, description="The import.")
QUEUED = ResponseSpec(RunView, generate_examples=False, description="The run is queued.")
LINK = ("Link", "Where the import is, beside its run.")
FIELDS = frozenset({"time_zone", "unit"})
FORM: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "The export of another app, or of Loadstone."},
        "time_zone": {"type": "string", "description": "IANA name of the zone of its local times; else the athlete's."},
        "unit": {"type": "string", "enum": [unit.value for unit in MassUnit], "description": "Of loads without one."},
    },
}
CHANGE_PROBLEMS = responses(400, 401, 404, 409, 500, 503)
CHOICE_PROBLEMS = responses(400, 401, 404, 409, 413, 415, 422, 500, 503)


@post(
    PATH,
    status_code=202,
    request_max_body_size=None,
    operation_id="create_import",
    summary="Import a file",
    description=(
        "The file is kept and read by a run of the same id. The run waits while the unit of the loads is not known:"
        " answer its question. All workouts become visible together; what was imported before, or deleted, stays."
        " A file of more than 50,000 workouts, 2,000 different exercises, or 10,000 rows to reject or to warn of fails"
        " with a problem that says so. With an Idempotency-Key, a retry with the same file and fields gets the same"
        " answer."
    ),
    opt={**described(request=(IDEMPOTENCY_KEY,), response=(LOCATION, LINK)), "request_form": FORM},
    responses={202: QUEUED, **responses(400, 401, 404, 409, 413, 415, 422, 500, 503)},
)
async def create_import(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        own_zone = (await accounts.get_account(session, athlete)).time_zone
    key = idempotency_key(request.scope)
    async with received(request, fields=FIELDS, max_bytes=resources(request).config.max_upload_bytes) as form:
        upload = _upload(form, own_zone)
        async with writing(request) as session:
            if key is None:
                kept = await _create(session, request, athlete, form, upload)
            else:
                kept = await _create_once(session, request, athlete, form, upload, key)
    return _queued(athlete, kept)


@get(
    PATH,
    operation_id="list_imports",
    summary="List imports, newest first",
    responses={
        200: ResponseSpec(ImportPage, generate_examples=False, description="A page."),
        **responses(400, 401, 404, 500, 503),
    },
)
async def list_imports(
    request: ApiRequest, athlete_id: FromPath[str], cursor: Cursor = None, limit: Limit = 20
) -> Answer:
    after = cursors.moment(cursor)
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        shown, more = await queries.list_imports(session, athlete, after=after, limit=limit)
    return encoded_page(shown, cursors.cursor(shown[-1].created_at, shown[-1].id) if more else None)


@get(
    ONE,
    operation_id="get_import",
    summary="Read an import: its question, its receipt, its outcome",
    responses={200: IMPORT, **responses(400, 401, 404, 500, 503)},
)
async def get_import(request: ApiRequest, athlete_id: FromPath[str], import_id: FromPath[UUID]) -> Answer:
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        return encoded(await queries.get_import(session, athlete, import_id))


@post(
    ONE + "/answer",
    status_code=200,
    operation_id="answer_import",
    summary="Answer the question of an import: the unit of its loads",
    description="Answers 409 where the import does not wait.",
    responses={200: IMPORT, **CHOICE_PROBLEMS},
)
async def answer_import(
    request: ApiRequest, athlete_id: FromPath[str], import_id: FromPath[UUID], data: JSONBody[UnitChoice]
) -> Answer:
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        await imports.answer(session, athlete, import_id, unit=data.unit, now=now())
        return encoded(await queries.get_import(session, athlete, import_id))


@post(
    ONE + "/cancel",
    status_code=200,
    operation_id="cancel_import",
    summary="Give up an import that is not published yet",
    description="Nothing of it is kept. Answers 409 where it has ended: a published import can be undone.",
    responses={200: IMPORT, **CHANGE_PROBLEMS},
)
async def cancel_import(request: ApiRequest, athlete_id: FromPath[str], import_id: FromPath[UUID]) -> Answer:
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        await imports.cancel(session, athlete, import_id, now=now())
        return encoded(await queries.get_import(session, athlete, import_id))


@post(
    ONE + "/unit",
    status_code=202,
    operation_id="correct_import_unit",
    summary="Correct the unit of a whole import",
    description=(
        "For loads whose unit was given or inferred: each gets the other unit with the value as entered, as an edit."
        " Workouts edited or deleted since are kept, and so are those too heavy in that unit; the outcome names them."
    ),
    opt=described(response=(LOCATION, LINK)),
    responses={202: QUEUED, **CHOICE_PROBLEMS},
)
async def correct_import_unit(
    request: ApiRequest, athlete_id: FromPath[str], import_id: FromPath[UUID], data: JSONBody[UnitChoice]
) -> Answer:
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        by = request.user.account_id
        run_id = await imports.correct_unit(session, athlete, import_id, unit=data.unit, requested_by=by, now=now())
        return _queued(athlete, await _kept(session, athlete, run_id), import_id)


@post(
    ONE + "/undo",
    status_code=202,
    operation_id="undo_import",
    summary="Undo an import",
    description=(
        "Deletes its workouts; the same file may be imported again. Workouts edited since are kept, and those deleted"
        " before stay deleted; the outcome names them."
    ),
    opt=described(response=(LOCATION, LINK)),
    responses={202: QUEUED, **CHANGE_PROBLEMS},
)
async def undo_import(request: ApiRequest, athlete_id: FromPath[str], import_id: FromPath[UUID]) -> Answer:
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        run_id = await imports.undo(session, athlete, import_id, requested_by=request.user.account_id, now=now())
        return _queued(athlete, await _kept(session, athlete, run_id), import_id)


HANDLERS = (create_import, list_imports, get_import, answer_import, cancel_import, correct_import_unit, undo_import)


def _upload(form: Form, own_zone: str) -> Upload:
    given = form.fields.get("unit")
    if given is not None and given not in [unit.value for unit in MassUnit]:
        raise Invalid([Fault(path="$.unit", message="Expected kg or lb.")])
    return Upload(
        file_name=form.file_name,
        size_bytes=form.size_bytes,
        sha256=form.sha256,
        time_zone=form.fields.get("time_zone", own_zone),
        unit=None if given is None else MassUnit(given),
    )


async def _create(
    session: Direct, request: ApiRequest, athlete: VisibleAthlete, form: Form, upload: Upload
) -> KeptAnswer:
    import_id = await imports.upload(
        session, form.file, upload, athlete=athlete, requested_by=request.user.account_id, now=now()
    )
    return await _kept(session, athlete, import_id)


async def _create_once(
    session: Direct, request: ApiRequest, athlete: VisibleAthlete, form: Form, upload: Upload, key: str
) -> KeptAnswer:
    """Begin the import, unless the key was answered before: then answer the same again."""
    # Of the form by its meaning: its boundary is another one in every retry.
    digest = sha256(msgspec.json.encode(upload)).digest()
    kept = await idempotency.claim(session, athlete, key=key, digest=digest)
    if kept is None:
        kept = await _create(session, request, athlete, form, upload)
        await idempotency.keep(session, athlete, key=key, digest=digest, answer=kept, now=now())
    return kept


async def _kept(session: Direct, athlete: VisibleAthlete, run_id: UUID) -> KeptAnswer:
    run = await runs.get_run(session, athlete, run_id)
    location = f"/v1/athletes/{athlete.athlete_id}/runs/{run_id}"
    return KeptAnswer(status=202, location=location, body=msgspec.json.encode(run))


def _queued(athlete: VisibleAthlete, kept: KeptAnswer, import_id: UUID | str | None = None) -> Answer:
    """The run, where it is, and where its import is, which has the id of the first run."""
    run = kept.location or ""
    imported = import_id or run.rsplit("/", 1)[-1]
    link = f'</v1/athletes/{athlete.athlete_id}/imports/{imported}>; rel="related"'
    headers = (JSON, NO_STORE, (b"location", run.encode()), (b"link", link.encode()))
    return Answer(kept.body, status=202, headers=headers)
