"""PostgreSQL refuses to run as root: the system user that runs it instead, and the way to its files."""

import logging
import os
import pwd
import stat
import subprocess
import time
from pathlib import Path

from loadstone.dev.errors import StackError

NAME = "embedded_postgres"
_READ_AND_ENTER = stat.S_IROTH | stat.S_IXOTH
log = logging.getLogger(__name__)


def account() -> pwd.struct_passwd | None:
    """The user to run PostgreSQL as, made when missing; None when we are not root and run it ourselves."""
    if os.geteuid() != 0:
        return None
    for _ in range(10):
        try:
            return pwd.getpwnam(NAME)
        except KeyError:
            _add()
    raise StackError(f"PostgreSQL does not run as root, and the system user {NAME} could not be made for it.")


def open_way(path: Path, user: pwd.struct_passwd) -> None:
    """Let the user enter each folder above the path: adds the execute bit only, and only where it is missing."""
    for folder in path.resolve().parents:
        status = folder.stat()
        if status.st_uid != user.pw_uid and not status.st_mode & stat.S_IXOTH:
            log.warning("PostgreSQL runs as %s: letting other users enter (not list) %s", user.pw_name, folder)
            _allow(folder, stat.S_IXOTH)


def open_tree(folder: Path) -> None:
    """Let everybody read a tree of programs, as an installer with a strict umask leaves it closed."""
    if folder.stat().st_mode & _READ_AND_ENTER == _READ_AND_ENTER:
        return
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            executable = path.stat().st_mode & stat.S_IXUSR
            _allow(path, _READ_AND_ENTER if executable else stat.S_IROTH)


def _allow(path: Path, bits: int) -> None:
    try:
        path.chmod(path.stat().st_mode | bits)
    except OSError as error:
        raise StackError(
            f"PostgreSQL runs as the user {NAME}, which cannot enter {path} ({error.strerror}). "
            "Run as another user than root, or set LOADSTONE_STATE to a folder that others may enter."
        ) from error


def _add() -> None:
    try:
        subprocess.run(["useradd", "--system", "--shell", "/bin/false", NAME], check=True, capture_output=True)
    except FileNotFoundError as error:
        raise StackError(
            f"PostgreSQL does not run as root, and there is no useradd to make the user {NAME}."
        ) from error
    except subprocess.CalledProcessError:
        # Somebody else makes it at this moment, or holds the lock of the user database.
        time.sleep(0.2)
