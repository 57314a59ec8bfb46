"""Workouts: recorded once, read back as the bytes that were stored."""

import re
from hashlib import sha256
from uuid import UUID

from litestar import Response, delete, get, post, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from api import cursors
from api.answers import DATA_VERSION as DATA_VERSION_NAME
from api.answers import JSON, PRIVATE, Answer, Empty, Header, no_content, now, page
from api.deps import ApiRequest, reading, visible_athlete, writing
from api.etags import etag, expected_version, is_current
from api.headers import (
    DATA_VERSION,
    ETAG,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    LOCATION,
    NOT_MODIFIED,
    described,
)
from api.idempotency import idempotency_key
from api.parameters import Cursor, Limit
from api.problems import responses
from api.schemas.pages import WorkoutPage
from models import ids
from models.db import Direct
from models.domain.workout_view import WorkoutOut
from models.domain.workouts import WorkoutDraft
from models.queries import workouts as queries
from models.queries.visibility import VisibleAthlete
from models.services import idempotency, workouts
from models.services.idempotency import KeptAnswer
from models.services.workouts import Recorded

PATH = "/athletes/{athlete_id:str}/workouts"
ONE = PATH + "/{workout_id:uuid}"
WORKOUT = ResponseSpec(WorkoutOut, generate_examples=False, description="The workout.")
BODY_PROBLEMS = responses(400, 401, 404, 409, 413, 415, 422, 500, 503)

_VERSION = re.compile(rb'^\{"data_version":(\d+)')


@post(
    PATH,
    operation_id="create_workout",
    summary="Record a workout",
    description="The id is chosen here. With an Idempotency-Key, a retry of the same body gets the same answer.",
    opt=described(request=(IDEMPOTENCY_KEY,), response=(ETAG, DATA_VERSION, LOCATION)),
    responses={201: WORKOUT, **BODY_PROBLEMS},
)
async def create_workout(request: ApiRequest, athlete_id: FromPath[str], data: JSONBody[WorkoutDraft]) -> Answer:
    key = idempotency_key(request.scope)
    if key is not None:
        return await _create_once(request, athlete_id, data, key)
    async with writing(request, transaction=False) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        recorded = await _record(session, request, athlete, data, ids.new())
    return _written(athlete, recorded)


@put(
    ONE,
    operation_id="put_workout",
    summary="Record a workout under your own id, or edit it",
    description=(
        "Without If-Match only creates: the same body again answers 200 with the current state, another body 409,"
        " a deleted workout 410. With If-Match edits: 412 names both versions if it has changed since."
    ),
    opt=described(request=(IF_MATCH,), response=(ETAG, DATA_VERSION, LOCATION)),
    responses={
        200: WORKOUT,
        201: ResponseSpec(WorkoutOut, generate_examples=False, description="The workout is recorded."),
        **BODY_PROBLEMS,
        **responses(410, 412),
    },
)
async def put_workout(
    request: ApiRequest, athlete_id: FromPath[str], workout_id: FromPath[UUID], data: JSONBody[WorkoutDraft]
) -> Answer:
    version = expected_version(request.scope)
    async with writing(request, transaction=version is not None) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        if version is None:
            recorded = await _record(session, request, athlete, data, workout_id)
        else:
            recorded = await workouts.edit_workout(
                session,
                data,
                athlete=athlete,
                workout_id=workout_id,
                actor_id=request.user.account_id,
                now=now(),
                expected_version=version,
            )
    return _written(athlete, recorded)


@get(
    ONE,
    operation_id="get_workout",
    summary="Read a workout",
    opt=described(request=(IF_NONE_MATCH,), response=(ETAG, DATA_VERSION)),
    responses={200: WORKOUT, **NOT_MODIFIED, **responses(400, 401, 404, 410, 500, 503)},
)
async def get_workout(request: ApiRequest, athlete_id: FromPath[str], workout_id: FromPath[UUID]) -> Answer:
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        stored = await queries.get_workout(session, athlete, workout_id)
    headers = _versioned(stored.data_version)
    if is_current(request.scope, etag(stored.data_version)):
        return Empty(status=304, headers=headers)
    return Answer(stored.body, headers=(JSON, *headers))


