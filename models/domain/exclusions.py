"""Exclusions: what an athlete does not do, for an injury or by preference, and for how long."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from models.domain import bounds, items
from models.domain.errors import Fault
from models.domain.exercises import Equipment, JointTag, Muscle, Pattern
from models.domain.items import ItemOut, Noun, Renumber, Stamp

EXCLUDED = ("exercise_ids", "patterns", "joints", "muscles", "equipment")


class ExclusionKind(StrEnum):
    INJURY = "injury"
    PREFERENCE = "preference"


class Severity(StrEnum):
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class ExclusionDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is excluded, each by itself: an exercise is out if anything here applies to it.

    Both days are included; without `until_on` it lasts until it is edited.
    """

    kind: ExclusionKind
    from_on: date
    until_on: date | None = None
    severity: Severity | None = None
    exercise_ids: Annotated[tuple[bounds.ExerciseId, ...], Meta(max_length=500)] = ()
    patterns: Annotated[tuple[Pattern, ...], Meta(max_length=len(Pattern))] = ()
    joints: Annotated[tuple[JointTag, ...], Meta(max_length=len(JointTag))] = ()
    muscles: Annotated[tuple[Muscle, ...], Meta(max_length=len(Muscle))] = ()
    equipment: Annotated[tuple[Equipment, ...], Meta(max_length=len(Equipment))] = ()
    note: bounds.Note | None = None


class ExclusionRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An exclusion as history keeps it: no bound of today is asked of it."""

    kind: ExclusionKind
    from_on: date
    until_on: date | None = None
    severity: Severity | None = None
    exercise_ids: tuple[int, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    joints: tuple[JointTag, ...] = ()
    muscles: tuple[Muscle, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    note: str | None = None


class ExclusionOut(ItemOut, frozen=True, kw_only=True):
    """An exclusion as clients read it."""

    kind: ExclusionKind
    from_on: date
    until_on: date | None
    severity: Severity | None
    exercise_ids: tuple[int, ...]
    patterns: tuple[Pattern, ...]
    joints: tuple[JointTag, ...]
    muscles: tuple[Muscle, ...]
    equipment: tuple[Equipment, ...]
    note: str | None


def record(draft: ExclusionDraft) -> ExclusionRecord:
    """The canonical record of a checked draft."""
    return ExclusionRecord(**msgspec.structs.asdict(draft))


def out(kept: ExclusionRecord, stamp: Stamp) -> ExclusionOut:
    return ExclusionOut(**stamp.fields, **msgspec.structs.asdict(kept))


def faults(draft: ExclusionDraft, _now: datetime) -> Iterator[Fault]:
    """The rules across the fields of an exclusion."""
    if draft.until_on is not None and draft.until_on < draft.from_on:
        yield Fault(path="$.until_on", message="An exclusion cannot end before it starts.")
    if draft.severity is not None and draft.kind is not ExclusionKind.INJURY:
        yield Fault(path="$.severity", message="Only an injury has a severity.")
    if not any(getattr(draft, name) for name in EXCLUDED):
        yield Fault(path="$", message=f"Exclude something: {', '.join(EXCLUDED)}.")
    for name in EXCLUDED:
        yield from items.repeated(f"$.{name}", getattr(draft, name))


def exercises(draft: ExclusionDraft) -> Iterator[tuple[str, int]]:
    for at, exercise_id in enumerate(draft.exercise_ids):
        yield f"$.exercise_ids[{at}]", exercise_id


def renumbered(draft: ExclusionDraft, renumber: Renumber) -> ExclusionDraft:
    return msgspec.structs.replace(draft, exercise_ids=tuple([renumber(number) for number in draft.exercise_ids]))


EXCLUSION = Noun(
    kind="exclusion",
    draft=ExclusionDraft,
    record=ExclusionRecord,
    to_record=record,
    out=ExclusionOut,
    to_out=out,
    faults=faults,
    exercises=exercises,
    renumbered=renumbered,
)
