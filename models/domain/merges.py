"""Merges of exercises: what was done as one counts as another, until that is undone. History itself is not touched."""

from datetime import datetime

from msgspec import Struct

from models.domain.bounds import ExerciseId


class MergeDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let the sets of the athlete's own `exercise_id` count as sets of `target_id`."""

    exercise_id: ExerciseId
    target_id: ExerciseId


class Merge(Struct, frozen=True, kw_only=True):
    """A merge in force."""

    exercise_id: int
    target_id: int
    data_version: int
    merged_at: datetime
