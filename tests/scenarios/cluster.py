"""PostgreSQL, Temporal, a worker and the API as processes of their own, each to be killed and started again at will."""

import asyncio
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import structs

from loadstone import schema, settings
from loadstone.dev import ports
from loadstone.dev.children import Child
from loadstone.dev.parts import ApiPart, WorkerPart
from loadstone.dev.postgres import EmbeddedPostgres
from loadstone.dev.temporal import TemporalServer
from loadstone.settings import Settings


class Part(StrEnum):
    API = "api"
    WORKER = "worker"
    TEMPORAL = "temporal"
    POSTGRES = "postgres"


class Cluster:
    """The production parts on loopback, in one folder."""

    postgres: EmbeddedPostgres
    temporal: TemporalServer
    worker: WorkerPart
    api: ApiPart

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ports = ports.free_ports(3)
        self.postgres = EmbeddedPostgres(folder / "postgres", self._ports[0], True, folder / "postgres.log")
        self.temporal = TemporalServer(folder, self._ports[1], ui=False, log=folder / "temporal.log")

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def _start(self) -> None:
        self.postgres.start()
        self.temporal.start()
        self.settings = structs.replace(
            Settings(env="test", sweep_every_s=2, sweep_after_s=5),
            state=self.folder,
            database_dsn=self.postgres.dsn,
            temporal_address=self.temporal.address,
            signing_keys={"test": settings.new_signing_key()},
        )
        schema.migrate(self.postgres.dsn)
        asyncio.run(schema.seed(self.settings.database))
        self.worker = WorkerPart(self.settings, self.folder / "worker.ready", self.folder / "worker.log")
        self.api = ApiPart(self.settings, self._ports[2], self.folder / "api.log")
        self.worker.start()
        self.api.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        for name in ("api", "worker", "temporal", "postgres"):
            if child := getattr(self, name, None):
                child.stop()

    def kill(self, part: Part) -> None:
        """SIGKILL, as a crash or the kernel's out-of-memory killer would."""
        self._child(part).kill()

    def restart(self, part: Part) -> None:
        self._child(part).start()

    def lose_temporal_store(self) -> None:
        """Delete all that the killed Temporal knew."""
        for file in self.folder.glob("temporal.db*"):
            file.unlink()

    def _child(self, part: Part) -> Child:
        children: dict[Part, Child] = {
            Part.API: self.api,
            Part.WORKER: self.worker,
            Part.TEMPORAL: self.temporal,
            Part.POSTGRES: self.postgres,
        }
        return children[part]
