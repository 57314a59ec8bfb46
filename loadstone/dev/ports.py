"""Loopback ports: is one free, and which other one is."""

import socket
from contextlib import ExitStack, closing

from loadstone.dev.errors import StackError

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """That many different ports which nobody uses now."""
    with ExitStack() as probes:
        sockets = [probes.enter_context(closing(socket.socket())) for _ in range(count)]
        for probe in sockets:
            probe.bind((LOOPBACK, 0))
        return [probe.getsockname()[1] for probe in sockets]


def choose(purpose: str, demanded: int | None, default: int, taken: set[int]) -> int:
    """The port demanded or an error; else the default, or a free one when that is busy."""
    if demanded:
        if demanded in taken or not is_free(demanded):
            raise StackError(f"Port {demanded} for {purpose} is in use. Choose another, or none to take a free one.")
        return demanded
    if default not in taken and is_free(default):
        return default
    return next(port for port in free_ports(len(taken) + 1) if port not in taken)