@get(
    PATH,
    operation_id="list_workouts",
    summary="List workouts, newest first",
    responses={
        200: ResponseSpec(WorkoutPage, generate_examples=False, description="A page."),
        **responses(400, 401, 404, 500, 503),
    },
)
async def list_workouts(
    request: ApiRequest, athlete_id: FromPath[str], cursor: Cursor = None, limit: Limit = 20
) -> Answer:
    after = cursors.moment(cursor)
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        rows = await queries.list_workouts(session, athlete, after=after, limit=limit)
    last = rows[-1] if rows and rows[-1].more else None
    next_cursor = None if last is None else cursors.cursor(last.started_at, last.workout_id)
    return page((stored.body for stored in rows), next_cursor)


@delete(
    ONE,
    operation_id="delete_workout",
    summary="Delete a workout",
    description="Its history is kept and its id stays taken. With If-Match, only if it has not changed since.",
    opt=described(request=(IF_MATCH,), response=(DATA_VERSION,)),
    responses={
        204: ResponseSpec(None, description="Deleted."),
        **responses(400, 401, 404, 410, 412, 500, 503),
    },
)
async def delete_workout(request: ApiRequest, athlete_id: FromPath[str], workout_id: FromPath[UUID]) -> Response[None]:
    version = expected_version(request.scope)
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        deleted = await workouts.delete_workout(
            session,
            athlete=athlete,
            workout_id=workout_id,
            actor_id=request.user.account_id,
            now=now(),
            expected_version=version,
        )
    return no_content(**{DATA_VERSION_NAME.decode(): str(deleted)})


async def _record(
    session: Direct, request: ApiRequest, athlete: VisibleAthlete, draft: WorkoutDraft, workout_id: UUID
) -> Recorded:
    return await workouts.record_workout(
        session,
        draft,
        athlete=athlete,
        workout_id=workout_id,
        actor_id=request.user.account_id,
        now=now(),
    )


async def _create_once(request: ApiRequest, athlete_id: str, draft: WorkoutDraft, key: str) -> Answer:
    """Record a workout, unless the key was answered before: then answer the same again."""
    digest = sha256(await request.body()).digest()
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        kept = await idempotency.claim(session, athlete, key=key, digest=digest)
        if kept is None:
            recorded = await _record(session, request, athlete, draft, ids.new())
            kept = KeptAnswer(status=201, location=_location(athlete, recorded.workout_id), body=recorded.body)
            await idempotency.keep(session, athlete, key=key, digest=digest, answer=kept, now=now())
    return _again(kept)


def _again(kept: KeptAnswer) -> Answer:
    version = _VERSION.match(kept.body)
    headers = _versioned(int(version[1])) if version else ()
    location = () if kept.location is None else ((b"location", kept.location.encode()),)
    return Answer(kept.body, status=kept.status, headers=(JSON, *headers, *location))


def _written(athlete: VisibleAthlete, recorded: Recorded) -> Answer:
    headers = (JSON, *_versioned(recorded.data_version))
    if not recorded.created:
        return Answer(recorded.body, headers=headers)
    location = (b"location", _location(athlete, recorded.workout_id).encode())
    return Answer(recorded.body, status=201, headers=(*headers, location))


def _location(athlete: VisibleAthlete, workout_id: UUID) -> str:
    return f"/v1/athletes/{athlete.athlete_id}/workouts/{workout_id}"


def _versioned(data_version: int) -> tuple[Header, ...]:
    return (PRIVATE, (b"etag", etag(data_version).encode()), (DATA_VERSION_NAME, b"%d" % data_version))
