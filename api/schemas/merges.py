"""Merges of exercises on the wire."""

from msgspec import Struct

from models.domain.bounds import ExerciseId
from models.domain.merges import Merge


class MergeTarget(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The exercise that the sets shall count as."""

    target_id: ExerciseId


class MergeList(Struct, frozen=True, kw_only=True):
    """Every merge in force."""

    items: tuple[Merge, ...]
