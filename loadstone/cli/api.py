"""`loadstone api`: the HTTP API in one process, on one event loop."""

import asyncio
import contextlib
import os
import signal
import socket
from typing import Any

import click
import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from api.app import create_app
from loadstone import observability, settings
from loadstone.errors import Trouble
from loadstone.explained import explained
from loadstone.settings import Settings

DEFAULT_PORT = 8000
# Streams of events and idle connections do not end by themselves.
PATIENCE_S = 2
# A connection that waits, or follows a run, costs little; a silent one is closed.
BACKLOG, CONNECTIONS, HEADERS_WITHIN_MS = 2_048, 4_096, 5_000
# Its records go where ours go.
LOGGING: dict[str, Any] = {"loggers": {"_granian": {"handlers": [], "propagate": True}}}


@click.command
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
def api(host: str | None, port: int | None) -> None:
    """Serve the HTTP API."""
    chosen = settings.load(api_host=host, api_port=port)
    observability.set_up_logging(chosen.log_level, chosen.log_format)
    port = chosen.api_port or DEFAULT_PORT
    _refuse_taken(chosen.api_host, port)
    uvloop.run(serve(chosen, chosen.api_host, port))


async def serve(chosen: Settings, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then let open requests finish for a moment."""
    server = Server(
        create_app(chosen.api, explained),
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN_MS),
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        log_dictconfig=LOGGING,
        log_level=LogLevels.error,
        log_access=False,
    )
    server.workers_kill_timeout = PATIENCE_S
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, server.stop)
    with contextlib.suppress(TimeoutError):
        await server.serve()


def _refuse_taken(host: str, port: int) -> None:
    """The server would share a port with another one (SO_REUSEPORT), and each would answer some of the requests."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise Trouble(f"Cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}.") from error
