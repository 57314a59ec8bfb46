"""Uploads: a form with one file, streamed to a temporary file, bounded in size and never whole in memory."""

import hashlib
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email.message import Message
from typing import BinaryIO, cast

from litestar.exceptions import ClientException, HTTPException
from msgspec import Struct
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from api.bodies import UnsupportedMediaType
from api.deps import ApiRequest
from api.etags import header
from models.domain.errors import Fault, Invalid

# What a form may weigh beside its file: boundaries, headers and the short fields.
FORM_BYTES = 65_536
FIELD_BYTES = 1024
MOST_PARTS = 16
LONGEST_BOUNDARY = 70


class TooLarge(HTTPException):
    status_code = 413


class Form(Struct, frozen=True, kw_only=True):
    """A form that was received whole: its file, and its other fields as text."""

    file: BinaryIO
    file_name: str | None
    size_bytes: int
    sha256: bytes
    fields: dict[str, str]


@asynccontextmanager
async def received(request: ApiRequest, *, fields: frozenset[str], max_bytes: int) -> AsyncGenerator[Form]:
    """The form of a request, whose file is gone after the block. `fields` are those that it may have beside `file`."""
    boundary = _boundary(header(request.scope, b"content-type"))
    if (request.content_length or 0) > max_bytes + FORM_BYTES:
        raise _too_large(max_bytes)
    with tempfile.TemporaryFile() as file:
        reading = Reading(cast(BinaryIO, file), fields, max_bytes)
        try:
            with PushMultipartParser(boundary, max_segment_count=MOST_PARTS) as parser:
                async for piece in request.stream():
                    for event in parser.parse(piece):
                        reading.take(event)
                    reading.count(len(piece))
        except MultipartError as error:
            raise ClientException(f"The form cannot be read: {error}") from None
        yield reading.form()


class Reading:
    """A form as far as it has come."""

    def __init__(self, file: BinaryIO, allowed: frozenset[str], max_bytes: int) -> None:
        self._file = file
        self._allowed = allowed
        self._max_bytes = max_bytes
        self._received = 0
        self._digest = hashlib.sha256()
        self._size = 0
        self._file_name: str | None = None
        self._has_file = False
        self._fields: dict[str, bytearray] = {}
        self._current: bytearray | None = None

    def take(self, event: MultipartSegment | bytearray | bytes | None) -> None:
        """A part's beginning, a piece of it, or its end."""
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is not None and self._current is None:
            self._write(event)
        elif event is not None and self._current is not None:
            self._current += event
            if len(self._current) > FIELD_BYTES:
                raise TooLarge(f"A field of the form is longer than {FIELD_BYTES} bytes.")

    def count(self, length: int) -> None:
        """What came over the wire, whatever it was for."""
        self._received += length
        if self._received > self._max_bytes + FORM_BYTES:
            raise _too_large(self._max_bytes)

    def form(self) -> Form:
        """The whole form; raises Invalid without a file."""
        if not self._has_file:
            raise _invalid("file", "Send the file as the part `file` of the form.")
        if not self._size:
            raise _invalid("file", "The file is empty.")
        self._file.seek(0)
        return Form(
            file=self._file,
            file_name=self._file_name,
            size_bytes=self._size,
            sha256=self._digest.digest(),
            fields={name: _text(name, value) for name, value in self._fields.items()},
        )

    def _begin(self, segment: MultipartSegment) -> None:
        name = segment.name or ""
        if name in self._fields or (name == "file" and self._has_file):
            raise _invalid(name, "Send it once.")
        if name == "file":
            self._has_file, self._file_name, self._current = True, segment.filename, None
        elif name in self._allowed:
            self._current = self._fields[name] = bytearray()
        else:
            raise _invalid(name, "The form has no such field.")

    def _write(self, piece: bytearray | bytes) -> None:
        self._size += len(piece)
        if self._size > self._max_bytes:
            raise _too_large(self._max_bytes)
        self._digest.update(piece)
        self._file.write(piece)


def _boundary(content_type: str | None) -> str:
    told = Message()
    told["content-type"] = content_type or ""
    if told.get_content_type() != "multipart/form-data":
        raise UnsupportedMediaType("Send the file as multipart/form-data.")
    boundary = told.get_boundary()
    if not boundary or len(boundary) > LONGEST_BOUNDARY or not boundary.isascii():
        raise ClientException("The Content-Type names no usable boundary.")
    return boundary


def _text(name: str, value: bytearray) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise _invalid(name, "This is not UTF-8.") from None


def _too_large(max_bytes: int) -> TooLarge:
    return TooLarge(f"A file may have up to {max_bytes:,} bytes.")


def _invalid(name: str, message: str) -> Invalid:
    return Invalid([Fault(path=f"$.{name}", message=message)])
