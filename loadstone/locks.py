"""A file that one process at a time may hold; the kernel lets go of it when the process ends, however it ends."""

import fcntl
from pathlib import Path
from typing import IO

from loadstone.errors import Trouble


class Lock:
    """An exclusive lock on a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def acquire(self) -> bool:
        """Whether the lock is ours now. It is held until `release` or the end of the process."""
        if self._file is not None:
            return True
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = self.path.open("a")
        except OSError as error:
            raise Trouble(f"Cannot write to {self.path.parent}: {error.strerror}.") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    @classmethod
    def is_held(cls, path: Path) -> bool:
        """Whether some process holds the lock now."""
        if not path.exists():
            return False
        lock = cls(path)
        free = lock.acquire()
        lock.release()
        return not free

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
