"""An export as one JSON document, written piece by piece, a record a line."""

from collections.abc import Sequence
from typing import Any

import msgspec

from models.domain.exports import Head, OwnItem, WrittenWorkout
from models.queries.exports import Opening

_encode = msgspec.json.Encoder().encode


class JsonExport:
    """The pieces in their order: begin, items, between, workouts, end."""

    media_type = "application/json"
    suffix = "json"

    def __init__(self) -> None:
        self._follows = False

    def begin(self, head: Head, opening: Opening) -> bytes:
        return b'{"loadstone":%b,\n"settings":%b,\n"exercises":[%b],\n"merges":[%b],\n"items":[' % (
            _encode(head),
            _encode(opening.settings),
            _lines(opening.exercises),
            _lines(opening.merges),
        )

    def items(self, items: Sequence[OwnItem]) -> bytes:
        return self._more(items)

    def between(self) -> bytes:
        self._follows = False
        return b'],\n"workouts":['

    def workouts(self, workouts: Sequence[WrittenWorkout]) -> bytes:
        return self._more(workouts)

    def end(self) -> bytes:
        return b"]}\n"

    def _more(self, records: Sequence[Any]) -> bytes:
        comma = b"," if self._follows else b""
        self._follows = True
        return comma + _lines(records)


def _lines(records: Sequence[Any]) -> bytes:
    return b",".join([b"\n" + _encode(record) for record in records])
