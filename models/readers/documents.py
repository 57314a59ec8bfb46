"""Whole JSON documents: bounded, decoded once into structs, so that what is not asked for costs no memory."""

import math
import re
from typing import BinaryIO, TypeVar

import msgspec

from models.readers.cells import BadCell, shown
from models.readers.rows import MAX_ROWS, refuse

MAX_JSON_BYTES = 64 * 1024 * 1024
MAX_VALUES = 6_000_000
LONGEST_KEY = 200
UTF_8_MARK = b"\xef\xbb\xbf"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
OPENING = re.compile(rb"\s*[\[{]")

# What a field may hold before it is looked at: one bad value then costs one set and not the file.
Scalar = bool | int | float | str | None
T = TypeVar("T")


def json_head(head: bytes) -> bytes:
    """The head as UTF-8 if it may open a JSON document, else nothing."""
    text = _utf_8(head, errors="ignore")
    return text if OPENING.match(text) else b""


def json_bytes(source: BinaryIO) -> bytes:
    """The whole document as UTF-8; Invalid if it is over the limits."""
    data = source.read(MAX_JSON_BYTES + 1)
    if len(data) > MAX_JSON_BYTES:
        raise refuse(f"The JSON document is larger than {MAX_JSON_BYTES // 2**20} MiB.")
    text = _utf_8(data, errors="strict")
    if text.count(b"{") > 2 * MAX_ROWS or text.count(b",") > MAX_VALUES:
        raise refuse(f"The JSON document has more than {2 * MAX_ROWS:,} objects or {MAX_VALUES:,} values.")
    return text


def decoded(data: bytes, shape: type[T]) -> T:
    """The document in this shape; Invalid says where it is not."""
    try:
        return msgspec.json.decode(data, type=shape)
    except RecursionError:
        raise refuse("The JSON document is nested too deep.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise refuse(f"The JSON document cannot be read: {error}") from None


def text(value: Scalar, field: str) -> str:
    """A field that is text, empty when null."""
    if value is None or isinstance(value, str):
        return value or ""
    raise BadCell(field, f"{shown(str(value))} is not text.")


def number(value: Scalar, field: str) -> str:
    """A field that is a number, as a cell would hold it."""
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        raise BadCell(field, f"{shown(str(value))} is not a number.")
    if isinstance(value, float):
        return repr(value) if abs(value) >= 1e-3 and abs(value) < 1e15 else f"{value:.9f}"
    return "" if value is None else str(value)


def _utf_8(data: bytes, *, errors: str) -> bytes:
    if data.startswith(UTF_16_MARKS):
        try:
            return data.decode("utf-16", errors).encode()
        except UnicodeError:
            raise refuse("The file is not text in utf-16.") from None
    return data.removeprefix(UTF_8_MARK)
