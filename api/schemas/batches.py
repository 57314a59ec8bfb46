"""Batches on the wire: items that are decoded one by one, and their results."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from api.bodies import fault
from api.problems import STATUSES, TITLES
from models.domain.batches import MOST_ITEMS, BatchItem
from models.domain.errors import Fault, Invalid, LoadstoneError, Stale
from models.services.batches import Done, Outcome

WRITTEN = {Done.CREATED: 201, Done.CURRENT: 200, Done.EDITED: 200, Done.DELETED: 204}


class WorkoutBatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Up to 200 writes, each decoded and answered by itself: a bad one spoils no other."""

    items: Annotated[
        tuple[Annotated[msgspec.Raw, Meta(extra_json_schema={"$ref": "#/components/schemas/BatchItem"})], ...],
        Meta(min_length=1, max_length=MOST_ITEMS),
    ]


class ItemProblem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why an item was not written: as the problem of a single request would say it."""

    type: str
    title: str
    detail: str
    errors: tuple[Fault, ...] = ()
    current_version: int | None = None
    given_version: int | None = None


class ItemResult(Struct, frozen=True, kw_only=True):
    """What became of one item: `status` is that of the PUT or DELETE that it stands for.

    `workout` is its current state, beside a 409 or 412 too, so that a client can resolve at once.
    """

    id: UUID | None
    status: int
    data_version: int | None
    workout: Annotated[msgspec.Raw, Meta(extra_json_schema={"$ref": "#/components/schemas/WorkoutOut"})] | None
    problem: ItemProblem | None


class BatchResult(Struct, frozen=True, kw_only=True):
    """The results, in the order of the items."""

    results: tuple[ItemResult, ...]


_item = msgspec.json.Decoder(BatchItem)


def item(raw: msgspec.Raw) -> BatchItem | LoadstoneError:
    """The item, or why it is none."""
    try:
        return _item.decode(raw)
    except (msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        return Invalid([fault(str(error))])


def result(outcome: Outcome, raw: msgspec.Raw) -> ItemResult:
    """The outcome as clients read it."""
    workout = None if outcome.body is None else msgspec.Raw(outcome.body)
    status = WRITTEN[outcome.done] if outcome.error is None else STATUSES[type(outcome.error)]
    return ItemResult(
        id=outcome.workout_id or _id_of(raw),
        status=status,
        data_version=outcome.data_version,
        workout=workout,
        problem=None if outcome.error is None else _problem(outcome.error, status),
    )


def _problem(error: LoadstoneError, status: int) -> ItemProblem:
    kind, title = TITLES[status]
    return ItemProblem(
        type=f"urn:loadstone:problem:{kind}",
        title=title,
        detail=str(error),
        errors=error.faults if isinstance(error, Invalid) else (),
        current_version=error.current_version if isinstance(error, Stale) else None,
        given_version=error.given_version if isinstance(error, Stale) else None,
    )


def _id_of(raw: msgspec.Raw) -> UUID | None:
    """The id of an item that could not be decoded, if it has one."""
    try:
        found: Any = msgspec.json.decode(raw)
        return UUID(found["id"])
    except (msgspec.MsgspecError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
