"""Entity tags: `"7-1"` is the state at data_version 7 in representation 1."""

import re

from litestar.exceptions import ClientException
from litestar.types import Scope

from models.domain.workout_view import REPRESENTATION

_TAG = re.compile(r'^"(\d{1,18})-\d+"$')


def etag(data_version: int, representation: int = REPRESENTATION) -> str:
    """The tag of a workout, or of something else with a representation of its own."""
    return f'"{data_version}-{representation}"'


def header(scope: Scope, name: bytes) -> str | None:
    """A request header, without building the whole mapping of them."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return None


def is_current(scope: Scope, tag: str) -> bool:
    """Whether the client already holds what the tag names."""
    given = header(scope, b"if-none-match")
    return given is not None and (given in (tag, "*") or tag in _tags(given))


def expected_version(scope: Scope) -> int | None:
    """The version that If-Match demands, or None without the header."""
    given = header(scope, b"if-match")
    if given is None:
        return None
    if not (matched := _TAG.match(given.strip())):
        raise ClientException("If-Match takes the one ETag that was read.")
    return int(matched[1])


def _tags(given: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in given.split(",")}
