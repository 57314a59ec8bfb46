"""Our own parts as children: `loadstone api` and `loadstone worker`, as production runs them."""

import http.client
import signal
import sys
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path

from loadstone import settings
from loadstone.dev import ports
from loadstone.dev.children import Child
from loadstone.settings import Settings


class Part(Child):
    """A command of ours as a child."""

    def __init__(self, chosen: Settings, log: Path) -> None:
        super().__init__(log)
        self.settings = chosen

    def environment(self) -> Mapping[str, str]:
        return settings.for_child(self.settings)

    def loadstone(self, *words: str) -> Sequence[str]:
        return [sys.executable, "-m", "loadstone", *words]


class ApiPart(Part):
    """The API; ready when it and its database answer."""

    name = "API"

    def __init__(self, chosen: Settings, port: int, log: Path) -> None:
        super().__init__(chosen, log)
        self.port = port

    @property
    def url(self) -> str:
        return f"http://{ports.LOOPBACK}:{self.port}"

    def command(self) -> Sequence[str]:
        return self.loadstone("api", "--host", ports.LOOPBACK, "--port", str(self.port))

    def is_ready(self) -> bool:
        connection = http.client.HTTPConnection(ports.LOOPBACK, self.port, timeout=5)
        try:
            connection.request("GET", "/v1/health/ready")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class WorkerPart(Part):
    """A worker; ready when it says so in a file."""

    name = "worker"
    # With Temporal gone it cannot say goodbye and would wait for long.
    stop_signals = ((signal.SIGTERM, 4.0), (signal.SIGKILL, 5.0))

    def __init__(self, chosen: Settings, ready_file: Path, log: Path) -> None:
        super().__init__(chosen, log)
        self.ready_file = ready_file

    def command(self) -> Sequence[str]:
        return self.loadstone("worker", "--ready-file", str(self.ready_file))

    def launch(self) -> None:
        self.ready_file.unlink(missing_ok=True)
        super().launch()

    def is_ready(self) -> bool:
        return self.ready_file.exists()
