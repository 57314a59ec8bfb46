"""What a running stack writes down: where it listens, and its processes, for the stack that follows a crash."""

import os
import signal
from pathlib import Path

import msgspec
import psutil
from msgspec import Struct

from loadstone.dev.errors import StackError

PATIENCE_S = 3.0


class Process(Struct, frozen=True, kw_only=True):
    """A process beyond doubt: a pid alone may belong to somebody else by now."""

    name: str
    pid: int
    started_at: float


class Addresses(Struct, frozen=True, kw_only=True):
    """Where the stack listens."""

    api: str
    docs: str
    temporal: str
    temporal_ui: str
    database: str


class StackState(Struct, frozen=True, kw_only=True):
    """The content of stack.json. `environment` holds the settings with which other commands reach this stack."""

    supervisor: Process
    children: list[Process]
    addresses: Addresses | None
    environment: dict[str, str]


def describe(name: str, pid: int) -> Process:
    return Process(name=name, pid=pid, started_at=psutil.Process(pid).create_time())


def write(path: Path, state: StackState) -> None:
    """Replace the file at once; it holds secrets, so only its owner reads it."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(state)))
    new.replace(path)


def read(path: Path) -> StackState | None:
    """The last stack's state; None when it ended in order, or the file is of another version."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=StackState)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
    except PermissionError as error:
        raise StackError(f"Cannot read {path}: it belongs to another user.") from error


def is_running(process: Process) -> bool:
    return _find(process) is not None


def end_orphans(state: StackState) -> list[str]:
    """End the children that outlived their supervisor; their names."""
    orphans = {child.name: found for child in state.children if (found := _find(child))}
    for process in orphans.values():
        # To PostgreSQL SIGINT means "now, in order", and SIGTERM "once all clients are gone".
        process.send_signal(signal.SIGINT)
    _, staying = psutil.wait_procs(list(orphans.values()), timeout=PATIENCE_S)
    for process in staying:
        process.kill()
    psutil.wait_procs(staying, timeout=PATIENCE_S)
    return list(orphans)


def _find(process: Process) -> psutil.Process | None:
    try:
        found = psutil.Process(process.pid)
        same = abs(found.create_time() - process.started_at) < 1 and found.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    return found if same else None
