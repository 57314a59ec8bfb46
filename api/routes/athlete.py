"""What an athlete states beside workouts: measurements, goals, equipment, exclusions and the profile."""

from datetime import date
from typing import Annotated

from litestar import get
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from api import items
from api.answers import Answer, encoded
from api.deps import ApiRequest, reading, visible_athlete
from api.items import Resource
from api.parameters import Cursor, Limit
from api.problems import responses
from api.routes.items import READ_PROBLEMS, answer, getting, many, putting, remembering
from api.schemas.items import (
    ExclusionPage,
    ExclusionRevisions,
    GoalPage,
    GoalRevisions,
    MeasurementPage,
    MeasurementRevisions,
    PlacePage,
    PlaceRevisions,
    ProfileRevisions,
)
from models.domain import field_profiles
from models.domain.equipment import EQUIPMENT
from models.domain.exclusions import EXCLUSION, ExclusionKind
from models.domain.field_profiles import FieldProfile, FieldProfiles
from models.domain.goals import GOAL, GoalStatus
from models.domain.measurements import MEASUREMENT, MeasurementKind
from models.domain.profile import PROFILE, ProfileDraft
from models.queries import items as queries

MEASUREMENTS = Resource(noun=MEASUREMENT, segment="measurements")
GOALS = Resource(noun=GOAL, segment="goals")
PLACES = Resource(noun=EQUIPMENT, segment="equipment")
EXCLUSIONS = Resource(noun=EXCLUSION, segment="exclusions")
PROFILE_OF = Resource(noun=PROFILE, segment="profile", single=True)

From = Annotated[date | None, QueryParameter(name="from_on", description="Only of this local date or later.")]
Until = Annotated[date | None, QueryParameter(name="until_on", description="Only of this local date or earlier.")]
InForce = Annotated[date | None, QueryParameter(name="on", description="Only those in force on this date.")]


@get(
    MEASUREMENTS.path,
    operation_id="list_measurements",
    summary="List measurements, the newest taken first",
    responses={200: answer(MeasurementPage, "A page."), **READ_PROBLEMS},
)
async def list_measurements(
    request: ApiRequest,
    athlete_id: FromPath[str],
    kind: FromQuery[MeasurementKind | None] = None,
    from_on: From = None,
    until_on: Until = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Answer:
    filters = {"kind": kind, "from_on": from_on, "until_on": until_on}
    return await items.listed(request, MEASUREMENTS, athlete_id, cursor, limit, **filters)


@get(
    GOALS.path,
    operation_id="list_goals",
    summary="List goals, the newest first",
    responses={200: answer(GoalPage, "A page."), **READ_PROBLEMS},
)
async def list_goals(
    request: ApiRequest,
    athlete_id: FromPath[str],
    status: FromQuery[GoalStatus | None] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Answer:
    return await items.listed(request, GOALS, athlete_id, cursor, limit, status=status)


@get(
    PLACES.path,
    operation_id="list_equipment",
    summary="List places with their equipment, the newest first",
    responses={200: answer(PlacePage, "A page."), **READ_PROBLEMS},
)
async def list_equipment(
    request: ApiRequest, athlete_id: FromPath[str], cursor: Cursor = None, limit: Limit = 50
) -> Answer:
    return await items.listed(request, PLACES, athlete_id, cursor, limit)


@get(
    EXCLUSIONS.path,
    operation_id="list_exclusions",
    summary="List exclusions, the newest first",
    responses={200: answer(ExclusionPage, "A page."), **READ_PROBLEMS},
)
async def list_exclusions(
    request: ApiRequest,
    athlete_id: FromPath[str],
    kind: FromQuery[ExclusionKind | None] = None,
    on: InForce = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Answer:
    return await items.listed(request, EXCLUSIONS, athlete_id, cursor, limit, kind=kind, on=on)


@putting(PROFILE_OF, PROFILE_OF.path, "State the profile, or edit it")
async def put_profile(request: ApiRequest, athlete_id: FromPath[str], data: JSONBody[ProfileDraft]) -> Answer:
    return await items.put(request, PROFILE_OF, athlete_id, data)


@getting(PROFILE_OF, PROFILE_OF.path, "Read the profile, once it is stated")
async def get_profile(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    return await items.read(request, PROFILE_OF, athlete_id)


@remembering(PROFILE_OF, PROFILE_OF.path, "the profile", ProfileRevisions)
async def list_profile_revisions(
    request: ApiRequest, athlete_id: FromPath[str], cursor: Cursor = None, limit: Limit = 50
) -> Answer:
    return await items.history(request, PROFILE_OF, athlete_id, cursor, limit)


@get(
    "/field-profiles",
    operation_id="list_field_profiles",
    summary="Which optional fields each level shows",
    responses={200: answer(FieldProfiles, "The profiles of all levels."), **responses(400, 401, 500, 503)},
)
async def list_field_profiles() -> Answer:
    return encoded(field_profiles.profiles())


@get(
    "/athletes/{athlete_id:str}/field-profile",
    operation_id="get_field_profile",
    summary="Which optional fields to show this athlete, and why",
    description="A client's affair: all fields are recorded and read at every level.",
    responses={200: answer(FieldProfile, "By the level and overrides of the profile."), **READ_PROBLEMS},
)
async def get_field_profile(request: ApiRequest, athlete_id: FromPath[str]) -> Answer:
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        return encoded(await queries.field_profile(session, athlete))


HANDLERS = (
    *many(MEASUREMENTS, "a measurement", MeasurementRevisions),
    list_measurements,
    *many(GOALS, "a goal", GoalRevisions),
    list_goals,
    *many(PLACES, "a place with its equipment", PlaceRevisions),
    list_equipment,
    *many(EXCLUSIONS, "an exclusion", ExclusionRevisions),
    list_exclusions,
    put_profile,
    get_profile,
    list_profile_revisions,
    list_field_profiles,
    get_field_profile,
)
