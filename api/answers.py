"""Responses as bytes: what is stored is sent, and what is small is encoded once."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

JSON = (b"content-type", b"application/json")
PRIVATE = (b"cache-control", b"private, no-cache")
NO_STORE = (b"cache-control", b"no-store")
DATA_VERSION = b"loadstone-data-version"

Header = tuple[bytes, bytes]
_encoder = msgspec.json.Encoder()


class Answer(ASGIResponse):
    """A complete response. It skips Litestar's Response, which costs more than a read from the database."""

    def __init__(self, body: bytes, *, status: int = 200, headers: Iterable[Header] = (JSON, NO_STORE)) -> None:
        self.body = body
        self.status_code = status
        self.raw_headers = [*headers, (b"content-length", b"%d" % len(body))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


class Empty(Answer):
    """An answer that has no body, where one could have been: 304, or 204 for a stream."""

    def __init__(self, *, status: int, headers: Iterable[Header] = (NO_STORE,)) -> None:
        self.body = b""
        self.status_code = status
        self.raw_headers = list(headers)


def no_content(**headers: str) -> Response[None]:
    """The answer of an operation that never has a body."""
    return Response(None, status_code=204, headers={"cache-control": "no-store", **headers})


def encoded(value: Any, *, status: int = 200, headers: Iterable[Header] = ()) -> Answer:
    """A value of the domain as JSON."""
    return Answer(_encoder.encode(value), status=status, headers=(JSON, NO_STORE, *headers))


def page(items: Iterable[bytes], next_cursor: str | None) -> Answer:
    """A page of documents that are bytes already."""
    return Answer(b'{"items":[%b],"next_cursor":%b}' % (b",".join(items), _encoder.encode(next_cursor)))


def encoded_page(items: Iterable[Any], next_cursor: str | None) -> Answer:
    """A page of values of the domain."""
    return page(map(_encoder.encode, items), next_cursor)


def now() -> datetime:
    """The instant of a request."""
    return datetime.now(UTC)
