"""The pages that apps poll: an athlete, an exercise, a muscle, each cut out of a stored document as its bytes."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get
from litestar.exceptions import ClientException
from litestar.params import FromPath, QueryParameter
from msgspec import Raw, Struct

from analytics.metrics import periods
from analytics.metrics.periods import Period
from api import documents
from api.answers import Answer
from api.deps import ApiRequest, reading, visible_athlete
from api.documents import OPT, found
from api.schemas.progress import (
    AthleteInsight,
    ComparisonInsight,
    ExerciseIndexInsight,
    ExerciseInsight,
    MuscleIndexInsight,
    MuscleInsight,
)
from models.domain.errors import NotFound
from models.domain.exercises import Muscle
from models.domain.periods import DayTotals
from models.queries import exercises
from models.queries.documents import get_document

PATH = "/athletes/{athlete_id:str}/progress"
First = Annotated[date, QueryParameter(name="first", description="The period's first day, a local date.")]
Last = Annotated[date, QueryParameter(name="last", description="The period's last day.")]
AgainstFirst = Annotated[date, QueryParameter(name="against_first", description="The first day compared with.")]
AgainstLast = Annotated[date, QueryParameter(name="against_last", description="The last day compared with.")]


class _Exercises(Struct):
    """The document exercises, its parts left as bytes."""

    index: Raw
    exercises: dict[str, Raw]


class _Muscles(Struct):
    index: Raw
    muscles: dict[str, Raw]


class _Days(Struct):
    days: DayTotals


_encoder = msgspec.json.Encoder()
_exercises = msgspec.json.Decoder(_Exercises)
_muscles = msgspec.json.Decoder(_Muscles)
_days = msgspec.json.Decoder(_Days)


@get(
    PATH + "/athlete",
    operation_id="get_athlete_progress",
    summary="Read consistency, compared periods, strength scores and load",
    opt=OPT,
    responses=found(AthleteInsight),
)
async def get_athlete_progress(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    return await documents.whole(request, athlete_id, "athlete")


@get(
    PATH + "/comparison",
    operation_id="compare_periods",
    summary="Compare any two periods",
    description="Both periods include their first and last day, and may differ in length.",
    opt=OPT,
    responses=found(ComparisonInsight, "The comparison; null before the first analysis."),
)
async def compare_periods(
    request: ApiRequest,
    athlete_id: FromPath[str],
    first: First,
    last: Last,
    against_first: AgainstFirst,
    against_last: AgainstLast,
) -> Answer:
    if last < first or against_last < against_first:
        raise ClientException("A period cannot end before it begins.")
    period, against = Period(first, last), Period(against_first, against_last)
    return await documents.of(request, athlete_id, "athlete", lambda body: _compared(body, period, against))


@get(
    PATH + "/exercises",
    operation_id="list_exercise_progress",
    summary="Read the index of all exercises performed",
    opt=OPT,
    responses=found(ExerciseIndexInsight),
)
async def list_exercise_progress(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    return await documents.of(request, athlete_id, "exercises", lambda body: bytes(_exercises.decode(body).index))


@get(
    PATH + "/exercises/{exercise_id:int}",
    operation_id="get_exercise_progress",
    summary="Read an exercise's e1RM, top sets, volume, records and trend",
    description="The sessions of a merged exercise are on the page of the one that it was merged into.",
    opt=OPT,
    responses=found(ExerciseInsight, "The newest result; null before the first, and if it was never performed."),
)
async def get_exercise_progress(request: ApiRequest, athlete_id: FromPath[str], exercise_id: FromPath[int]) -> Answer:
    if not 0 < exercise_id < 2**31:
        raise NotFound("There is no such exercise.")
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        stored = await get_document(session, athlete, "exercises")
        page = None if stored.body is None else _exercises.decode(stored.body).exercises.get(str(exercise_id))
        if page is None:
            await exercises.get_exercise(session, athlete, exercise_id)
    return documents.served(request, stored, None if page is None else bytes(page))


@get(
    PATH + "/muscles",
    operation_id="list_muscle_progress",
    summary="Read the index of all muscles",
    opt=OPT,
    responses=found(MuscleIndexInsight),
)
async def list_muscle_progress(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    return await documents.of(request, athlete_id, "muscles", lambda body: bytes(_muscles.decode(body).index))


@get(
    PATH + "/muscles/{muscle:str}",
    operation_id="get_muscle_progress",
    summary="Read a muscle's weekly hard sets against its range",
    opt=OPT,
    responses=found(MuscleInsight, "The newest result; null before the first, and if never trained without a range."),
)
async def get_muscle_progress(request: ApiRequest, athlete_id: FromPath[str], muscle: FromPath[str]) -> Answer:
    if muscle not in set(Muscle):
        raise NotFound("There is no such muscle.")
    return await documents.of(request, athlete_id, "muscles", lambda body: _muscle(body, muscle))


def _muscle(body: bytes, muscle: str) -> bytes | None:
    page = _muscles.decode(body).muscles.get(muscle)
    return None if page is None else bytes(page)


def _compared(body: bytes, period: Period, against: Period) -> bytes:
    return _encoder.encode(periods.compare(_days.decode(body).days, period, against))


HANDLERS = (
    get_athlete_progress,
    compare_periods,
    list_exercise_progress,
    get_exercise_progress,
    list_muscle_progress,
    get_muscle_progress,
)
