"""What the records mean: the stored documents of the pipeline's steps, served as their bytes."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter

from api import documents
from api.answers import Answer
from api.deps import ApiRequest, reading, visible_athlete
from api.documents import OPT, found
from api.schemas.insights import (
    AnyInsight,
    E1rmInsight,
    ProgressInsight,
    RecommendationsInsight,
    RecordsInsight,
    SummaryInsight,
)
from models.domain.errors import NotFound
from models.domain.insights import E1rmDocument
from models.queries.documents import get_document as stored_document

PATH = "/athletes/{athlete_id:str}"

_encoder = msgspec.json.Encoder()
_e1rm = msgspec.json.Decoder(E1rmDocument)


@get(
    PATH + "/progress",
    operation_id="get_progress",
    summary="Read tonnage, hard sets, fitness and fatigue",
    opt=OPT,
    responses=found(ProgressInsight),
)
async def get_progress(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    return await documents.whole(request, athlete_id, "progress")


@get(
    PATH + "/progress/e1rm",
    operation_id="get_e1rm",
    summary="Read estimated one-repetition maxima by exercise and day",
    opt=OPT,
    responses=found(E1rmInsight),
)
async def get_e1rm(
    request: ApiRequest,
    athlete_id: FromPath[str],
    exercise_id: Annotated[
        int | None, QueryParameter(ge=1, le=2_147_483_647, description="Only this exercise's series.")
    ] = None,
) -> Answer:
    if exercise_id is None:
        return await documents.whole(request, athlete_id, "e1rm")
    return await documents.of(request, athlete_id, "e1rm", lambda body: _slice(body, exercise_id))


@get(
    PATH + "/records",
    operation_id="get_records",
    summary="Read personal records",
    opt=OPT,
    responses=found(RecordsInsight),
)
async def get_records(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    return await documents.whole(request, athlete_id, "records")


@get(
    PATH + "/recommendations",
    operation_id="get_recommendations",
    summary="Read the next loads and reps, with intervals and reasons",
    opt=OPT,
    responses=found(RecommendationsInsight),
)
async def get_recommendations(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    return await documents.whole(request, athlete_id, "recommendations")


@get(
    PATH + "/summaries",
    operation_id="get_latest_summary",
    summary="Read the latest summary in words",
    opt=OPT,
    responses=found(SummaryInsight),
)
async def get_latest_summary(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    return await documents.whole(request, athlete_id, "summary")


@get(
    PATH + "/documents/{name:str}",
    operation_id="get_document",
    summary="Read the document of any step by its name",
    description="The names are those of `loadstone steps list`. 404 before the step has written it for this athlete.",
    opt=OPT,
    responses=found(AnyInsight, "The newest result, in the shape that its step gives it."),
)
async def get_document(request: ApiRequest, athlete_id: FromPath[str], name: FromPath[str]) -> Answer:
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        stored = await stored_document(session, athlete, name) if "\0" not in name else None
    if stored is None or stored.body is None:
        raise NotFound("There is no document of this name, or not yet.")
    return documents.served(request, stored, stored.body)


def _slice(body: bytes, exercise_id: int) -> bytes:
    """The e1RM document with the series of one exercise alone."""
    document = _e1rm.decode(body)
    series = tuple(series for series in document.exercises if series.exercise_id == exercise_id)
    return _encoder.encode(msgspec.structs.replace(document, exercises=series))


HANDLERS = (get_progress, get_e1rm, get_records, get_recommendations, get_latest_summary, get_document)
