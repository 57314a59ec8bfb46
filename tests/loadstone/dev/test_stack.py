"""`loadstone up` as a user runs it: one at a time, ending in order, recovering after a kill."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from loadstone.dev import ports
from loadstone.dev.errors import StackError
from loadstone.dev.stack import running

READY = "Ctrl-C"
pytestmark = pytest.mark.xdist_group("up")


@contextmanager
def up(state: Path) -> Generator["subprocess.Popen[str]"]:
    """A ready `loadstone up`, killed at the end if it still runs."""
    with subprocess.Popen(
        [sys.executable, "-m", "loadstone", "up"],
        env=environment(state),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        told: list[str] = []
        while not told or READY not in told[-1]:
            told.append(process.stdout.readline())
            assert told[-1], "".join(told)
        try:
            yield process
        finally:
            process.terminate()


def environment(state: Path) -> dict[str, str]:
    """Ports of their own, so that stacks of other tests may start at the same moment."""
    names = ("API", "POSTGRES", "TEMPORAL", "TEMPORAL_UI")
    chosen = {f"LOADSTONE_{name}_PORT": str(port) for name, port in zip(names, ports.free_ports(4), strict=True)}
    return {**os.environ, "LOADSTONE_STATE": str(state), **chosen}


def stack_file(state: Path) -> dict[str, Any]:
    return json.loads((state / "stack.json").read_text())


def children(state: Path) -> dict[str, psutil.Process]:
    return {child["name"]: psutil.Process(child["pid"]) for child in stack_file(state)["children"]}


def test_a_second_one_says_that_the_first_runs(folder: Path) -> None:
    with up(folder) as first:
        second = [sys.executable, "-m", "loadstone", "up"]
        answer = subprocess.run(second, env=environment(folder), capture_output=True, text=True, check=False)
        assert answer.returncode == 1
        assert f"runs already, as process {first.pid}" in answer.stderr
        assert stack_file(folder)["addresses"]["api"] in answer.stderr
        assert running(folder) is not None
        started = children(folder)
        first.send_signal(signal.SIGINT)
        rest = first.communicate(timeout=30)[0]
        assert first.returncode == 0
    stopped = [line.removeprefix("stopping ") for line in rest.splitlines() if line.startswith("stopping ")]
    assert stopped == list(reversed(started))
    assert not [name for name, process in started.items() if process.is_running()]
    assert running(folder) is None


def test_the_next_one_recovers_after_a_kill_and_names_a_child_that_dies(folder: Path) -> None:
    with up(folder) as first:
        first.kill()
    with up(folder) as second:
        children(folder)["Temporal"].kill()
        rest = second.communicate(timeout=40)[0]
        assert second.returncode == 1
        assert "Temporal ended by SIGKILL" in rest
        assert "Temporal CLI" in rest


def test_a_demanded_port_that_is_busy_is_refused() -> None:
    with ports_taken() as busy, pytest.raises(StackError, match=f"Port {busy} for the API is in use"):
        ports.choose("the API", busy, 8000, set())


def test_a_default_port_that_is_busy_is_replaced() -> None:
    with ports_taken() as busy:
        assert ports.choose("the API", None, busy, set()) != busy


@contextmanager
def ports_taken() -> Generator[int]:
    with socket.create_server((ports.LOOPBACK, 0)) as holder:
        yield holder.getsockname()[1]
