"""Exercises: the catalogue, and the athlete's own beside it."""

from typing import Annotated

from litestar import get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from api import cursors
from api.answers import Answer, encoded, encoded_page
from api.deps import ME, ApiRequest, reading, visible_athlete, writing
from api.headers import LOCATION, described
from api.parameters import Cursor, Limit
from api.problems import responses
from api.schemas.exercises import NewExercise
from api.schemas.pages import ExercisePage
from models import ids
from models.domain.errors import NotFound
from models.domain.exercises import Equipment, Exercise, Muscle
from models.queries import exercises as queries
from models.services import exercises

NAME = QueryParameter(
    name="query", max_length=100, description="Part of the name, or of a name that a common app uses for it."
)


@get(
    "/exercises",
    operation_id="list_exercises",
    summary="Find exercises by name, muscle and equipment",
    responses={
        200: ResponseSpec(ExercisePage, generate_examples=False, description="A page, by name."),
        **responses(400, 401, 500, 503),
    },
)
async def list_exercises(
    request: ApiRequest,
    name: Annotated[str | None, NAME] = None,
    muscle: FromQuery[Muscle | None] = None,
    equipment: FromQuery[Equipment | None] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Answer:
    after = cursors.name(cursor)
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, ME)
        rows = await queries.list_exercises(
            session, athlete, query=name, muscle=muscle, equipment=equipment, after=after, limit=limit + 1
        )
    shown, last = cursors.split(rows, limit)
    return encoded_page(shown, None if last is None else cursors.cursor(last.name.lower(), last.id))


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
        return encoded(await queries.get_exercise(session, athlete, exercise_id))


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
        made = await exercises.create_custom(session, athlete, data, public_id=data.public_id or ids.new())
    return encoded(made, status=201, headers=((b"location", b"/v1/exercises/%d" % made.id),))
