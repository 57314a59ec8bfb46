"""Rows that state several sets: each set counts as a row read, and each is recorded or rejected on its own."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from models.readers.cells import BadCell
from models.readers.gather import Gathering
from models.readers.rows import MAX_ROWS, refuse

T = TypeVar("T")


def count(gathering: Gathering, sets: int) -> None:
    """Count so many sets as rows read; a small file may state more of them than any could hold as rows."""
    gathering.rows_read += sets
    if gathering.rows_read > MAX_ROWS:
        raise refuse(f"The file states more than {MAX_ROWS:,} sets.")


def record_each(gathering: Gathering, line: int, stated: Sequence[T], record: Callable[[T], None]) -> None:
    """Hand each stated set to `record`, whose BadCell rejects that set alone."""
    for one in stated:
        try:
            record(one)
        except BadCell as fault:
            gathering.reject(line, fault.field, fault.reason)
