"""A SQLite file from a stranger: a private copy, opened read-only with everything switched off, bounded in time."""

import shutil
import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from tempfile import NamedTemporaryFile
from time import monotonic
from typing import Any, BinaryIO

from models.readers.cells import shown
from models.readers.rows import MAX_ROWS, refuse

MAGIC = b"SQLite format 3\0"
LONGEST_S = 20.0
STEPS_BETWEEN_LOOKS = 20_000
LIMITS: Mapping[int, int] = {
    sqlite3.SQLITE_LIMIT_LENGTH: 1_000_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 50,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
}
PRAGMAS = (
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "mmap_size = 0",
    "cache_size = -4096",
    "temp_store = MEMORY",
    "query_only = ON",
)
ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})

Values = tuple[Any, ...]


class Tables:
    """The ordinary tables of a database; its views and virtual tables are left alone."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")
        self.names = frozenset(name for (name,) in found)

    def rows(self, table: str, *columns: str) -> Iterator[Values]:
        """These columns of every row in the order of their ids, null for a column that the table lacks."""
        if table not in self.names:
            return
        present = {about[0] for about in self._database.execute(f'SELECT * FROM "{table}" LIMIT 0').description}
        chosen = ", ".join(f'"{name}"' if name in present else "NULL" for name in columns)
        found = self._database.execute(f'SELECT {chosen} FROM "{table}" ORDER BY rowid')
        for count, row in enumerate(found):
            if count >= MAX_ROWS:
                raise refuse(f"The table {table} has more than {MAX_ROWS:,} rows.")
            yield row


@contextmanager
def opened(source: BinaryIO, *, named: str) -> Generator[Tables]:
    """The tables of the database in the stream; Invalid if it is damaged, hostile or takes too long."""
    with NamedTemporaryFile(prefix="loadstone-", suffix=".sqlite") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
        copy.flush()
        try:
            with closing(_connected(copy.name)) as database:
                yield Tables(database)
        except (sqlite3.Error, UnicodeError) as error:
            raise refuse(f"This SQLite database is damaged, or not {named}: {_said(error)}.") from None


def _connected(path: str) -> sqlite3.Connection:
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    for limit, value in LIMITS.items():
        database.setlimit(limit, value)
    for pragma in PRAGMAS:
        database.execute(f"PRAGMA {pragma}")
    until = monotonic() + LONGEST_S
    database.set_progress_handler(lambda: monotonic() > until, STEPS_BETWEEN_LOOKS)
    database.set_authorizer(_authorised)
    database.text_factory = _text
    return database


def _authorised(action: int, *_about: str | None) -> int:
    return sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "replace")


def _said(error: Exception) -> str:
    return "reading it takes too long" if str(error) == "interrupted" else shown(str(error)).strip("`")
