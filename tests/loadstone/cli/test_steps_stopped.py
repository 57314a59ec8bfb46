"""Ctrl-C ends a command of the workbench at once, however long its step computes."""

import signal
import subprocess
import sys
import time

SLOW = """
import time
from loadstone.cli import main
from loadstone.workbench import Workbench

def slow(*_, **__):
    from loadstone import workbench
    def computing():
        print("computing", flush=True)
        time.sleep(60)
    workbench._aside(computing)

Workbench.run = slow
main(["steps", "run", "balance", "--athlete", "a@example.org"])
"""


def test_it_waits_for_no_thread() -> None:
    with subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        assert command.stdout.readline() == b"computing\n"
        stopped_at = time.monotonic()
        command.send_signal(signal.SIGINT)
        assert command.wait(timeout=30) == 130
        assert time.monotonic() - stopped_at < 20
        assert command.stderr.read() == b"Stopped.\n"
