"""The servers that are compared: `loadstone api` itself, and the others on the same server in the same way."""

import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import jwt
from msgspec import Struct

from api.security import AccessTokens
from loadstone.dev import ports
from loadstone.dev.parts import ApiPart
from loadstone.settings import Settings
from tests.benchmarks.processes import Application

SECRET = "a-secret-of-the-benchmarks-and-of-nothing-else"
SIGNING_KEYS = {"benchmarks": SECRET}
TOKEN_TTL_S = 3600


class Server(Struct, frozen=True, kw_only=True):
    """A server as a child of ours, and how an athlete signs in there."""

    child: ApiPart | Application
    token: Callable[[UUID], str]

    @property
    def pid(self) -> int:
        assert self.child.process is not None, "a server that started has a process"
        return self.child.process.pid


@contextmanager
def running(*servers: Server) -> Generator[None]:
    """Start the servers side by side; stop them in the end."""
    try:
        with ThreadPoolExecutor(len(servers)) as pool:
            for started in [pool.submit(server.child.start) for server in servers]:
                started.result()
        yield
    finally:
        for server in servers:
            server.child.stop()


def loadstone(dsn: str, folder: Path) -> Server:
    settings = Settings(state=folder, database_dsn=dsn, signing_keys=SIGNING_KEYS)
    return Server(child=ApiPart(settings, ports.free_ports(1)[0], folder / "api.log"), token=token)


def variant(dsn: str, folder: Path) -> Server:
    """The FastAPI variant."""
    settings = {"VARIANT_DSN": dsn, "VARIANT_SECRET": SECRET}
    application = Application("tests.benchmarks.fastapi_variant:create", folder / "variant.log", settings)
    return Server(child=application, token=_variant_token)


def bare(dsn: str, folder: Path, *, workouts: int) -> Server:
    """The bare statements over HTTP; `workouts` is how many it can record."""
    settings = {"BARE_DSN": dsn, "BARE_WORKOUTS": str(workouts)}
    return Server(child=Application("tests.benchmarks.bare_app:create", folder / "bare.log", settings), token=str)


def token(athlete_id: UUID) -> str:
    """An access token of Loadstone's own that outlives the benchmark."""
    return AccessTokens(SIGNING_KEYS, TOKEN_TTL_S).issue(athlete_id, "athlete")


def _variant_token(athlete_id: UUID) -> str:
    claims = {"sub": str(athlete_id), "exp": int(time.time()) + TOKEN_TTL_S}
    return cast(Any, jwt).encode(claims, SECRET, "HS256")
