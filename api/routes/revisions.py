"""Revisions: every state that a workout ever had, readable, comparable and restorable."""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter

from api import cursors
from api.answers import DATA_VERSION as DATA_VERSION_NAME
from api.answers import JSON, PRIVATE, Answer, encoded, encoded_page, now
from api.deps import ApiRequest, reading, visible_athlete, writing
from api.etags import etag, expected_version
from api.headers import DATA_VERSION, ETAG, IF_MATCH, described
from api.parameters import Cursor, Limit
from api.problems import responses
from api.routes.workouts import ONE as WORKOUT
from api.schemas.pages import RevisionPage
from api.schemas.revisions import Comparison
from models.domain.workout_view import WorkoutOut
from models.queries import revisions as queries
from models.services import workouts

PATH = WORKOUT + "/revisions"
ONE = PATH + "/{data_version:int}"
Version = Annotated[int, QueryParameter(ge=1, le=2**53, description="The data_version of a revision.")]


@get(
    PATH,
    operation_id="list_workout_revisions",
    summary="List the writes of a workout, newest first",
    responses={
        200: ResponseSpec(RevisionPage, generate_examples=False, description="A page."),
        **responses(400, 401, 404, 500, 503),
    },
)
async def list_workout_revisions(
    request: ApiRequest, athlete_id: FromPath[str], workout_id: FromPath[UUID], cursor: Cursor = None, limit: Limit = 50
) -> Answer:
    before = cursors.version(cursor)
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        rows = await queries.list_revisions(session, athlete, workout_id, before=before, limit=limit + 1)
    shown, last = cursors.split(rows, limit)
    return encoded_page(shown, None if last is None else cursors.cursor(last.data_version))


@get(
    ONE,
    operation_id="get_workout_revision",
    summary="Read a workout as it was",
    responses={
        200: ResponseSpec(WorkoutOut, generate_examples=False, description="The workout at that version."),
        **responses(400, 401, 404, 500, 503),
    },
)
async def get_workout_revision(
    request: ApiRequest, athlete_id: FromPath[str], workout_id: FromPath[UUID], data_version: FromPath[int]
) -> Answer:
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        return Answer(await queries.body(session, athlete, workout_id, data_version))


@get(
    PATH + "/compare",
    operation_id="compare_workout_revisions",
    summary="What differs between two revisions",
    responses={
        200: ResponseSpec(Comparison, generate_examples=False, description="Field by field and set by set."),
        **responses(400, 401, 404, 500, 503),
    },
)
async def compare_workout_revisions(
    request: ApiRequest, athlete_id: FromPath[str], workout_id: FromPath[UUID], before: Version, after: Version
) -> Answer:
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        found = await queries.compare(session, athlete, workout_id, before=before, after=after)
    return encoded(Comparison(before=before, after=after, changes=tuple(found)))


@post(
    ONE + "/restore",
    status_code=200,
    operation_id="restore_workout_revision",
    summary="Make a revision the current state again",
    description="A deleted workout comes back so. With If-Match, only if it has not changed since. History only grows.",
    opt=described(request=(IF_MATCH,), response=(ETAG, DATA_VERSION)),
    responses={
        200: ResponseSpec(WorkoutOut, generate_examples=False, description="The workout as it is now."),
        **responses(400, 401, 404, 412, 500, 503),
    },
)
async def restore_workout_revision(
    request: ApiRequest, athlete_id: FromPath[str], workout_id: FromPath[UUID], data_version: FromPath[int]
) -> Answer:
    expected = expected_version(request.scope)
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        restored = await workouts.restore_workout(
            session,
            athlete=athlete,
            workout_id=workout_id,
            revision=data_version,
            actor_id=request.user.account_id,
            now=now(),
            expected_version=expected,
        )
    version = restored.data_version
    headers = (PRIVATE, (b"etag", etag(version).encode()), (DATA_VERSION_NAME, b"%d" % version))
    return Answer(restored.body, headers=(JSON, *headers))
