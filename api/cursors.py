"""Cursors: where the page before ended, opaque to clients."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from litestar.exceptions import ValidationException
from msgspec import Meta

from api.hooks import bad_query

MAX_LENGTH = 1000
T = TypeVar("T")

_moment = msgspec.json.Decoder(tuple[datetime, UUID])
_name = msgspec.json.Decoder(tuple[str, int])
_place = msgspec.json.Decoder(tuple[int, str, int])
_version = msgspec.json.Decoder(tuple[Annotated[int, Meta(ge=0, le=2**53)]])


def cursor(*key: Any) -> str:
    """The cursor that continues after a key."""
    return urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def moment(given: str | None) -> tuple[datetime, UUID] | None:
    """The (instant, id) that a cursor continues after."""
    key = None if given is None else _decode(given, _moment)
    if key is not None and key[0].tzinfo is None:
        raise _unknown()
    return key


def name(given: str | None) -> tuple[str, int] | None:
    """The (name, id) that a cursor continues after."""
    key = None if given is None else _decode(given, _name)
    if key is not None and ("\0" in key[0] or not 0 <= key[1] < 2**31):
        raise _unknown()
    return key


def version(given: str | None) -> int | None:
    """The data_version that a cursor continues after."""
    return None if given is None else _decode(given, _version)[0]


def place(given: str | None) -> tuple[int, str, int] | None:
    """The (rank, name, id) that a cursor continues after."""
    key = None if given is None else _decode(given, _place)
    if key is not None and not 0 <= key[2] < 2**31:
        raise _unknown()
    return key


def split(rows: Sequence[T], limit: int) -> tuple[Sequence[T], T | None]:
    """The rows of a page of one more than `limit`, and the last of them if another page follows."""
    return (rows[:limit], rows[limit - 1]) if len(rows) > limit else (rows, None)


def _decode(given: str, decoder: msgspec.json.Decoder[T]) -> T:
    try:
        return decoder.decode(urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    except (ValueError, msgspec.MsgspecError):
        raise _unknown() from None


def _unknown() -> ValidationException:
    return bad_query("cursor", "Not a cursor that this list gave")
