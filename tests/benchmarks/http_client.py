"""A keep-alive HTTP/1.1 client on bare asyncio streams: it costs little, so the servers are what is measured."""

import asyncio
from types import TracebackType
from typing import Self


class Unexpected(Exception):
    """The server answered with another status than the benchmark asked for."""


class Connection:
    """One request at a time; knows no more of HTTP than the status and the length."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self._port = port
        self._authorization = "" if token is None else f"authorization: Bearer {token}\r\n"

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    async def get(self, path: str, *, status: int = 200) -> bytes:
        return await self._exchange(f"GET {path} HTTP/1.1\r\n", b"", status)

    async def post(self, path: str, body: bytes, *, status: int = 201) -> bytes:
        head = f"POST {path} HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        return await self._exchange(head, body, status)

    async def _exchange(self, head: str, body: bytes, expected: int) -> bytes:
        if self._reader.at_eof():
            # The server closes what was silent for a while.
            self._writer.close()
            await self.__aenter__()
        self._writer.write(f"{head}host: 127.0.0.1\r\n{self._authorization}\r\n".encode() + body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        _, _, after = answer.partition(b"\r\ncontent-length:")
        content = await self._reader.readexactly(int(after.partition(b"\r\n")[0]))
        if int(answer.split(b" ", 2)[1]) != expected:
            raise Unexpected(f"{head.splitlines()[0]}: {answer.splitlines()[0].decode()}: {content[:300].decode()}")
        return content
