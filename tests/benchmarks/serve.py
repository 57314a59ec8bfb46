"""`python -m tests.benchmarks.serve MODULE:FACTORY PORT`: an application served as `loadstone api` serves ours."""

import asyncio
import importlib
import signal
import sys
from collections.abc import Callable
from typing import Any

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server


async def serve(create: Callable[[], Any], port: int) -> None:
    server = Server(
        create(), address="127.0.0.1", port=port, interface=Interfaces.ASGI, websockets=False, log_access=False
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()


if __name__ == "__main__":
    module, _, factory = sys.argv[1].partition(":")
    uvloop.run(serve(getattr(importlib.import_module(module), factory), int(sys.argv[2])))
