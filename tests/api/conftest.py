"""The API over a real database, in the test's own loop, and athletes to speak as."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from litestar import Litestar
from msgspec import Struct

from api.app import create_app
from api.config import ApiConfig
from api.deps import Resources
from models import db, ids
from models.db import DatabaseConfig
from models.domain.accounts import Registration
from models.services import accounts
from tests.factories import NOW

KEYS = {"second": "a secret of thirty-two characters", "first": "another secret of thirty-two chars"}


class Athlete(Struct, frozen=True):
    """An account with a token, and the client to use it with."""

    client: AsyncClient
    id: UUID
    token: str

    async def __call__(self, method: str, path: str, json: Any = None, **headers: str) -> Response:
        """A request as this athlete; header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        body = {} if json is None else {"json": json}
        return await self.client.request(
            method, path, headers={"authorization": f"Bearer {self.token}", **sent}, **body
        )


def asgi(application: Litestar) -> Any:
    """Litestar and httpx name the same protocol by types of their own."""
    return application


def api_config(dsn: str, **changes: Any) -> ApiConfig:
    settings: dict[str, Any] = {"event_poll_s": 0.02, "event_keep_alive_s": 0.05, **changes}
    return ApiConfig(database=DatabaseConfig(dsn=dsn, pool_size=4), signing_keys=KEYS, **settings)


def workout(**fields: Any) -> dict[str, Any]:
    """A body for one workout: one set of 5 at 100 kg."""
    a_set = {"exercise_id": 100, "load": 100, "load_unit": "kg", "reps": 5}
    return {"started_at": "2026-11-20T17:00:00Z", "time_zone": "Europe/Berlin", "sets": [a_set], **fields}


@asynccontextmanager
async def running(application: Litestar) -> AsyncGenerator[Litestar]:
    """The application between its start and its end, which must happen in one task: a fixture has two."""
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with application.lifespan():
            started.set()
            await stop.wait()

    task = asyncio.create_task(live())
    await started.wait()
    yield application
    stop.set()
    await task


@asynccontextmanager
async def serving(config: ApiConfig) -> AsyncGenerator[AsyncClient]:
    """A client of an application with settings of the test's own."""
    async with (
        running(create_app(config)) as application,
        AsyncClient(transport=ASGITransport(app=asgi(application)), base_url="http://api") as open_client,
    ):
        yield open_client


@pytest.fixture(scope="session")
def api_dsn(new_database: Callable[[], str]) -> str:
    """One database for the API's tests; each test speaks as athletes of its own."""
    return new_database()


@pytest.fixture(scope="session")
def made_app(api_dsn: str) -> Litestar:
    """Made once, which takes longer than most tests; each test starts and ends it."""
    return create_app(api_config(api_dsn))


@pytest.fixture
async def app(made_app: Litestar) -> AsyncGenerator[Litestar]:
    async with running(made_app) as application:
        yield application


@pytest.fixture
def held(app: Litestar) -> Resources:
    return app.state.resources


@pytest.fixture
async def client(app: Litestar) -> AsyncGenerator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app=asgi(app)), base_url="http://api") as open_client:
        yield open_client


@pytest.fixture
def new_athlete(client: AsyncClient, held: Resources) -> Callable[[], Any]:
    """Makes an athlete without the cost of hashing a password."""

    async def make() -> Athlete:
        account_id = ids.new()
        registration = Registration(email=f"{account_id}@example.org", password="unused-here")
        async with db.direct(held.database, transaction=True) as session:
            await accounts.register(session, registration, account_id=account_id, password_hash="unused", now=NOW)
        return Athlete(client, account_id, held.tokens.issue(account_id, "athlete"))

    return make


@pytest.fixture
async def athlete(new_athlete: Callable[[], Any]) -> Athlete:
    return await new_athlete()


@pytest.fixture
async def stranger(new_athlete: Callable[[], Any]) -> Athlete:
    return await new_athlete()
