"""Batches of workouts: what an offline device sends at once."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models.domain.errors import Fault, Invalid
from models.domain.workouts import WorkoutDraft

MOST_ITEMS = 200


class Operation(StrEnum):
    PUT = "put"
    DELETE = "delete"


class BatchItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One write, as PUT and DELETE would make it.

    `if_match` is the data_version that an edit or delete is based on. Without it a put only creates, and a delete
    deletes whatever is there.
    """

    operation: Operation = Operation.PUT
    id: UUID
    if_match: Annotated[int, Meta(ge=0, le=9_007_199_254_740_992)] | None = None
    workout: WorkoutDraft | None = None


def check(item: BatchItem) -> None:
    """Raises Invalid for an item that says one thing and brings another."""
    if (item.workout is None) == (item.operation is Operation.PUT):
        raise Invalid([Fault(path="$.workout", message="A put has a workout, a delete has none.")])
