"""Reading history: canonical records of any age, brought up to today's shape."""

from collections.abc import Callable
from typing import Any

import msgspec

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
