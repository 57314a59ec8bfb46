"""The routes that every noun has which an athlete states beside workouts: one factory makes them for each."""

from typing import Any, cast
from uuid import UUID

from litestar import Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api import items
from api.answers import Answer
from api.deps import ApiRequest
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
from api.items import Resource
from api.parameters import Cursor, Limit
from api.problems import responses

BODY_PROBLEMS = responses(400, 401, 404, 409, 413, 415, 422, 500, 503)
READ_PROBLEMS = responses(400, 401, 404, 500, 503)
CREATES_OR_EDITS = (
    "Without If-Match only creates: the same body again answers 200 with the current state, another body 409,"
    " a deleted one 410. With If-Match edits: 412 names both versions if it has changed since."
)


def answer(shape: type[Any], description: str) -> ResponseSpec:
    """The description of a success."""
    return ResponseSpec(shape, generate_examples=False, description=description)


def many(resource: Resource, words: str, revisions: type[Any]) -> tuple[HTTPRouteHandler, ...]:
    """The handlers of a noun that an athlete has many of, but for its list, which has filters of its own."""
    one = resource.path + "/{item_id:uuid}"
    return (
        _create(resource, words),
        _put(resource, one, words),
        _get(resource, one, words),
        _delete(resource, one, words),
        _revisions(resource, one, words, revisions),
    )


def _create(resource: Resource, words: str) -> HTTPRouteHandler:
    async def create_item(request: ApiRequest, athlete_id: FromPath[str], data: Any) -> Answer:
        return await items.create(request, resource, athlete_id, data)

    return post(
        resource.path,
        operation_id=f"create_{resource.noun.kind}",
        summary=f"Add {words}",
        description="The id is chosen here. With an Idempotency-Key, a retry of the same body gets the same answer.",
        opt=described(request=(IDEMPOTENCY_KEY,), response=(ETAG, DATA_VERSION, LOCATION)),
        responses={201: answer(resource.noun.out, "It is kept."), **BODY_PROBLEMS},
    )(_taking(resource.noun.draft, create_item))


def _put(resource: Resource, one: str, words: str) -> HTTPRouteHandler:
    async def put_item(request: ApiRequest, athlete_id: FromPath[str], item_id: FromPath[UUID], data: Any) -> Answer:
        return await items.put(request, resource, athlete_id, data, item_id)

    return putting(resource, one, f"Add {words} under your own id, or edit it")(_taking(resource.noun.draft, put_item))


def _get(resource: Resource, one: str, words: str) -> HTTPRouteHandler:
    async def get_item(request: ApiRequest, athlete_id: FromPath[str], item_id: FromPath[UUID]) -> Answer:
        return await items.read(request, resource, athlete_id, item_id)

    return getting(resource, one, f"Read {words}")(get_item)


def _delete(resource: Resource, one: str, words: str) -> HTTPRouteHandler:
    async def delete_item(request: ApiRequest, athlete_id: FromPath[str], item_id: FromPath[UUID]) -> Response[None]:
        return await items.delete(request, resource, athlete_id, item_id)

    return delete(
        one,
        operation_id=f"delete_{resource.noun.kind}",
        summary=f"Delete {words}",
        description="Its history is kept and its id stays taken. With If-Match, only if it has not changed since.",
        opt=described(request=(IF_MATCH,), response=(DATA_VERSION,)),
        responses={204: ResponseSpec(None, description="Deleted."), **READ_PROBLEMS, **responses(410, 412)},
    )(delete_item)


def _revisions(resource: Resource, one: str, words: str, shape: type[Any]) -> HTTPRouteHandler:
    async def list_revisions(
        request: ApiRequest,
        athlete_id: FromPath[str],
        item_id: FromPath[UUID],
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Answer:
        return await items.history(request, resource, athlete_id, cursor, limit, item_id)

    return remembering(resource, one, words, shape)(list_revisions)


def putting(resource: Resource, path: str, summary: str) -> put:
    """Decorates the handler that creates or edits an item."""
    return put(
        path,
        operation_id=f"put_{resource.noun.kind}",
        summary=summary,
        description=CREATES_OR_EDITS,
        opt=described(request=(IF_MATCH,), response=(ETAG, DATA_VERSION, LOCATION)),
        responses={
            200: answer(resource.noun.out, "Its current state."),
            201: answer(resource.noun.out, "It is kept."),
            **BODY_PROBLEMS,
            **responses(410, 412),
        },
    )


def getting(resource: Resource, path: str, summary: str) -> get:
    """Decorates the handler that reads an item."""
    return get(
        path,
        operation_id=f"get_{resource.noun.kind}",
        summary=summary,
        opt=described(request=(IF_NONE_MATCH,), response=(ETAG, DATA_VERSION)),
        responses={
            200: answer(resource.noun.out, "Its current state."),
            **NOT_MODIFIED,
            **READ_PROBLEMS,
            **responses(410),
        },
    )


def remembering(resource: Resource, path: str, words: str, shape: type[Any]) -> get:
    """Decorates the handler that lists the revisions of an item."""
    return get(
        path + "/revisions",
        operation_id=f"list_{resource.noun.kind}_revisions",
        summary=f"List what {words} was after each write, newest first",
        responses={200: answer(shape, "A page."), **READ_PROBLEMS},
    )


def _taking(draft: type[Struct], handler: Any) -> Any:
    """Name the body's shape where the handler is made: its annotation is what decodes and describes it."""
    handler.__annotations__["data"] = cast(Any, JSONBody)[draft]
    # Decoders are found by the handler's name.
    handler.__qualname__ = f"{handler.__name__}_{draft.__name__}"
    return handler
