"""Rows of a delimited text file as a stream: encoding, delimiter, quotes that break, physical line numbers, limits."""

import csv
import io
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import BinaryIO

from msgspec import Struct

from models.domain.errors import Fault, Invalid

HEAD_BYTES = 65_536
MAX_FILE_BYTES = 256 * 1024 * 1024
MAX_LINE = 131_072
MAX_RECORD_LINES = 200
MAX_ROWS = 500_000
DELIMITERS = (",", ";", "\t")
ENCODINGS = ("utf-8", "cp1252", "gb18030")
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Row(Struct, frozen=True, gc=False):
    """The cells of a record and the physical line where it begins; `fault` says why it cannot be one."""

    line: int
    cells: list[str]
    fault: str | None = None


class Dialect(Struct, frozen=True, kw_only=True):
    """How the file's bytes become cells."""

    encoding: str
    delimiter: str


class Undecodable(Invalid):
    """The bytes are not text in the encoding tried."""


def refuse(message: str) -> Invalid:
    """The refusal of a whole file."""
    return Invalid([Fault(path="$.file", message=message)])


def first_rows(head: bytes, dialect: Dialect, count: int = 2) -> list[list[str]]:
    """The first records of a file's head, as many as are text of this dialect."""
    try:
        text = head.decode(dialect.encoding, errors="strict" if len(head) < HEAD_BYTES else "ignore")
    except UnicodeDecodeError:
        return []
    complete = text if len(head) < HEAD_BYTES else text[: text.rfind("\n") + 1]
    records = _records(_lines(io.StringIO(complete, newline="")), dialect.delimiter, 0)
    found: list[list[str]] = []
    with suppress(Invalid):
        found.extend(islice((row.cells for row in records if any(row.cells)), count))
    return found


def dialects(head: bytes) -> Iterator[Dialect]:
    """The dialects that a file with this head may have, likeliest first."""
    marked = next((encoding for mark, encoding in MARKS if head.startswith(mark)), None)
    for encoding in (marked,) if marked else ENCODINGS:
        for delimiter in DELIMITERS:
            yield Dialect(encoding=encoding, delimiter=delimiter)


def stream(source: BinaryIO, dialect: Dialect, *, width: int) -> Iterator[Row]:
    """Every record of the file, from its beginning. Invalid if it is not text or over a limit."""
    text = io.TextIOWrapper(source, encoding=dialect.encoding, newline="")
    try:
        yield from _limited(_records(_lines(text), dialect.delimiter, width))
    except UnicodeError:
        raise Undecodable([Fault(path="$.file", message=f"The file is not text in {dialect.encoding}.")]) from None
    finally:
        text.detach()


def _limited(rows: Iterator[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count > MAX_ROWS:
            raise refuse(f"The file has more than {MAX_ROWS:,} rows.")
        yield row


def _lines(text: io.TextIOBase) -> Iterator[str]:
    while line := text.readline(MAX_LINE):
        if len(line) >= MAX_LINE:
            raise refuse(f"A line is longer than {MAX_LINE:,} characters.")
        if "\0" in line:
            raise refuse("The file holds NUL characters, so it is not a text export.")
        yield line


def _records(lines: Iterator[str], delimiter: str, width: int) -> Iterator[Row]:
    """Join physical lines into records. A quote that swallows a whole row or never closes spoils only its own line."""
    pending: deque[str] = deque()
    at = 1
    while (first := _next_line(pending, lines)) is not None:
        taken = [first]
        while _is_open("".join(taken), delimiter) and _may_grow(taken):
            if (following := _next_line(pending, lines)) is None:
                break
            taken.append(following)
        fault = _quote_fault(taken, delimiter, width)
        if fault:
            pending.extendleft(reversed(taken[1:]))
            del taken[1:]
        yield Row(at, [] if fault else _cells("".join(taken), delimiter), fault)
        at += len(taken)


def _next_line(pending: deque[str], lines: Iterator[str]) -> str | None:
    return pending.popleft() if pending else next(lines, None)


def _may_grow(taken: list[str]) -> bool:
    return len(taken) <= MAX_RECORD_LINES and sum(map(len, taken)) <= MAX_LINE


def _quote_fault(taken: list[str], delimiter: str, width: int) -> str | None:
    if _is_open("".join(taken), delimiter):
        return "A quote opens in this row and never closes."
    if width and any(len(_cells(line, delimiter)) == width for line in taken[1:]):
        return "A quote opens in this row and swallows the next row."
    return None


def _is_open(text: str, delimiter: str) -> bool:
    """Whether the text ends inside a quoted cell; quotes inside an unquoted cell are letters, as csv has it."""
    if text.count('"') % 2 == 0:
        return False
    at = 0
    while at >= 0:
        if text[at : at + 1] == '"':
            at = _after_quoted(text, at + 1)
            if at < 0:
                return True
        at = text.find(delimiter, at) + 1 or -1
    return False


def _after_quoted(text: str, at: int) -> int:
    """The end of the quoted cell that began before `at`, -1 if it has none; doubled quotes belong to it."""
    while (at := text.find('"', at)) >= 0:
        if text[at + 1 : at + 2] != '"':
            return at + 1
        at += 2
    return -1


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        return [cell for record in csv.reader([text], delimiter=delimiter) for cell in record]
    except csv.Error as error:
        raise refuse(f"The file is not a delimited text: {error}.") from None
