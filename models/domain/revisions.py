"""Reading history: canonical records of any age, brought up to today's shape, and what differs between two states."""

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any, cast

import msgspec
from msgspec import Struct

from models.domain.workouts import RECORD_SCHEMA_VERSION, WorkoutRecord

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

# UPCASTERS[n] turns a record of schema version n + 1 into one of n + 2. History itself is never rewritten.
UPCASTERS: tuple[Upcaster, ...] = ()

_decoder = msgspec.json.Decoder(WorkoutRecord)


def encode(record: WorkoutRecord) -> bytes:
    """The canonical bytes of a record: fixed field order, defaults left out."""
    return msgspec.json.encode(record)


def decode(data: bytes | str, schema_version: int, *, upcasters: tuple[Upcaster, ...] = UPCASTERS) -> WorkoutRecord:
    """The record, upcast from `schema_version`; raises ValueError for a version newer than this code."""
    if schema_version == RECORD_SCHEMA_VERSION:
        return _decoder.decode(data)
    if not 1 <= schema_version <= len(upcasters):
        raise ValueError(f"No upcaster leads from schema version {schema_version} to {RECORD_SCHEMA_VERSION}.")
    fields = msgspec.json.decode(data)
    for upcast in upcasters[schema_version - 1 :]:
        fields = upcast(fields)
    return msgspec.convert(fields, WorkoutRecord, strict=False)


class Change(Struct, frozen=True, kw_only=True):
    """One difference of two states; `path` is a JSONPath such as `$.sets[0].reps`, null is what was not there."""

    path: str
    before: Any
    after: Any


# These differ between any two revisions and say nothing.
_ALWAYS = frozenset({"data_version", "updated_at"})


def changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    """The differences of two workouts as clients read them, down to the single field.

    >>> list(changes({"title": "Legs", "sets": [{"reps": 5}]}, {"title": "Legs", "sets": [{"reps": 6}]}))
    [Change(path='$.sets[0].reps', before=5, after=6)]
    """
    for name in {**before, **after}:
        if name not in _ALWAYS:
            yield from _differences(f"$.{name}", before.get(name), after.get(name))


def _differences(path: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        named, others = cast(dict[str, Any], before), cast(dict[str, Any], after)
        for name in {**named, **others}:
            yield from _differences(f"{path}.{name}", named.get(name), others.get(name))
    elif isinstance(before, list) and isinstance(after, list):
        for at, pair in enumerate(zip_longest(cast(list[Any], before), cast(list[Any], after))):
            yield from _differences(f"{path}[{at}]", *pair)
    else:
        yield Change(path=path, before=before, after=after)
