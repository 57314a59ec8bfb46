"""Folders that appear whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from models.domain.errors import Conflict


@contextmanager
def new_folder(target: Path, *, mark: str | None = None) -> Generator[Path]:
    """A folder to fill, which becomes `target` at the end of the block.

    What is there already is replaced only where it holds a file of the name `mark`; else Conflict is raised before the
    block runs. An empty folder may be filled.
    """
    _refuse(target, mark)
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield folder
        folder.chmod(0o777 & ~_umask())
        _refuse(target, mark)
        _put(folder, target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _refuse(target: Path, mark: str | None) -> None:
    if not target.exists() or (mark is not None and (target / mark).is_file()):
        return
    if not target.is_dir() or any(target.iterdir()):
        raise Conflict(f"{target} is there already, and is not overwritten.")


def _put(folder: Path, target: Path) -> None:
    if not target.exists():
        folder.rename(target)
        return
    # The old one goes into the new one's place and away with it.
    aside = folder.with_name(f"{folder.name}.old")
    target.rename(aside)
    folder.rename(target)
    shutil.rmtree(aside)


def _umask() -> int:
    """The process's mask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
