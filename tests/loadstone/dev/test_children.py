"""Children: started with a log, ended politely then firmly, their words kept."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from loadstone.dev.children import Child
from loadstone.dev.errors import ChildDied, StackError


class Script(Child):
    name = "script"
    stop_signals = ((signal.SIGTERM, 1.0), (signal.SIGKILL, 5.0))

    def __init__(self, folder: Path, code: str) -> None:
        super().__init__(folder / "script.log")
        self.code = code

    def command(self) -> Sequence[str]:
        return [sys.executable, "-c", self.code]

    def is_ready(self) -> bool:
        return "ready" in self.tail()


def test_it_runs_until_it_is_stopped(tmp_path: Path) -> None:
    child = Script(tmp_path, "import time; print('ready', flush=True); time.sleep(60)")
    child.start()
    assert child.alive
    child.stop()
    assert not child.alive
    child.stop()


def test_one_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
    )
    child = Script(tmp_path, code)
    child.start()
    child.stop()
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL


def test_one_that_ends_at_once_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(ChildDied, match=r"(?s)script ended with exit code 3.*no bar to load"):
        Script(tmp_path, "import sys; print('no bar to load'); sys.exit(3)").start()


def test_one_that_is_never_ready_is_stopped(tmp_path: Path) -> None:
    child = Script(tmp_path, "import time; print('warming up', flush=True); time.sleep(60)")
    child.start_timeout_s = 0.5
    with pytest.raises(StackError, match=r"(?s)not ready.*warming up"):
        child.start()
    assert not child.alive


def test_it_sees_none_of_our_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "told")
    child = Script(tmp_path, "import os, time; print('ready', os.environ.get('A_SECRET'), flush=True); time.sleep(60)")
    child.start()
    child.stop()
    assert "ready None" in child.tail()


def test_a_second_run_quotes_only_itself(tmp_path: Path) -> None:
    child = Script(tmp_path, "import os, time; print('ready', os.getpid(), flush=True); time.sleep(60)")
    child.start()
    first = child.tail()
    child.stop()
    child.start()
    second = child.tail()
    child.stop()
    assert first not in second
