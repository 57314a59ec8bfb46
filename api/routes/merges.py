"""Merges: an exercise of your own that counts as another, until you undo it."""

from litestar import Response, delete, get, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from api.answers import DATA_VERSION as DATA_VERSION_NAME
from api.answers import Answer, encoded, no_content, now
from api.deps import ApiRequest, reading, visible_athlete, writing
from api.headers import DATA_VERSION, described
from api.problems import responses
from api.schemas.merges import MergeList, MergeTarget
from models.domain.merges import Merge, MergeDraft
from models.queries import merges as queries
from models.services import merges

PATH = "/athletes/{athlete_id:str}/exercise-merges"
ONE = PATH + "/{exercise_id:int}"


@get(
    PATH,
    operation_id="list_exercise_merges",
    summary="List the merges in force",
    responses={
        200: ResponseSpec(MergeList, generate_examples=False, description="All of them."),
        **responses(400, 401, 404, 500, 503),
    },
)
async def list_exercise_merges(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        return encoded(MergeList(items=tuple(await queries.list_merges(session, athlete))))


@put(
    ONE,
    operation_id="merge_exercise",
    summary="Let an exercise of your own count as another",
    description="Its whole history follows at the next analysis; the sets themselves stay as they were recorded.",
    responses={
        200: ResponseSpec(Merge, generate_examples=False, description="The merge."),
        **responses(400, 401, 404, 409, 413, 415, 422, 500, 503),
    },
)
async def merge_exercise(
    request: ApiRequest, athlete_id: FromPath[str], exercise_id: FromPath[int], data: JSONBody[MergeTarget]
) -> Answer:
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        draft = MergeDraft(exercise_id=_number(exercise_id), target_id=data.target_id)
        return encoded(await merges.merge(session, draft, athlete=athlete, now=now()))


@delete(
    ONE,
    operation_id="undo_exercise_merge",
    summary="Let the exercise count as itself again",
    opt=described(response=(DATA_VERSION,)),
    responses={204: ResponseSpec(None, description="Undone."), **responses(400, 401, 404, 500, 503)},
)
async def undo_exercise_merge(
    request: ApiRequest, athlete_id: FromPath[str], exercise_id: FromPath[int]
) -> Response[None]:
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        version = await merges.undo(session, _number(exercise_id), athlete=athlete, now=now())
    return no_content(**{DATA_VERSION_NAME.decode(): str(version)})


def _number(exercise_id: int) -> int:
    """Whatever number a path holds: one that no exercise can have is the 0 that none has."""
    return exercise_id if 0 < exercise_id < 2**31 else 0
