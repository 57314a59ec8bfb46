"""Processes under measurement: the processor time they use, and an application served in one of its own."""

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import psutil

from loadstone.dev import ports
from loadstone.dev.children import Child


def cpu_s(pid: int) -> float:
    """User and system seconds of a process and all its children, ended ones included."""
    root = psutil.Process(pid)
    return sum(_own_cpu_s(process) for process in (root, *root.children(recursive=True)))


def busy_s() -> float:
    """Seconds that all processors of the machine have worked, for whomever."""
    times = cast(Any, psutil).cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq)


class Application(Child):
    """An ASGI application served as `loadstone api` serves ours, with settings of its own in the environment."""

    name = "application"

    def __init__(self, factory: str, log: Path, settings: Mapping[str, str]) -> None:
        super().__init__(log)
        self.port = ports.free_ports(1)[0]
        self._factory, self._settings = factory, settings

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", "tests.benchmarks.serve", self._factory, str(self.port)]

    def environment(self) -> Mapping[str, str]:
        return {**os.environ, **self._settings}

    def is_ready(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((ports.LOOPBACK, self.port)) == 0


def _own_cpu_s(process: psutil.Process) -> float:
    try:
        times = cast(Any, process).cpu_times()
    except psutil.NoSuchProcess:
        return 0.0  # Its parent has counted it among the ended ones.
    return float(times.user + times.system + times.children_user + times.children_system)
