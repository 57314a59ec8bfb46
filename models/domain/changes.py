"""The change feed: everything that an athlete's devices keep, in the order of the athlete's clock."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

CONTENT = "The thing as its own route gives it: a workout, a measurement, a goal, an exercise, ..."
Content = Annotated[msgspec.Raw, Meta(extra_json_schema={"type": "object", "description": CONTENT})]


class ChangeKind(StrEnum):
    """What has changed. A kind that a client does not know is to be skipped: more will come."""

    WORKOUT = "workout"
    MEASUREMENT = "measurement"
    GOAL = "goal"
    EQUIPMENT = "equipment"
    EXCLUSION = "exclusion"
    PROFILE = "profile"
    EXERCISE = "exercise"
    EXERCISE_MERGE = "exercise_merge"
    SETTINGS = "settings"


class Changed(Struct, frozen=True, kw_only=True):
    """One thing as it is now, named once however often it changed. `content` is null for a tombstone."""

    data_version: int
    kind: ChangeKind
    id: str
    deleted: bool
    content: Content | None
