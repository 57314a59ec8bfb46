"""Readers of training logs: a file is recognised by its content and becomes a ParsedLog, whatever its name says."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec
from msgspec import Struct

from models.domain.errors import Invalid
from models.domain.receipts import ReceiptWarning
from models.domain.units import MassUnit
from models.readers import (
    fitbod,
    fitbod_old,
    fitnotes,
    fitnotes_db,
    fitnotes_ios,
    gymbook,
    hevy,
    hevy_json,
    jefit,
    loadstone_csv,
    loadstone_json,
    rows,
    strong,
    stronglifts,
    wrappings,
)
from models.readers.parsed import ParsedLog, Terms
from models.readers.rows import Dialect, Row
from models.readers.table import Table


class Reader(Protocol):
    """A module that reads one app's delimited exports."""

    FORMAT: str

    def recognises(self, first: Sequence[Sequence[str]], dialect: Dialect) -> Table | None:
        """The table that these first rows open, null if they are not this app's."""
        ...

    def read(self, rows: Iterator[Row], table: Table, terms: Terms) -> ParsedLog:
        """The whole file."""
        ...


class DocumentReader(Protocol):
    """A module that reads one app's files that are one document: JSON or a database."""

    FORMAT: str

    def recognises_head(self, head: bytes) -> bool:
        """Whether a file that begins so is this app's."""
        ...

    def read_file(self, source: BinaryIO, terms: Terms) -> ParsedLog:
        """The whole file, of which the stream is at the beginning."""
        ...


# Most specific first: the first that recognises a file reads it.
DOCUMENT_READERS: tuple[DocumentReader, ...] = (fitnotes_db, loadstone_json, hevy_json)
READERS: tuple[Reader, ...] = (
    loadstone_csv,
    hevy,
    fitnotes_ios,
    fitnotes,
    fitbod,
    fitbod_old,
    stronglifts,
    gymbook,
    jefit,
    strong,
)


class Recognised(Struct, frozen=True, kw_only=True):
    """A reader and the table that it recognised; a document has none."""

    reader: Reader | DocumentReader
    table: Table | None


def recognise(head: bytes) -> Recognised:
    """The reader of a file that begins so; Invalid if there is none."""
    if (document := _document_reader(head)) is not None:
        return Recognised(reader=document, table=None)
    reader, table = next(_candidates(head))
    return Recognised(reader=reader, table=table)


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
    head = source.read(rows.HEAD_BYTES)
    source.seek(0)
    document = _document_reader(head)
    return document.read_file(source, terms) if document else _read_table(source, head, terms)


def _read_table(source: BinaryIO, head: bytes, terms: Terms) -> ParsedLog:
    undecodable: rows.Undecodable | None = None
    for reader, table in _candidates(head):
        source.seek(0)
        data = rows.stream(source, table.dialect, width=table.width)
        try:
            log = reader.read(_after_header(data, table.header_rows), table, terms)
        except rows.Undecodable as error:
            undecodable = error
        else:
            return _with_doubt(log, table.dialect)
    raise undecodable or _unknown()


def _with_doubt(log: ParsedLog, dialect: Dialect) -> ParsedLog:
    """The log, with a warning where its letters are a guess."""
    if dialect.encoding not in rows.GUESSED:
        return log
    reason = f"The file is not UTF-8; it was read as {dialect.encoding}. Check the letters of the names."
    return msgspec.structs.replace(
        log, warnings=(ReceiptWarning(line=None, field="encoding", reason=reason), *log.warnings)
    )


def _after_header(data: Iterator[Row], header_rows: int) -> Iterator[Row]:
    for row in data:
        if header_rows and any(cell.strip() for cell in row.cells):
            header_rows -= 1
        else:
            yield row


def _document_reader(head: bytes) -> DocumentReader | None:
    if not head.strip():
        raise rows.refuse("The file is empty.")
    wrappings.refuse_wrapped(head)
    return next((reader for reader in DOCUMENT_READERS if reader.recognises_head(head)), None)


def _candidates(head: bytes) -> Iterator[tuple[Reader, Table]]:
    known = False
    for dialect in rows.dialects(head):
        first = rows.first_rows(head, dialect)
        for reader in READERS:
            if (table := reader.recognises(first, dialect)) is not None:
                known = True
                yield reader, table
    if not known:
        raise _unknown()


def _unknown() -> Invalid:
    formats = dict.fromkeys(reader.FORMAT for reader in (*READERS, *DOCUMENT_READERS))
    return rows.refuse(f"Not a training log that Loadstone knows. It reads exports of: {', '.join(sorted(formats))}.")
