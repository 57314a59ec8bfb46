"""Answering with stored documents, whole or a part of one: the bytes behind an envelope, with a tag."""

from collections.abc import Callable
from hashlib import sha256

import msgspec
from litestar.openapi.datastructures import ResponseSpec

from api.answers import DATA_VERSION as DATA_VERSION_NAME
from api.answers import JSON, PRIVATE, Answer, Empty
from api.deps import ApiRequest, reading, visible_athlete
from api.etags import is_current
from api.headers import DATA_VERSION, ETAG, IF_NONE_MATCH, NOT_MODIFIED, described
from api.problems import responses
from api.schemas.insights import Insight
from models.queries import documents
from models.queries.documents import StoredDocument

OPT = described(request=(IF_NONE_MATCH,), response=(ETAG, DATA_VERSION))
FOUND = "The newest result; null before the first."

_encoder = msgspec.json.Encoder()


def found(shape: type[Insight], description: str = FOUND) -> dict[int, ResponseSpec]:
    """The responses of a route that answers with a stored document."""
    answer = ResponseSpec(shape, generate_examples=False, description=description)
    return {200: answer, **NOT_MODIFIED, **responses(400, 401, 404, 500, 503)}


async def whole(request: ApiRequest, athlete_id: str, name: str) -> Answer:
    """A document's bytes as they are."""
    return await of(request, athlete_id, name, lambda body: body)


async def of(request: ApiRequest, athlete_id: str, name: str, part: Callable[[bytes], bytes | None]) -> Answer:
    """What `part` makes of a document's bytes."""
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        stored = await documents.get_document(session, athlete, name)
    return served(request, stored, None if stored.body is None else part(stored.body))


def served(request: ApiRequest, stored: StoredDocument, body: bytes | None) -> Answer:
    """A body with what its document covers, or a 304 to those who hold it; null where there is none."""
    tag = _tag(stored, body)
    headers = (PRIVATE, (b"etag", tag.encode()), (DATA_VERSION_NAME, b"%d" % stored.current_version))
    if is_current(request.scope, tag):
        return Empty(status=304, headers=headers)
    return Answer(_envelope(stored, body or b"null"), headers=(JSON, *headers))


def _tag(stored: StoredDocument, body: bytes | None) -> str:
    """What is served: how far the data has gone, which run of the step wrote, and the bytes."""
    if stored.coverage is None:
        return f'"{stored.current_version}-none"'
    digest = stored.coverage.digest if body is stored.body else sha256(body or b"null").hexdigest()
    return f'"{stored.current_version}-{stored.coverage.step_run_id.hex[-12:]}-{digest[-16:]}"'


def _envelope(stored: StoredDocument, body: bytes) -> bytes:
    """The bytes behind what they cover, joined and never decoded."""
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
