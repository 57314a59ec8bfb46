"""Threads that compute for a command, and that nobody waits for once the command is given up."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def threads(count: int) -> Generator[ThreadPoolExecutor]:
    """So many threads; what they have not begun is dropped when the block is left by an exception."""
    pool = ThreadPoolExecutor(count)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
