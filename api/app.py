"""The application: routes, guards, hooks and what lives as long as the process."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast

from litestar import Litestar, Router
from litestar.config.cors import CORSConfig
from litestar.types import ControllerRouterHandler

from api import openapi, problems
from api.bodies import StrictBody
from api.config import ApiConfig
from api.deps import ApiRequest, Resources, admit
from api.doorbell import Doorbell
from api.explaining import Explainer, Steps
from api.hooks import add_headers, refuse_unknown_query
from api.routes import (
    athlete,
    auth,
    docs,
    exercises,
    export,
    health,
    imports,
    insights,
    me,
    merges,
    progress,
    revisions,
    runs,
    sync,
    workouts,
)
from api.security import AccessTokens, Passwords
from models import db

READABLE = ["ETag", "Loadstone-Data-Version", "Link", "Location", "X-Request-Id", "Retry-After"]


def create_app(config: ApiConfig, explained: Steps | None = None) -> Litestar:
    """The API over the database of `config`. It starts, and waits, while the database is away.

    `explained` are the steps whose numbers are explained, where they are not just those that analytics knows.
    """

    @asynccontextmanager
    async def running(app: Litestar) -> AsyncGenerator[None]:
        held = app.state.resources = _resources(config, explained)
        try:
            async with held.doorbell.listening():
                yield
        finally:
            await held.database.dispose()

    return Litestar(
        route_handlers=[_v1(), *([docs.router] if config.docs else [])],
        lifespan=[running],
        request_class=ApiRequest,
        dto=StrictBody,
        return_dto=None,
        before_request=refuse_unknown_query,
        before_send=[add_headers],
        exception_handlers={Exception: cast(Any, problems.respond)},
        request_max_body_size=config.max_body_bytes,
        openapi_config=None,
        cors_config=_cors(config),
        logging_config=None,
        debug=False,
    )


def _resources(config: ApiConfig, explained: Steps | None) -> Resources:
    database = db.engine(config.database)
    return Resources(
        config=config,
        database=database,
        tokens=AccessTokens(config.signing_keys, config.access_token_ttl_s),
        passwords=Passwords(),
        doorbell=Doorbell(database),
        downloads=asyncio.Semaphore(max(1, config.database.pool_size // 4)),
        explainer=Explainer(database, explained),
    )


def _v1() -> Router:
    return Router(
        "/v1",
        route_handlers=[
            Router("/auth", tags=["auth"], route_handlers=[auth.register, auth.login, auth.refresh, auth.logout]),
            Router("/health", tags=["health"], route_handlers=[health.get_liveness, health.get_readiness]),
            _guarded("auth", me.get_me, me.update_me),
            _guarded(
                "exercises",
                exercises.list_exercises,
                exercises.get_exercise,
                exercises.create_exercise,
                exercises.edit_exercise,
            ),
            _guarded(
                "workouts",
                workouts.create_workout,
                workouts.put_workout,
                workouts.get_workout,
                workouts.list_workouts,
                workouts.delete_workout,
            ),
            _guarded(
                "revisions",
                revisions.list_workout_revisions,
                revisions.get_workout_revision,
                revisions.compare_workout_revisions,
                revisions.restore_workout_revision,
            ),
            _guarded("sync", sync.write_workouts, sync.list_changes),
            _guarded("exercises", merges.list_exercise_merges, merges.merge_exercise, merges.undo_exercise_merge),
            _guarded("athlete", *athlete.HANDLERS),
            _guarded("insights", *insights.HANDLERS, *progress.HANDLERS),
            _guarded("imports", *imports.HANDLERS),
            _guarded("export", *export.HANDLERS),
            _guarded("runs", runs.list_runs, runs.get_run, runs.request_run, runs.follow_run, runs.get_step_run),
        ],
    )


def _guarded(tag: str, *handlers: ControllerRouterHandler) -> Router:
    return Router("/", tags=[tag], before_request=admit, security=[{openapi.BEARER: []}], route_handlers=list(handlers))


def _cors(config: ApiConfig) -> CORSConfig | None:
    if not config.cors_origins:
        return None
    return CORSConfig(allow_origins=list(config.cors_origins), expose_headers=READABLE, max_age=600)
