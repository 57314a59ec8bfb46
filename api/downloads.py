"""Files that are made while they are sent: a few at a time, none by a client that is gone or has fallen asleep."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from litestar.types import Receive, Scope, Send

from api.answers import NO_STORE, Answer, Header
from api.problems import Unavailable

# How long a client may take for one piece, and how long a request waits for its turn.
PATIENCE_S = 30.0
TURN_S = 10.0

Pieces = Callable[[], AbstractAsyncContextManager[AsyncIterator[bytes]]]


class Download(Answer):
    """Sends pieces as they come. Each download holds a connection to the database, so `turns` limits their number.

    What fails before the first piece is answered as a problem; after it, the transfer breaks off.
    """

    def __init__(self, pieces: Pieces, *, turns: asyncio.Semaphore, headers: Iterable[Header]) -> None:
        super().__init__(b"", headers=(NO_STORE, *headers))
        self.raw_headers = [NO_STORE, *headers]
        self._pieces = pieces
        self._turns = turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        left = asyncio.create_task(_until_disconnected(receive))
        try:
            async with _turn(self._turns), self._pieces() as pieces:
                await self._send_all(pieces, send, left)
        finally:
            left.cancel()

    async def _send_all(self, pieces: AsyncIterator[bytes], send: Send, left: asyncio.Task[None]) -> None:
        started = False
        async for piece in pieces:
            if left.done():
                return
            if not started:
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                started = True
            async with asyncio.timeout(PATIENCE_S):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


@asynccontextmanager
async def _turn(turns: asyncio.Semaphore) -> AsyncGenerator[None]:
    try:
        async with asyncio.timeout(TURN_S):
            await turns.acquire()
    except TimeoutError:
        raise Unavailable("Too many downloads are under way. Try again shortly.") from None
    try:
        yield
    finally:
        turns.release()


async def _until_disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
