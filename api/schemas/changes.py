"""The change feed on the wire."""

from msgspec import Struct

from models.domain.changes import Changed


class ChangePage(Struct, frozen=True, kw_only=True):
    """What changed after `since`, oldest first. Go on from `next_since`; `more` says that something waits already."""

    items: tuple[Changed, ...]
    next_since: int
    more: bool
    data_version: int
