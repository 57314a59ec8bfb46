"""Readers of training logs: a file is recognised by its content and becomes a ParsedLog, whatever its name says."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from msgspec import Struct

from models.domain.units import MassUnit
from models.readers import hevy, rows, strong
from models.readers.parsed import ParsedLog, Terms
from models.readers.rows import Dialect, Row
from models.readers.table import Table


class Reader(Protocol):
    """A module that reads one app's exports."""

    FORMAT: str

    def recognises(self, first: Sequence[Sequence[str]], dialect: Dialect) -> Table | None:
        """The table that these first rows open, null if they are not this app's."""
        ...

    def read(self, rows: Iterator[Row], table: Table, terms: Terms) -> ParsedLog:
        """The whole file."""
        ...


READERS: tuple[Reader, ...] = (hevy, strong)


class Recognised(Struct, frozen=True, kw_only=True):
    """A reader and the table that it recognised."""

    reader: Reader
    table: Table


def recognise(head: bytes) -> Recognised:
    """The reader of a file that begins so; Invalid if there is none."""
    return next(_candidates(head))


def read(
    source: BinaryIO | Path, *, time_zone: str, unit: MassUnit | None = None, undecided_unit: MassUnit | None = None
) -> ParsedLog:
    """Read a log, from a path or a seekable stream; the parameters are those of Terms.

    Raises Invalid when the file as a whole cannot be read; a bad row only ends up in `rejected`.
    """
    terms = Terms(time_zone=time_zone, unit=unit, undecided_unit=undecided_unit)
    if isinstance(source, Path):
        with source.open("rb") as file:
            return _read(file, terms)
    return _read(source, terms)


def _read(source: BinaryIO, terms: Terms) -> ParsedLog:
    if source.seek(0, io.SEEK_END) > rows.MAX_FILE_BYTES:
        raise rows.refuse(f"The file is larger than {rows.MAX_FILE_BYTES // 2**20} MiB.")
    source.seek(0)
    undecodable: rows.Undecodable | None = None
    for found in _candidates(source.read(rows.HEAD_BYTES)):
        source.seek(0)
        data = rows.stream(source, found.table.dialect, width=found.table.width)
        try:
            return found.reader.read(_after_header(data, found.table.header_rows), found.table, terms)
        except rows.Undecodable as error:
            undecodable = error
    raise undecodable or rows.refuse("Not a training log that Loadstone knows.")


def _after_header(data: Iterator[Row], header_rows: int) -> Iterator[Row]:
    for row in data:
        if header_rows and any(cell.strip() for cell in row.cells):
            header_rows -= 1
        else:
            yield row


def _candidates(head: bytes) -> Iterator[Recognised]:
    if not head.strip():
        raise rows.refuse("The file is empty.")
    known = False
    for dialect in rows.dialects(head):
        first = rows.first_rows(head, dialect)
        for reader in READERS:
            if (table := reader.recognises(first, dialect)) is not None:
                known = True
                yield Recognised(reader=reader, table=table)
    if not known:
        raise rows.refuse("Not a training log that Loadstone knows: Strong and Hevy exports are read.")
