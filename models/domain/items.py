"""What an athlete states beside workouts: one way of working for every such noun."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from models.domain import bounds, units
from models.domain.errors import Fault, Invalid
from models.domain.units import MassUnit

REPRESENTATION = 1

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
Renumber = Callable[[int], int]
PositiveMass = Annotated[float, Meta(ge=0.01, le=5_000)]

_encoder = msgspec.json.Encoder(order="deterministic")


class ItemOut(Struct, frozen=True, kw_only=True):
    """An item as clients read it. `data_version` is the athlete's clock at its last change."""

    data_version: int
    id: UUID
    created_at: datetime
    updated_at: datetime


class Stamp(Struct, frozen=True, kw_only=True):
    """What the tables know of an item beside its record."""

    data_version: int
    id: UUID
    created_at: datetime
    updated_at: datetime

    @property
    def fields(self) -> dict[str, Any]:
        return msgspec.structs.asdict(self)


class Mass(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A mass whose unit stands beside it: whole grams, and the value as text where they cannot give it back."""

    grams: int
    text: str | None = None

    def entered(self, unit: MassUnit | None) -> float:
        """The value in the unit that it was entered in."""
        return units.entered(self.grams, unit) if self.text is None else float(self.text)


def _no_faults(_draft: Any, _now: datetime) -> Iterator[Fault]:
    yield from ()


def _no_exercises(_draft: Any) -> Iterator[tuple[str, int]]:
    yield from ()


def _unchanged(draft: Any, *_: Any) -> Any:
    return draft


class Noun(Struct, frozen=True, kw_only=True):
    """A kind of item: its shapes, its rules, and the ways between what is sent, what is kept and what is read.

    `exercises` names every exercise of a draft with its path; `renumbered` gives them other ids. Records grow by fields
    with defaults, which are left out: so a create that is replayed years later keeps its digest.
    """

    kind: str
    draft: type[Struct]
    record: type[Struct]
    out: type[ItemOut]
    to_record: Callable[[Any], Struct]
    to_out: Callable[[Any, Stamp], ItemOut]
    faults: Callable[[Any, datetime], Iterator[Fault]] = _no_faults
    exercises: Callable[[Any], Iterator[tuple[str, int]]] = _no_exercises
    renumbered: Callable[[Any, Renumber], Any] = _unchanged
    schema_version: int = 1
    upcasters: tuple[Upcaster, ...] = ()


def check(noun: Noun, draft: Struct, *, now: datetime) -> None:
    """Apply the rules that span fields; raises Invalid with every fault and its path."""
    if faults := list(noun.faults(draft, now)):
        raise Invalid(faults)


def encode(noun: Noun, draft: Struct) -> bytes:
    """The canonical bytes of a checked draft's record."""
    return _encoder.encode(noun.to_record(draft))


def decode(noun: Noun, data: str | bytes, schema_version: int) -> Any:
    """The record, in today's shape; raises ValueError for a version newer than this code."""
    if schema_version == noun.schema_version:
        return msgspec.json.decode(data, type=noun.record)
    if not 1 <= schema_version <= len(noun.upcasters):
        raise ValueError(f"No upcaster leads from {noun.kind} {schema_version} to {noun.schema_version}.")
    fields = msgspec.json.decode(data)
    for upcast in noun.upcasters[schema_version - 1 :]:
        fields = upcast(fields)
    return msgspec.convert(fields, noun.record, strict=False)


def body(noun: Noun, record: Any, stamp: Stamp) -> bytes:
    """The complete response of a record."""
    return _encoder.encode(noun.to_out(record, stamp))


def draft_of(noun: Noun, out: Mapping[str, Any]) -> Any:
    """The draft that an item was stated by, from the JSON that clients read of it."""
    stated = {name: out[name] for name in noun.draft.__struct_fields__ if name in out}
    return msgspec.convert(stated, noun.draft)


def mass(value: float, unit: MassUnit | None) -> Mass:
    """The mass of a value as entered; without a unit it is a number on a machine's stack."""
    grams, text = units.stored(value, unit)
    return Mass(grams=grams or 0, text=text)


def mass_faults(path: str, value: float, unit: MassUnit | None, limit_g: int = bounds.MAX_LOAD_G) -> Iterator[Fault]:
    """A mass has a limit in grams."""
    if mass(value, unit).grams > limit_g:
        yield Fault(path=path, message=f"More than {limit_g // 1000} kg.")


def repeated(path: str, values: Sequence[Any]) -> Iterator[Fault]:
    """A fault for each value that stands in a list already."""
    for at, value in enumerate(values):
        if value in values[:at]:
            yield Fault(path=f"{path}[{at}]", message="This is named already.")
