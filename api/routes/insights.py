"""What the records mean: the stored documents of the pipeline's steps, served as their bytes."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter

from api.answers import DATA_VERSION as DATA_VERSION_NAME
from api.answers import JSON, PRIVATE, Answer, Empty
from api.deps import ApiRequest, reading, visible_athlete
from api.etags import is_current
from api.headers import DATA_VERSION, ETAG, IF_NONE_MATCH, NOT_MODIFIED, described
from api.problems import responses
from api.schemas.insights import (
    E1rmInsight,
    Insight,
    ProgressInsight,
    RecommendationsInsight,
    RecordsInsight,
    SummaryInsight,
)
from models.domain.insights import E1rmDocument
from models.queries import documents
from models.queries.documents import StoredDocument

PATH = "/athletes/{athlete_id:str}"
OPT = described(request=(IF_NONE_MATCH,), response=(ETAG, DATA_VERSION))

_encoder = msgspec.json.Encoder()
_e1rm = msgspec.json.Decoder(E1rmDocument)


def _found(shape: type[Insight]) -> dict[int, ResponseSpec]:
    found = ResponseSpec(shape, generate_examples=False, description="The newest result; null before the first.")
    return {200: found, **NOT_MODIFIED, **responses(400, 401, 404, 500, 503)}


@get(
    PATH + "/progress",
    operation_id="get_progress",
    summary="Read tonnage, hard sets, fitness and fatigue",
    opt=OPT,
    responses=_found(ProgressInsight),
)
async def get_progress(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    return await _document(request, athlete_id, "progress")


@get(
    PATH + "/progress/e1rm",
    operation_id="get_e1rm",
    summary="Read estimated one-repetition maxima by exercise and day",
    opt=OPT,
    responses=_found(E1rmInsight),
)
async def get_e1rm(
    request: ApiRequest,
    athlete_id: FromPath[str],
    exercise_id: Annotated[
        int | None, QueryParameter(ge=1, le=2_147_483_647, description="Only this exercise's series.")
    ] = None,
) -> Answer:
    return await _document(request, athlete_id, "e1rm", exercise_id=exercise_id)


@get(
    PATH + "/records",
    operation_id="get_records",
    summary="Read personal records",
    opt=OPT,
    responses=_found(RecordsInsight),
)
async def get_records(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    return await _document(request, athlete_id, "records")


@get(
    PATH + "/recommendations",
    operation_id="get_recommendations",
    summary="Read the next loads and reps, with intervals and reasons",
    opt=OPT,
    responses=_found(RecommendationsInsight),
)
async def get_recommendations(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    return await _document(request, athlete_id, "recommendations")


@get(
    PATH + "/summaries",
    operation_id="get_latest_summary",
    summary="Read the latest summary in words",
    opt=OPT,
    responses=_found(SummaryInsight),
)
async def get_latest_summary(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    return await _document(request, athlete_id, "summary")


async def _document(request: ApiRequest, athlete_id: str, name: str, *, exercise_id: int | None = None) -> Answer:
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        stored = await documents.get_document(session, athlete, name)
    tag = _tag(stored)
    headers = (PRIVATE, (b"etag", tag.encode()), (DATA_VERSION_NAME, b"%d" % stored.current_version))
    if is_current(request.scope, tag):
        return Empty(status=304, headers=headers)
    body = stored.body or b"null"
    if stored.body is not None and exercise_id is not None:
        body = _slice(stored.body, exercise_id)
    return Answer(_envelope(stored, body), headers=(JSON, *headers))


def _tag(stored: StoredDocument) -> str:
    """The state: how far the data has gone, which run of the step wrote, and what it wrote."""
    coverage = stored.coverage
    written = "none" if coverage is None else f"{coverage.step_run_id.hex[-12:]}-{coverage.digest[-16:]}"
    return f'"{stored.current_version}-{written}"'


def _envelope(stored: StoredDocument, body: bytes) -> bytes:
    """The document's bytes behind what it covers, joined and never decoded."""
    coverage = stored.coverage
    head = _encoder.encode(
        {
            "current_version": stored.current_version,
            "data_version": coverage and coverage.data_version,
            "as_of": coverage and coverage.as_of,
            "step_run_id": coverage and coverage.step_run_id,
            "computed_at": coverage and coverage.computed_at,
        }
    )
    return b'%b,"document":%b}' % (head[:-1], body)


def _slice(body: bytes, exercise_id: int) -> bytes:
    """The e1RM document with the series of one exercise alone."""
    document = _e1rm.decode(body)
    series = tuple(series for series in document.exercises if series.exercise_id == exercise_id)
    return _encoder.encode(msgspec.structs.replace(document, exercises=series))
