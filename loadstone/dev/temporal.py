"""The Temporal dev server from its wheel, as a child of ours: one process, its store a SQLite file or memory."""

import http.client
import os
import shutil
import sysconfig
import tempfile
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

from loadstone.dev import ports
from loadstone.dev.children import Child
from loadstone.dev.errors import StackError

# The default of 20 polls a second holds up every hop of a workflow by up to 50 ms. Of the four partitions that a task
# queue has by default each is a queue of its own: under load tasks overtake each other by seconds. All four are still
# read, for tasks that an earlier server has left in them.
DYNAMIC_CONFIG = (
    "history.transferProcessorMaxPollRPS=200",
    "history.timerProcessorMaxPollRPS=200",
    "matching.numTaskqueueWritePartitions=1",
)
PRAGMAS = ("journal_mode=wal", "synchronous=normal")


class TemporalServer(Child):
    """A server with the namespace `default`; without a directory it keeps everything in memory."""

    name = "Temporal"

    def __init__(
        self, directory: Path | None, port: int = 0, ui: bool = False, ui_port: int = 0, log: Path | None = None
    ) -> None:
        super().__init__(log or (directory / "temporal.log" if directory else _temporary_log()))
        self._log_is_temporary = not (log or directory)
        self.store = (directory / "temporal.db").resolve() if directory else None
        self.ui = ui
        self._demanded = (port, ui_port)
        self._choose_ports()

    @property
    def address(self) -> str:
        return f"{ports.LOOPBACK}:{self.port}"

    @property
    def ui_url(self) -> str | None:
        return f"http://{ports.LOOPBACK}:{self.ui_port}" if self.ui else None

    def command(self) -> Sequence[str]:
        words = [program(), "server", "start-dev", "--disable-config-file", "--disable-config-env"]
        words += ["--ip", ports.LOOPBACK, "--port", str(self.port), "--http-port", str(self.http_port)]
        words += ["--ui-port", str(self.ui_port), "--ui-disable-news-fetch"] if self.ui else ["--headless"]
        for setting in DYNAMIC_CONFIG:
            words += ["--dynamic-config-value", setting]
        if self.store:
            words += ["--db-filename", str(self.store)]
            words += [word for pragma in PRAGMAS for word in ("--sqlite-pragma", pragma)]
        return words

    def is_ready(self) -> bool:
        connection = http.client.HTTPConnection(ports.LOOPBACK, self.http_port, timeout=2)
        try:
            connection.request("GET", "/api/v1/namespaces/default")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def mend(self, complaint: str) -> bool:
        if "address already in use" in complaint and 0 in self._demanded:
            self._choose_ports()
            return True
        return False

    def stop(self) -> None:
        super().stop()
        if self._log_is_temporary:
            self.log.unlink(missing_ok=True)

    def _choose_ports(self) -> None:
        grpc, ui, self.http_port = ports.free_ports(3)
        self.port, self.ui_port = self._demanded[0] or grpc, self._demanded[1] or ui


def program() -> str:
    """The server's program: the wheel's, else one on the PATH."""
    beside = Path(sysconfig.get_path("scripts")) / "temporal"
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise StackError("Temporal is not installed: install the extra `loadstone[stack]`, or run `make setup`.")
    return found


def _temporary_log() -> Path:
    number, path = tempfile.mkstemp(prefix="temporal-", suffix=".log")
    os.close(number)
    return Path(path)
