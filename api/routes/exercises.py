"""Exercises: the catalogue, and the athlete's own beside it."""

from typing import Annotated

from litestar import get, post, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from api import cursors
from api.answers import Answer, encoded, encoded_page, now
from api.deps import ME, ApiRequest, reading, visible_athlete, writing
from api.etags import etag, expected_version
from api.headers import ETAG, IF_MATCH, LOCATION, described
from api.parameters import Cursor, Limit
from api.problems import responses
from api.schemas.exercises import NewExercise
from api.schemas.pages import ExercisePage
from models import ids
from models.domain.errors import NotFound
from models.domain.exercises import CustomExerciseDraft, Equipment, Exercise, JointTag, Muscle, Pattern
from models.queries import exercises as queries
from models.queries.exercises import Filter, Place
from models.services import exercises

SEARCHED = QueryParameter(
    name="query",
    max_length=100,
    description="Words of the name, in any order, or of a name that a common app or another language uses for it;"
    " beginnings and misspellings are understood.",
)
_JOINT = f"({'|'.join(JointTag)})"
AVOIDED = QueryParameter(
    name="without_joint",
    pattern=f"^{_JOINT}(,{_JOINT})*$",
    max_length=200,
    description="Leave out exercises that load this joint noticeably, or any of several with commas between them.",
)
LISTED = "A page: by name, or by relevance if there is a query, whose cursor belongs to that query and those filters."


@get(
    "/exercises",
    operation_id="list_exercises",
    summary="Find exercises by name, muscle, equipment, pattern and joint",
    responses={
        200: ResponseSpec(ExercisePage, generate_examples=False, description=LISTED),
        **responses(400, 401, 500, 503),
    },
)
async def list_exercises(
    request: ApiRequest,
    searched: Annotated[str | None, SEARCHED] = None,
    muscle: FromQuery[Muscle | None] = None,
    equipment: FromQuery[Equipment | None] = None,
    pattern: FromQuery[Pattern | None] = None,
    avoided: Annotated[str | None, AVOIDED] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Answer:
    joints = tuple(JointTag(joint) for joint in avoided.split(",")) if avoided else ()
    chosen = Filter(muscle=muscle, equipment=equipment, pattern=pattern, without_joints=joints)
    if searched is None:
        return await _by_name(request, chosen, cursor, limit)
    return await _by_relevance(request, searched, chosen, cursor, limit)


async def _by_name(request: ApiRequest, chosen: Filter, cursor: str | None, limit: int) -> Answer:
    after = cursors.name(cursor)
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, ME)
        rows = await queries.list_exercises(session, athlete, chosen=chosen, after=after, limit=limit + 1)
    shown, last = cursors.split(rows, limit)
    return encoded_page(shown, None if last is None else cursors.cursor(last.name.lower(), last.id))


async def _by_relevance(request: ApiRequest, searched: str, chosen: Filter, cursor: str | None, limit: int) -> Answer:
    key = cursors.place(cursor)
    after = None if key is None else Place(rank=key[0], name=key[1], id=key[2])
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, ME)
        found = await queries.search_exercises(
            session, athlete, query=searched, chosen=chosen, after=after, limit=limit + 1
        )
    shown, last = cursors.split(found, limit)
    items = [item for _, item in shown]
    return encoded_page(items, None if last is None else cursors.cursor(last[0].rank, last[0].name, last[0].id))


@get(
    "/exercises/{exercise_id:int}",
    operation_id="get_exercise",
    summary="Read an exercise",
    responses={
        200: ResponseSpec(Exercise, generate_examples=False, description="The exercise."),
        **responses(400, 401, 404, 500, 503),
    },
)
async def get_exercise(request: ApiRequest, exercise_id: FromPath[int]) -> Answer:
    if not 0 < exercise_id < 2**31:
        raise NotFound("There is no such exercise.")
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, ME)
        return _tagged(await queries.get_exercise(session, athlete, exercise_id))


@post(
    "/exercises",
    operation_id="create_exercise",
    summary="Make an exercise of your own",
    opt=described(response=(LOCATION,)),
    responses={
        201: ResponseSpec(Exercise, generate_examples=False, description="The exercise."),
        **responses(400, 401, 409, 413, 415, 422, 500, 503),
    },
)
async def create_exercise(request: ApiRequest, data: JSONBody[NewExercise]) -> Answer:
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, ME)
        public_id = data.public_id or ids.new()
        made = await exercises.create_custom(session, data, athlete=athlete, public_id=public_id, now=now())
    return encoded(made, status=201, headers=((b"location", b"/v1/exercises/%d" % made.id),))


@put(
    "/exercises/{exercise_id:int}",
    operation_id="edit_exercise",
    summary="Describe an exercise of your own anew",
    description=(
        "Its sets stay as they are; the numbers that depend on it follow. Earlier descriptions are kept. With If-Match,"
        " only if it has not changed since."
    ),
    opt=described(request=(IF_MATCH,), response=(ETAG,)),
    responses={
        200: ResponseSpec(Exercise, generate_examples=False, description="The exercise as it is now."),
        **responses(400, 401, 404, 409, 412, 413, 415, 422, 500, 503),
    },
)
async def edit_exercise(request: ApiRequest, exercise_id: FromPath[int], data: JSONBody[CustomExerciseDraft]) -> Answer:
    if not 0 < exercise_id < 2**31:
        raise NotFound("There is no such exercise.")
    expected = expected_version(request.scope)
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, ME)
        edited = await exercises.edit_custom(
            session, data, athlete=athlete, exercise_id=exercise_id, now=now(), expected_version=expected
        )
    return _tagged(edited)


def _tagged(exercise: Exercise) -> Answer:
    """With its ETag where it is the athlete's own: the catalogue's are the same for everybody."""
    version = exercise.data_version
    return encoded(exercise, headers=() if version is None else ((b"etag", etag(version).encode()),))
