"""A POST with an Idempotency-Key: written once, answered alike as often as it comes."""

import re
from collections.abc import Awaitable, Callable
from hashlib import sha256

from litestar.exceptions import ClientException

from api.answers import now
from api.deps import ApiRequest, visible_athlete, writing
from models.db import Direct
from models.queries.visibility import VisibleAthlete
from models.services import idempotency
from models.services.idempotency import KeptAnswer

_KEY = re.compile(r"^[!-~]{1,255}\Z")


async def answered(
    request: ApiRequest,
    athlete_id: str,
    key: str,
    write: Callable[[Direct, VisibleAthlete], Awaitable[KeptAnswer]],
) -> KeptAnswer:
    """What the key was answered with, after writing it if it is new."""
    if not _KEY.match(key):
        raise ClientException("An Idempotency-Key has 1 to 255 visible ASCII characters.")
    # The operation too: the same body may be meant for another noun.
    digest = sha256(f"{request.route_handler.operation_id}\n".encode() + await request.body()).digest()
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        kept = await idempotency.claim(session, athlete, key=key, digest=digest)
        if kept is None:
            kept = await write(session, athlete)
            await idempotency.keep(session, athlete, key=key, digest=digest, answer=kept, now=now())
    return kept
