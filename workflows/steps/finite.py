"""Numbers that are none: JSON has neither NaN nor infinity, and null would say that there is nothing to state."""

from collections.abc import Iterator
from functools import cache
from math import isfinite
from typing import Any, cast

import msgspec
from msgspec import Struct


def fault(document: Struct, body: bytes) -> str | None:
    """The path of a number in the document that its JSON cannot state; None where it states them all.

    >>> class Ratio(Struct):
    ...     ratio: float | None
    >>> [fault(one, msgspec.json.encode(one)) for one in (Ratio(0.5), Ratio(None), Ratio(float("nan")))]
    [None, None, '$.ratio']
    """
    return None if _states_it(document, body) else next(_paths("$", msgspec.to_builtins(document)), None)


def _states_it(document: Struct, body: bytes) -> bool:
    """Whether the bytes read as the document again, which is quick to find out; some types are not read at all."""
    try:
        return _decoder(type(document)).decode(body) == document
    except (msgspec.ValidationError, TypeError):
        return False


@cache
def _decoder(shape: type[Struct]) -> msgspec.json.Decoder[Struct]:
    return msgspec.json.Decoder(shape)


def _paths(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, float) and not isfinite(value):
        yield path
    elif isinstance(value, dict):
        for name, field in cast(dict[str, Any], value).items():
            yield from _paths(f"{path}.{name}", field)
    elif isinstance(value, list | tuple):
        for at, item in enumerate(cast(list[Any], value)):
            yield from _paths(f"{path}[{at}]", item)
