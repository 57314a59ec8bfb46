"""Comparing two revisions of a workout."""

from msgspec import Struct

from models.domain.revisions import Change


class Comparison(Struct, frozen=True, kw_only=True):
    """What differs; empty where the two say the same."""

    before: int
    after: int
    changes: tuple[Change, ...]
