"""A server as our child: started with a log, watched, stopped by the signals it understands, gone when we are gone."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from loadstone.dev.errors import ChildDied, StackError

LAUNCHER = Path(__file__).with_name("launch.py")
SERVER_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
LOG_LIMIT_BYTES = 10 * 1024 * 1024
# The kernel sends the death signal when the *thread* that forked ends, so all children come from one that stays.
_spawner = ThreadPoolExecutor(1, thread_name_prefix="spawner")


class Child(ABC):
    """One child process. A subclass says which command it runs and when it is ready."""

    name = "child"
    stop_signals: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))
    death_signal = signal.SIGTERM
    start_timeout_s = 60.0

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @abstractmethod
    def command(self) -> Sequence[str]:
        """The words of the command."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether the child serves."""

    def environment(self) -> Mapping[str, str]:
        """The child's whole environment: nothing of ours leaks into the servers."""
        return SERVER_ENVIRONMENT

    def identity(self) -> tuple[int, int]:
        """The user and group that the child runs as."""
        return os.getuid(), os.getgid()

    def mend(self, complaint: str) -> bool:
        """Whether a start that failed with this complaint in the log is worth another try."""
        return False

    def start(self) -> None:
        """Run the child until it is ready, or raise with the end of its log."""
        until = time.monotonic() + self.start_timeout_s
        while True:
            self.launch()
            try:
                return self.wait_ready(until)
            except ChildDied as died:
                if time.monotonic() > until or not self.mend(str(died)):
                    raise

    def launch(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        words = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()), str(int(self.death_signal))]
        words += [str(number) for number in self.identity()]
        with open_log(self.log) as output:
            self._log_start = output.tell()
            self.process = _spawner.submit(_popen, [*words, *self.command()], self.environment(), output).result()

    def wait_ready(self, until: float) -> None:
        while not self.is_ready():
            self.check()
            if time.monotonic() > until:
                complaint = f"{self.name} was not ready after {self.start_timeout_s:.0f} s.\n{self.tail()}"
                self.stop()
                raise StackError(complaint)
            time.sleep(0.02)

    def check(self) -> None:
        """Raise if the child has ended."""
        if self.process is not None and (code := self.process.poll()) is not None:
            raise ChildDied(f"{self.name} ended {describe(code)}. The end of {self.log}:\n{self.tail()}")

    def stop(self) -> None:
        """End the child, politely first. Safe to call twice."""
        for number, patience_s in self.stop_signals:
            if self.process is None or self.process.poll() is not None:
                return
            self.process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience_s)

    def kill(self) -> None:
        """End the child at once, as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def tail(self, lines: int = 15) -> str:
        """The last lines that this run of the child has logged."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return b"\n".join(log.read().splitlines()[-lines:]).decode(errors="replace")


def open_log(path: Path) -> IO[bytes]:
    """The log to append to, begun anew (one old file kept) when it has grown large."""
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    log = path.open("ab")
    log.seek(0, os.SEEK_END)
    return log


def describe(code: int) -> str:
    """An exit code in words."""
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"


def _popen(command: Sequence[str], environment: Mapping[str, str], output: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
