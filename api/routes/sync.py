"""Syncing: many writes at once, and everything that has changed since."""

from typing import Annotated

from litestar import get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter

from api.answers import JSON, PRIVATE, Answer, Empty, encoded, now
from api.deps import ApiRequest, reading, visible_athlete, writing
from api.etags import is_current
from api.headers import ETAG, IF_NONE_MATCH, NOT_MODIFIED, described
from api.problems import responses
from api.schemas.batches import BatchResult, WorkoutBatch, item, result
from api.schemas.changes import ChangePage
from models.domain.batches import BatchItem
from models.domain.workout_view import WorkoutOut
from models.queries import changes as queries
from models.services import batches

PATH = "/athletes/{athlete_id:str}"
Since = Annotated[
    int, QueryParameter(ge=0, le=2**53, description="The next_since of the page before; 0 begins with everything.")
]
MostChanges = Annotated[int, QueryParameter(ge=1, le=500, description="How many things at most.")]


@post(
    PATH + "/workouts/batch",
    status_code=200,
    operation_id="write_workouts",
    summary="Write up to 200 workouts at once",
    description=(
        "Each item stands for a PUT or DELETE and has its own result; what is written is committed together. Repeating"
        " a batch is harmless, whatever became of the answer."
    ),
    opt={"schemas": (BatchItem, WorkoutOut)},
    responses={
        200: ResponseSpec(BatchResult, generate_examples=False, description="The results, in the order of the items."),
        **responses(400, 401, 404, 413, 415, 422, 500, 503),
    },
)
async def write_workouts(request: ApiRequest, athlete_id: FromPath[str], data: JSONBody[WorkoutBatch]) -> Answer:
    items = [item(raw) for raw in data.items]
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        outcomes = await batches.write(session, items, athlete=athlete, actor_id=request.user.account_id, now=now())
    results = [result(outcome, raw) for outcome, raw in zip(outcomes, data.items, strict=True)]
    return encoded(BatchResult(results=tuple(results)))


@get(
    PATH + "/changes",
    operation_id="list_changes",
    summary="What has changed since a version",
    description=(
        "In the order of the athlete's clock, deletions as tombstones. A `since` that lies ahead of the clock is"
        " answered 409: begin again from 0."
    ),
    opt=described(request=(IF_NONE_MATCH,), response=(ETAG,)),
    responses={
        200: ResponseSpec(ChangePage, generate_examples=False, description="A page."),
        **NOT_MODIFIED,
        **responses(400, 401, 404, 409, 500, 503),
    },
)
async def list_changes(
    request: ApiRequest, athlete_id: FromPath[str], since: Since = 0, limit: MostChanges = 100
) -> Answer:
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        found = await queries.changes(session, athlete, since=since, limit=limit)
    tag = f'"{found.current_version}-changes"'
    headers = (PRIVATE, (b"etag", tag.encode()))
    if not found.things and is_current(request.scope, tag):
        return Empty(status=304, headers=headers)
    page = ChangePage(
        items=found.things,
        next_since=found.next_since,
        more=found.more,
        data_version=found.current_version,
    )
    return Answer(encoded(page).body, headers=(JSON, *headers))
