"""Rows of a delimited text file as a stream: encoding, delimiter, quotes that break, physical line numbers, limits."""

import csv
import io
import re
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
MAX_REREAD = 8 * 1024 * 1024
DELIMITERS = (",", ";", "\t")
REST_OF_QUOTED = re.compile(r'[^"]*+(?:""[^"]*+)*+"')
QUOTED = re.compile(rf'"{REST_OF_QUOTED.pattern}')
# Quantifiers that give nothing back keep this linear, whatever the line is.
COMPLETE_CELLS = {
    mark: re.compile(rf'(?:(?:{QUOTED.pattern}[^{mark}]*+|[^"{mark}][^{mark}]*+)?+{mark})*+') for mark in DELIMITERS
}
ENCODINGS = ("utf-8", "cp1252", "gb18030")
# The encodings whose letters may be wrong: nearly any bytes are text in them.
GUESSED = frozenset(ENCODINGS[1:])
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
    complete = text if len(head) < HEAD_BYTES else text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
    records = _records(_lines(io.StringIO(complete, newline="")), dialect.delimiter, 0)
    found: list[list[str]] = []
    with suppress(Invalid):
        found.extend(islice((row.cells for row in records if any(row.cells)), count))
    return found


def dialects(head: bytes) -> Iterator[Dialect]:
    """The dialects that a file with this head may have, likeliest first."""
    marked = next((encoding for mark, encoding in MARKS if head.startswith(mark)), None) or _unmarked_utf_16(head)
    for encoding in (marked,) if marked else ENCODINGS:
        for delimiter in DELIMITERS:
            yield Dialect(encoding=encoding, delimiter=delimiter)


def _unmarked_utf_16(head: bytes) -> str | None:
    """UTF-16 without a mark shows in its header: every other byte of plain letters is zero."""
    begin = head[:64]
    zeros = (begin[0::2].count(0), begin[1::2].count(0))
    if max(zeros) * 4 < len(begin) or min(zeros):
        return None
    return "utf-16-be" if zeros[0] else "utf-16-le"


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
    at, reread = 1, 0
    while (first := _next_line(pending, lines)) is not None:
        taken, still_open = _taken(first, pending, lines, delimiter)
        cells, fault = _parsed(taken, delimiter, width, still_open=still_open)
        if fault:
            pending.extendleft(reversed(taken[1:]))
            reread += sum(map(len, taken[1:]))
            del taken[1:]
        if reread > MAX_REREAD:
            raise refuse("Too many rows open a quote that does not close.")
        yield Row(at, cells, fault)
        at += len(taken)


def _taken(first: str, pending: deque[str], lines: Iterator[str], delimiter: str) -> tuple[list[str], bool]:
    """The lines of one record, and whether a quote is still open after the last that it may have."""
    taken, length = [first], len(first)
    still_open = _opens(first, delimiter, is_open=False)
    while still_open and len(taken) <= MAX_RECORD_LINES and length <= MAX_LINE:
        if (following := _next_line(pending, lines)) is None:
            break
        taken.append(following)
        length += len(following)
        still_open = _opens(following, delimiter, is_open=True)
    return taken, still_open


def _next_line(pending: deque[str], lines: Iterator[str]) -> str | None:
    return pending.popleft() if pending else next(lines, None)


def _parsed(taken: list[str], delimiter: str, width: int, *, still_open: bool) -> tuple[list[str], str | None]:
    if still_open:
        return [], "A quote opens in this row and never closes."
    if width and any(_swallowed(line, delimiter, width) for line in taken[1:]):
        return [], "A quote opens in this row and swallows the next row."
    try:
        return _cells("".join(taken), delimiter), None
    except csv.Error:
        return [], "This row cannot be divided into cells."


def _swallowed(line: str, delimiter: str, width: int) -> bool:
    """Whether a line that a quoted cell took in is a row of its own."""
    if line.count(delimiter) + 1 < width:
        return False
    with suppress(csv.Error):
        return len(_cells(line, delimiter)) == width
    return False


def _opens(text: str, delimiter: str, *, is_open: bool) -> bool:
    """Whether a quoted cell is open after this line; quotes inside an unquoted cell are letters, as csv has it."""
    at = _after_quoted(text) if is_open else 0
    if at < 0 or '"' not in text:
        return is_open
    if at:
        at = text.find(delimiter, at) + 1 or len(text)
    found = COMPLETE_CELLS[delimiter].match(text, at)
    last = text[found.end() :] if found else ""
    return last.startswith('"') and not QUOTED.match(last)


def _after_quoted(text: str) -> int:
    """The end of the quoted cell that began before this line, -1 if it goes on."""
    found = REST_OF_QUOTED.match(text)
    return found.end() if found else -1


def _cells(text: str, delimiter: str) -> list[str]:
    return [cell for record in csv.reader([text], delimiter=delimiter) for cell in record]
