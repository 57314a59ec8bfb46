"""A lock is held by one, and by nobody once that process is gone."""

import signal
import subprocess
import sys
from pathlib import Path

from loadstone.locks import Lock

HOLD = """
import sys, time
from pathlib import Path
from loadstone.locks import Lock
lock = Lock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
time.sleep(60)
"""


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert [first.acquire(), second.acquire()] == [True, False]
    first.release()
    assert second.acquire()
    second.release()


def test_asking_does_not_take_the_lock(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock")
    assert not Lock.is_held(tmp_path / "lock")
    assert lock.acquire()
    assert Lock.is_held(tmp_path / "lock")
    lock.release()
    assert not Lock.is_held(tmp_path / "lock")


def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        assert Lock.is_held(path)
        holder.send_signal(signal.SIGKILL)
    assert not Lock.is_held(path)
