"""Server-sent events of a run: resumable, without a connection held between polls, ended with the run."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import msgspec
from litestar.types import Receive, Scope, Send

from api.answers import NO_STORE, Answer
from api.config import ApiConfig
from api.problems import is_unavailable
from models.domain.runs import FINAL_STATUSES, RunView
from models.queries.runs import RunProgress

HEADERS = ((b"content-type", b"text/event-stream"), NO_STORE, (b"x-accel-buffering", b"no"))
KEEP_ALIVE = b": keep-alive\n\n"
RETRY = b"retry: 2000\n\n"


class RunEvents(Answer):
    """Sends the run's document whenever its revision is newer than the last one sent."""

    def __init__(
        self,
        *,
        progress: Callable[[], Awaitable[RunProgress]],
        document: Callable[[], Awaitable[RunView]],
        after: int,
        config: ApiConfig,
    ) -> None:
        super().__init__(b"", headers=HEADERS)
        self._progress = progress
        self._document = document
        self._after = after
        self._config = config

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
        # Nothing is cancelled half-way when the client leaves: between two polls we look whether it is still there.
        left = asyncio.create_task(_wait_for_disconnect(receive))
        try:
            await self._follow(send, left)
        finally:
            left.cancel()

    async def _follow(self, send: Send, left: asyncio.Task[None]) -> None:
        await _send(send, RETRY)
        end = time.monotonic() + self._config.event_stream_limit_s
        spoken = time.monotonic()
        while not left.done() and time.monotonic() < end:
            event, final = await self._next()
            if event is None and time.monotonic() - spoken >= self._config.event_keep_alive_s:
                event = KEEP_ALIVE
            if event is not None:
                await _send(send, event)
                spoken = time.monotonic()
            if final:
                break
            await asyncio.wait({left}, timeout=self._config.event_poll_s)
        if not left.done():
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self) -> tuple[bytes | None, bool]:
        """The next event, if there is one, and whether it is the last."""
        try:
            progress = await self._progress()
            if progress.revision <= self._after:
                return None, progress.status in FINAL_STATUSES
            run = await self._document()
        except Exception as error:
            if is_unavailable(error):
                return None, False
            raise
        self._after = run.revision
        return event(run), run.status in FINAL_STATUSES


def event(run: RunView) -> bytes:
    """A run as one event."""
    return b"id: %d\nevent: run\ndata: %b\n\n" % (run.revision, msgspec.json.encode(run))


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, content: bytes) -> None:
    await send({"type": "http.response.body", "body": content, "more_body": True})
