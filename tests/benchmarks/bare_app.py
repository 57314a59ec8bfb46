"""The floor with HTTP: an ASGI application that does nothing but the bare statements, their arguments made beforehand.

It reads no body, checks nobody and validates nothing: what it costs, any Python service on this server must pay.
"""

import os
from itertools import islice
from typing import Any
from uuid import UUID

from tests.benchmarks import sample
from tests.benchmarks.bare import ONE, PAGE, RECORD, arguments
from tests.benchmarks.database import driver

BODY_AT = 10  # Among the statement's arguments.
Message = dict[str, Any]


class BareApp:
    def __init__(self, dsn: str, workouts: int) -> None:
        self._dsn = dsn
        nobody = UUID(int=0)
        self._prepared = iter([arguments(draft, nobody) for draft in islice(sample.workouts(), workouts)])

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["method"] == "POST":
            await receive()
            status, body = 201, await self._post(_athlete(scope))
        else:
            status, body = 200, await self._get(_athlete(scope), scope["path"])
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def _live(self, receive: Any, send: Any) -> None:
        while (message := await receive())["type"] == "lifespan.startup":
            self._pool = await driver.create_pool(self._dsn, min_size=10, max_size=10, reset=_leave)
            await send({"type": "lifespan.startup.complete"})
        await self._pool.close()
        await send({"type": message["type"] + ".complete"})

    async def _post(self, athlete_id: UUID) -> bytes:
        given = next(self._prepared)
        async with self._pool.acquire() as connection:
            version = await connection.fetchval(RECORD, athlete_id, *given[1:3], athlete_id, *given[4:])
        return b'{"data_version":%d,%b' % (version, given[BODY_AT][1:])

    async def _get(self, athlete_id: UUID, path: str) -> bytes:
        async with self._pool.acquire() as connection:
            if path.endswith("workouts"):
                rows = await connection.fetch(PAGE, athlete_id)
                return b'{"items":[%b]}' % b",".join([row["body"] for row in rows])
            row = await connection.fetchrow(ONE, athlete_id, UUID(path[-36:]))
            assert row is not None
            return row["body"]


async def _leave(_: Any) -> None:
    """Connections go back as they are: resetting them would be a second round trip."""


def create() -> BareApp:
    """The application, configured by the two variables that the benchmark sets for its process."""
    return BareApp(os.environ["BARE_DSN"], int(os.environ["BARE_WORKOUTS"]))


def _athlete(scope: Message) -> UUID:
    """The whole bearer token is the athlete's id."""
    return UUID(dict(scope["headers"])[b"authorization"][7:].decode())
