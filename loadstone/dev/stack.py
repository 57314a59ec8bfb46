"""Everything on one machine: PostgreSQL, Temporal, a worker and the API, started, watched and stopped in order."""

import asyncio
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import structs

from loadstone import schema, settings
from loadstone.dev import ports, state
from loadstone.dev.children import Child
from loadstone.dev.errors import AlreadyRunning
from loadstone.dev.parts import ApiPart, WorkerPart
from loadstone.dev.postgres import EmbeddedPostgres
from loadstone.dev.state import Addresses, StackState
from loadstone.dev.temporal import TemporalServer
from loadstone.locks import Lock
from loadstone.settings import LOCK_FILE, STACK_FILE, Settings

API_PORT, POSTGRES_PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT = 8000, 54320, 7233, 8233
# Signing in survives a restart of the stack.
KEY_FILE = "signing-key"
WATCH_S = 0.2
Report = Callable[[str], None]


class Stack:
    """The stack of one state folder. Use as a context: leaving it stops what was started, in reverse order."""

    postgres: EmbeddedPostgres
    temporal: TemporalServer
    worker: WorkerPart
    api: ApiPart

    def __init__(self, chosen: Settings, *, fsync: bool = True, report: Report = lambda _: None) -> None:
        self.folder = chosen.state.resolve()
        self._settings = chosen
        self._fsync = fsync
        self._report = report
        self._lock = Lock(self.folder / LOCK_FILE)
        self._children: list[Child] = []

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def addresses(self) -> Addresses:
        return Addresses(
            api=self.api.url,
            docs=f"{self.api.url}/docs",
            temporal=self.temporal.address,
            temporal_ui=self.temporal.ui_url or "",
            database=self.postgres.dsn,
        )

    @property
    def settings(self) -> Settings:
        """The settings with which a command reaches this stack."""
        return structs.replace(
            self._settings,
            state=self.folder,
            database_dsn=self.postgres.dsn,
            temporal_address=self.temporal.address,
            signing_keys=self._settings.signing_keys or _signing_key(self.folder / KEY_FILE),
        )

    def start(self) -> None:
        self._take_folder()
        api_port = self._make_servers()
        self._start("PostgreSQL and Temporal", self.postgres, self.temporal)
        self._report("migrations, exercise catalogue and pipelines")
        schema.migrate(self.postgres.dsn)
        asyncio.run(schema.seed(self.settings.database))
        self.worker = WorkerPart(self.settings, self.folder / "worker.ready", self._log("worker"))
        self.api = ApiPart(self.settings, api_port, self._log("api"))
        self._start("worker and API", self.worker, self.api)

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Wait; raise if a child dies."""
        while not until():
            for child in self._children:
                child.check()
            time.sleep(WATCH_S)

    def stop(self) -> None:
        for child in reversed(self._children):
            self._report(f"stopping {child.name}")
            child.stop()
        if self._children:
            self._children.clear()
            (self.folder / STACK_FILE).unlink(missing_ok=True)
        self._lock.release()

    def _take_folder(self) -> None:
        last = state.read(self.folder / STACK_FILE)
        if not self._lock.acquire():
            raise AlreadyRunning(_running_already(self.folder, last))
        if last is not None:
            (self.folder / STACK_FILE).unlink(missing_ok=True)
            for name in state.end_orphans(last):
                self._report(f"ended {name}, which a killed stack left behind")

    def _make_servers(self) -> int:
        """Choose the four ports, together, and make the two servers; the API's port."""
        taken: set[int] = set()
        chosen: list[int] = []
        for purpose, demanded, default in (
            ("PostgreSQL", self._settings.postgres_port, POSTGRES_PORT),
            ("Temporal", self._settings.temporal_port, TEMPORAL_PORT),
            ("Temporal's pages", self._settings.temporal_ui_port, TEMPORAL_UI_PORT),
            ("the API", self._settings.api_port, API_PORT),
        ):
            chosen.append(ports.choose(purpose, demanded, default, taken))
            taken.add(chosen[-1])
        self.postgres = EmbeddedPostgres(self.folder / "postgres", chosen[0], self._fsync, self._log("postgres"))
        self.temporal = TemporalServer(self.folder, chosen[1], ui=True, ui_port=chosen[2], log=self._log("temporal"))
        return chosen[3]

    def _start(self, names: str, *children: Child) -> None:
        """Start some children side by side."""
        self._report(names)
        self._children += children
        with ThreadPoolExecutor(len(children)) as pool:
            for started in [pool.submit(child.start) for child in children]:
                started.result()
        self._write_down()

    def _write_down(self) -> None:
        """Note what runs. Other commands take the addresses only once all of it does."""
        complete = hasattr(self, "api")
        state.write(
            self.folder / STACK_FILE,
            StackState(
                supervisor=state.describe("loadstone up", os.getpid()),
                children=[state.describe(child.name, child.process.pid) for child in self._children if child.process],
                addresses=self.addresses if complete else None,
                environment=settings.to_environment(self._reachable()) if complete else {},
            ),
        )

    def _reachable(self) -> Settings:
        """Of the settings, those that tell another command where to find this stack."""
        mine = self.settings
        return Settings(
            database_dsn=mine.database_dsn,
            temporal_address=mine.temporal_address,
            signing_keys=mine.signing_keys,
            api_port=self.api.port,
        )

    def _log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"


def running(folder: Path) -> StackState | None:
    """The stack that runs in the folder and is ready, if any."""
    last = state.read(folder.resolve() / STACK_FILE)
    return last if last and last.addresses and state.is_running(last.supervisor) else None


def _running_already(folder: Path, last: StackState | None) -> str:
    if last is None or last.addresses is None:
        return f"Another process is starting a stack in {folder} at this moment."
    where = f"API {last.addresses.api}, Temporal {last.addresses.temporal_ui}"
    return f"The stack of {folder} runs already, as process {last.supervisor.pid}: {where}."


def _signing_key(path: Path) -> dict[str, str]:
    """The stack's own key, made once."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(settings.new_signing_key())
    return {"local": path.read_text()}
