"""What a handler stands on: the process's resources, who is asking, and one transaction a request."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast
from uuid import UUID

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.connection.base import empty_receive, empty_send
from litestar.datastructures import State
from litestar.types import Receive, Send
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from api.config import ApiConfig
from api.doorbell import Doorbell
from api.etags import header
from api.explaining import Explainer
from api.hooks import refuse_unknown_query
from api.security import AccessTokens, Passwords
from models.db import Direct, direct
from models.domain.errors import NotFound, Unauthenticated
from models.queries.visibility import Actor, VisibleAthlete, visible

ME = "me"


class Resources(Struct, frozen=True, kw_only=True):
    """What lives as long as the process."""

    config: ApiConfig
    database: AsyncEngine
    tokens: AccessTokens
    passwords: Passwords
    doorbell: Doorbell
    downloads: asyncio.Semaphore
    explainer: Explainer


class ApiRequest(Request[Actor, None, State]):
    """A request that knows from its content-length where its body ends.

    The server announces more until it is asked once again, and a second wait is a noticeable share of a small request.
    """

    def __init__(self, scope: Any, receive: Receive = empty_receive, send: Send = empty_send) -> None:
        super().__init__(scope, receive, send)
        length = header(scope, b"content-length")
        self._length = int(length) if length is not None and length.isdecimal() else None
        if self._length is not None:
            self.receive = _ending_at(self._length, self.receive)

    @property
    def content_length(self) -> int | None:
        """What the client announced; read once, where Litestar would parse all headers for it."""
        return self._length


def _ending_at(length: int, receive: Receive) -> Receive:
    left = length

    async def receive_body() -> Any:
        nonlocal left
        event: Any = await receive()
        if event["type"] == "http.request":
            left -= len(event["body"])
            event["more_body"] = event.get("more_body", False) and left > 0
        return event

    return receive_body


def resources(connection: ASGIConnection[Any, Any, Any, Any]) -> Resources:
    return cast(Resources, connection.app.state.resources)


async def admit(request: Request[Any, Any, Any]) -> None:
    """Before every handler that is not open to all: a valid bearer token, and no query parameter unknown to it."""
    # A hook and no guard: Litestar copies the whole handler for each call of a guard.
    request.scope["user"] = _actor(request)
    await refuse_unknown_query(request)


def _actor(request: Request[Any, Any, Any]) -> Actor:
    given = header(request.scope, b"authorization")
    if given is None:
        raise Unauthenticated("Send an access token: `Authorization: Bearer ...`.")
    scheme, _, token = given.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("The Authorization header is not of the Bearer scheme.")
    return resources(request).tokens.actor(token.strip())


@asynccontextmanager
async def reading(request: ApiRequest) -> AsyncGenerator[Direct]:
    """A connection for reads, each of one statement."""
    async with direct(resources(request).database, transaction=False) as session:
        yield session


@asynccontextmanager
async def writing(request: ApiRequest, *, transaction: bool = True) -> AsyncGenerator[Direct]:
    """The request's one transaction, committed here and before the response; then the relay's bell.

    `transaction=False` is for a service that writes in a single statement, which is a transaction by itself.
    """
    held = resources(request)
    async with direct(held.database, transaction=transaction) as session:
        yield session
    held.doorbell.ring()


async def visible_athlete(session: Direct, request: ApiRequest, athlete_id: str) -> VisibleAthlete:
    """The athlete of the path, `me` included; NotFound for anybody else's."""
    return await visible(session, request.user, request.user.account_id if athlete_id == ME else _uuid(athlete_id))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such athlete.") from None
