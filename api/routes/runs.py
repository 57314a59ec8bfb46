"""Runs: the product's jobs, asked for, followed and explained."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter

from api import cursors, step_runs
from api.answers import Answer, Empty, encoded, encoded_page, now
from api.deps import ApiRequest, reading, resources, visible_athlete, writing
from api.etags import header
from api.events import RunEvents
from api.headers import LAST_EVENT_ID, LOCATION, described
from api.parameters import Cursor, Limit
from api.problems import responses
from api.schemas.pages import RunPage
from models.domain.explanations import ExplainedStepRun
from models.domain.runs import FINAL_STATUSES, RunRequest, RunView
from models.queries import runs as queries
from models.queries.runs import RunProgress
from models.services import runs

PATH = "/athletes/{athlete_id:str}/runs"
ONE = PATH + "/{run_id:uuid}"
Of = Annotated[
    str | None, QueryParameter(min_length=1, max_length=1_000, description="The address of a number to explain.")
]


@get(
    PATH,
    operation_id="list_runs",
    summary="List runs, newest first",
    responses={
        200: ResponseSpec(RunPage, generate_examples=False, description="A page."),
        **responses(400, 401, 404, 500, 503),
    },
)
async def list_runs(request: ApiRequest, athlete_id: FromPath[str], cursor: Cursor = None, limit: Limit = 20) -> Answer:
    after = cursors.moment(cursor)
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        rows = await queries.list_runs(session, athlete, after=after, limit=limit + 1)
    shown, last = cursors.split(rows, limit)
    return encoded_page(shown, None if last is None else cursors.cursor(last.created_at, last.id))


@get(
    ONE,
    operation_id="get_run",
    summary="Read a run with its steps",
    responses={
        200: ResponseSpec(RunView, generate_examples=False, description="The run."),
        **responses(400, 401, 404, 500, 503),
    },
)
async def get_run(request: ApiRequest, athlete_id: FromPath[str], run_id: FromPath[UUID]) -> Answer:
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        return encoded(await queries.get_run(session, athlete, run_id))


@post(
    PATH,
    status_code=202,
    operation_id="request_run",
    summary="Ask for an analysis or a summary now",
    description="A run that is queued already is joined. Follow it at its Location, or live by its events.",
    opt=described(response=(LOCATION,)),
    responses={
        202: ResponseSpec(RunView, generate_examples=False, description="The run is queued."),
        **responses(400, 401, 404, 409, 413, 415, 422, 500, 503),
    },
)
async def request_run(request: ApiRequest, athlete_id: FromPath[str], data: JSONBody[RunRequest]) -> Answer:
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        run_id = await runs.request_run(
            session, athlete, kind=data.kind, requested_by=request.user.account_id, now=now()
        )
        run = await queries.get_run(session, athlete, run_id)
    location = f"/v1/athletes/{athlete.athlete_id}/runs/{run_id}"
    return encoded(run, status=202, headers=((b"location", location.encode()),))


@get(
    ONE + "/events",
    media_type="text/event-stream",
    operation_id="follow_run",
    summary="Follow a run live",
    description=(
        "Server-sent events named `run`: the id is the revision, the data the whole run. The stream ends after the"
        " final state; asked again after that with Last-Event-ID, it answers 204."
    ),
    opt=described(request=(LAST_EVENT_ID,)),
    responses={
        200: ResponseSpec(str, generate_examples=False, media_type="text/event-stream", description="Events."),
        204: ResponseSpec(None, description="The run has ended and its final state was received."),
        **responses(400, 401, 404, 500, 503),
    },
)
async def follow_run(request: ApiRequest, athlete_id: FromPath[str], run_id: FromPath[UUID]) -> Answer:
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        now_at = await queries.get_progress(session, athlete, run_id)
    received = _last_event_id(request)
    if received >= now_at.revision and now_at.status in FINAL_STATUSES:
        return Empty(status=204)

    async def progress() -> RunProgress:
        async with reading(request) as session:
            return await queries.get_progress(session, athlete, run_id)

    async def document() -> RunView:
        async with reading(request) as session:
            return await queries.get_run(session, athlete, run_id)

    return RunEvents(progress=progress, document=document, after=received, config=resources(request).config)


@get(
    "/athletes/{athlete_id:str}/step-runs/{step_run_id:uuid}",
    operation_id="get_step_run",
    summary="Read the lineage of one run of one step, and the workouts that a number came from",
    description=(
        "With `of`, the address of a number in a document that the run made, `explanation` lists its workouts: without"
        " any one of them the number would be another one, without any other workout it would be the same. An address"
        " names fields and rows, joined by `/`: `progress/weekly/week_start=2026-11-16/tonnage_kg`,"
        " `e1rm/exercises/exercise_id=100/performed_on=2026-11-20/e1rm_kg`, `progress/daily/day=2026-11-20/fitness`."
        " A row is named by its fields, several joined by commas; in names and values `/`, `,`, `=` and `%` are"
        " percent-encoded."
    ),
    responses={
        200: ResponseSpec(
            ExplainedStepRun, generate_examples=False, description="Everything that decided its numbers."
        ),
        **responses(400, 401, 404, 409, 422, 500, 503),
    },
)
async def get_step_run(
    request: ApiRequest, athlete_id: FromPath[str], step_run_id: FromPath[UUID], of: Of = None
) -> Answer:
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        lineage = await queries.get_step_run(session, athlete, step_run_id)
        found = await step_runs.with_documents(session, athlete, lineage)
    if of is not None:
        explanation = await resources(request).explainer.explain(athlete, found, of)
        found = msgspec.structs.replace(found, explanation=explanation)
    return encoded(found)


def _last_event_id(request: ApiRequest) -> int:
    given = header(request.scope, b"last-event-id") or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
