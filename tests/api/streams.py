"""A bare ASGI client that reads a response as it comes and can hang up."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar


class Stream:
    """What has come so far; `hang_up` is the client leaving."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._left = asyncio.Event()
        self._asked = False

    async def receive(self) -> Any:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        if message["body"]:
            self._chunks.put_nowait(message["body"])
        if not message.get("more_body"):
            self._chunks.put_nowait(None)

    def hang_up(self) -> None:
        self._left.set()

    async def next(self) -> bytes | None:
        """The next chunk, or None at the end."""
        return await asyncio.wait_for(self._chunks.get(), 5)

    async def next_event(self) -> bytes | None:
        """The next chunk that is an event, or None at the end."""
        while (chunk := await self.next()) is not None:
            if chunk.startswith(b"id:"):
                return chunk
        return None


@asynccontextmanager
async def streaming(app: Litestar, path: str, **headers: str) -> AsyncGenerator[tuple[Stream, asyncio.Task[None]]]:
    stream = Stream()
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": sent,
        "client": ("test", 1),
        "server": ("api", 80),
    }
    task = asyncio.create_task(app(scope, stream.receive, stream.send))
    try:
        yield stream, task
    finally:
        stream.hang_up()
        await asyncio.wait_for(task, 5)
