"""Liveness and readiness, for whatever watches the process."""

from functools import cache

from alembic.script import ScriptDirectory
from litestar import get
from litestar.openapi.datastructures import ResponseSpec

from api.answers import Answer, encoded
from api.deps import ApiRequest, reading
from api.problems import Unavailable, responses
from api.schemas.health import Health
from migrations import config as migrations
from models.queries import schema

OK = {200: ResponseSpec(Health, generate_examples=False, description="Well.")}


@get("/live", operation_id="get_liveness", summary="Does the process answer?", responses={**OK, **responses(400, 500)})
async def get_liveness() -> Answer:
    return encoded(Health(status="ok"))


@get(
    "/ready",
    operation_id="get_readiness",
    summary="Does the database answer, with its schema up to date?",
    responses={**OK, **responses(400, 500, 503)},
)
async def get_readiness(request: ApiRequest) -> Answer:
    async with reading(request) as session:
        revision = await schema.revision(session)
    if revision is None or revision in _older_revisions():
        raise Unavailable("The database is not migrated to the schema of this version.")
    return encoded(Health(status="ok"))


@cache
def _older_revisions() -> frozenset[str]:
    """A revision that is not among these is the head, or newer: each migration suits the code before it."""
    scripts = ScriptDirectory.from_config(migrations(""))
    return frozenset(script.revision for script in scripts.walk_revisions()) - set(scripts.get_heads())
