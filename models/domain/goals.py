"""Goals: what an athlete trains for, by when, and how it stands."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from models.domain import bounds, items, set_rules
from models.domain.errors import Fault
from models.domain.exercises import Muscle
from models.domain.items import ItemOut, Mass, Noun, PositiveMass, Renumber, Stamp
from models.domain.units import MassUnit

GoalReps = Annotated[int, Meta(ge=1, le=10_000)]


class GoalStatus(StrEnum):
    ACTIVE = "active"
    ACHIEVED = "achieved"
    ABANDONED = "abandoned"


class Direction(StrEnum):
    LOSE = "lose"
    GAIN = "gain"
    MAINTAIN = "maintain"


class LiftGoal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="lift"):
    """To lift a load for so many reps."""

    exercise_id: bounds.ExerciseId
    load: PositiveMass
    load_unit: MassUnit
    reps: GoalReps


class RepGoal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="rep"):
    """To do so many reps in a set: at a load, or without one with the bodyweight alone."""

    exercise_id: bounds.ExerciseId
    reps: GoalReps
    load: PositiveMass | None = None
    load_unit: MassUnit | None = None


class BodyweightGoal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="bodyweight"):
    """To weigh so much."""

    bodyweight: PositiveMass
    bodyweight_unit: MassUnit
    direction: Direction


class FrequencyGoal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="frequency"):
    """To train so often."""

    sessions_per_week: Annotated[int, Meta(ge=1, le=21)]


class VolumeGoal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="volume"):
    """To do so many sets for a muscle, where an exercise counts by its fraction of it."""

    muscle: Muscle
    sets_per_week: Annotated[float, Meta(gt=0, le=100)]


Target = LiftGoal | RepGoal | BodyweightGoal | FrequencyGoal | VolumeGoal


class GoalDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A goal as stated; the `kind` of its target says which."""

    target: Target
    start_on: date
    due_on: date | None = None
    status: GoalStatus = GoalStatus.ACTIVE
    note: bounds.Note | None = None


class LiftRecord(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="lift"):
    exercise_id: int
    load: Mass
    load_unit: MassUnit
    reps: int


class RepRecord(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="rep"):
    exercise_id: int
    reps: int
    load: Mass | None = None
    load_unit: MassUnit | None = None


class BodyweightRecord(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="bodyweight"):
    bodyweight: Mass
    bodyweight_unit: MassUnit
    direction: Direction


class FrequencyRecord(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="frequency"):
    sessions_per_week: int


class VolumeRecord(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="volume"):
    muscle: Muscle
    set_tenths_per_week: int


TargetRecord = LiftRecord | RepRecord | BodyweightRecord | FrequencyRecord | VolumeRecord


class GoalRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A goal as history keeps it: grams and tenths of sets."""

    target: TargetRecord
    start_on: date
    due_on: date | None = None
    status: GoalStatus = GoalStatus.ACTIVE
    note: str | None = None


class GoalOut(ItemOut, frozen=True, kw_only=True):
    """A goal as clients read it, its masses in the unit entered."""

    target: Target
    start_on: date
    due_on: date | None
    status: GoalStatus
    note: str | None


def record(draft: GoalDraft) -> GoalRecord:
    """The canonical record of a checked draft."""
    return GoalRecord(
        target=_target_record(draft.target),
        start_on=draft.start_on,
        due_on=draft.due_on,
        status=draft.status,
        note=draft.note,
    )


def out(kept: GoalRecord, stamp: Stamp) -> GoalOut:
    return GoalOut(
        **stamp.fields,
        target=_target(kept.target),
        start_on=kept.start_on,
        due_on=kept.due_on,
        status=kept.status,
        note=kept.note,
    )


def faults(draft: GoalDraft, _now: datetime) -> Iterator[Fault]:
    """The rules across the fields of a goal."""
    if draft.due_on is not None and draft.due_on < draft.start_on:
        yield Fault(path="$.due_on", message="A goal cannot be due before it starts.")
    match draft.target:
        case LiftGoal(load=load, load_unit=unit):
            yield from items.mass_faults("$.target.load", load, unit)
        case RepGoal(load=load, load_unit=unit):
            yield from set_rules.mass_faults("load", load, unit, bounds.MAX_LOAD_G, "$.target")
        case BodyweightGoal(bodyweight=bodyweight, bodyweight_unit=unit):
            yield from items.mass_faults("$.target.bodyweight", bodyweight, unit, bounds.MAX_BODYWEIGHT_G)
        case VolumeGoal(sets_per_week=sets) if not set_rules.is_tenths(sets) or sets < 0.1:
            yield Fault(path="$.target.sets_per_week", message="At most one decimal.")
        case _:
            pass


def exercises(draft: GoalDraft) -> Iterator[tuple[str, int]]:
    if isinstance(draft.target, LiftGoal | RepGoal):
        yield "$.target.exercise_id", draft.target.exercise_id


def renumbered(draft: GoalDraft, renumber: Renumber) -> GoalDraft:
    if not isinstance(draft.target, LiftGoal | RepGoal):
        return draft
    target = msgspec.structs.replace(draft.target, exercise_id=renumber(draft.target.exercise_id))
    return msgspec.structs.replace(draft, target=target)


def _target_record(target: Target) -> TargetRecord:
    match target:
        case LiftGoal(exercise_id=exercise_id, load=load, load_unit=unit, reps=reps):
            return LiftRecord(exercise_id=exercise_id, load=items.mass(load, unit), load_unit=unit, reps=reps)
        case RepGoal(exercise_id=exercise_id, load=load, load_unit=unit, reps=reps):
            mass = None if load is None else items.mass(load, unit)
            return RepRecord(exercise_id=exercise_id, reps=reps, load=mass, load_unit=unit)
        case BodyweightGoal(bodyweight=bodyweight, bodyweight_unit=unit, direction=direction):
            mass = items.mass(bodyweight, unit)
            return BodyweightRecord(bodyweight=mass, bodyweight_unit=unit, direction=direction)
        case FrequencyGoal(sessions_per_week=sessions):
            return FrequencyRecord(sessions_per_week=sessions)
        case VolumeGoal(muscle=muscle, sets_per_week=sets):
            return VolumeRecord(muscle=muscle, set_tenths_per_week=round(sets * 10))


def _target(kept: TargetRecord) -> Target:
    match kept:
        case LiftRecord(exercise_id=exercise_id, load=load, load_unit=unit, reps=reps):
            return LiftGoal(exercise_id=exercise_id, load=load.entered(unit), load_unit=unit, reps=reps)
        case RepRecord(exercise_id=exercise_id, load=load, load_unit=unit, reps=reps):
            entered = None if load is None else load.entered(unit)
            return RepGoal(exercise_id=exercise_id, reps=reps, load=entered, load_unit=unit)
        case BodyweightRecord(bodyweight=bodyweight, bodyweight_unit=unit, direction=direction):
            return BodyweightGoal(bodyweight=bodyweight.entered(unit), bodyweight_unit=unit, direction=direction)
        case FrequencyRecord(sessions_per_week=sessions):
            return FrequencyGoal(sessions_per_week=sessions)
        case VolumeRecord(muscle=muscle, set_tenths_per_week=set_tenths):
            return VolumeGoal(muscle=muscle, sets_per_week=set_tenths / 10)


GOAL = Noun(
    kind="goal",
    draft=GoalDraft,
    record=GoalRecord,
    to_record=record,
    out=GoalOut,
    to_out=out,
    faults=faults,
    exercises=exercises,
    renumbered=renumbered,
)
