"""Workouts and their sets: what a client sends, the rules across fields, and the record that history keeps."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from models.domain import bounds, units
from models.domain.errors import Fault, Invalid
from models.domain.exercises import LoadMode
from models.domain.time_zones import is_time_zone
from models.domain.units import MassUnit

RECORD_SCHEMA_VERSION = 1
CLOCK_TOLERANCE = timedelta(minutes=10)
LONGEST = timedelta(days=2)
# Below the limit in either unit.
PLAIN_LOAD = 1_000


class SetKind(StrEnum):
    WARM_UP = "warm_up"
    WORKING = "working"
    TOP = "top"
    BACK_OFF = "back_off"
    DROP = "drop"
    FAILURE = "failure"
    AMRAP = "amrap"
    MYO_REP = "myo_rep"
    CLUSTER = "cluster"
    PARTIAL = "partial"


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    EACH = "each"


SET_KIND_CODES = {kind: code for code, kind in enumerate(SetKind, start=1)}
SET_KINDS_BY_CODE = {code: kind for kind, code in SET_KIND_CODES.items()}
SIDE_CODES = {side: code for code, side in enumerate(Side, start=1)}
SIDES_BY_CODE = {code: side for side, code in SIDE_CODES.items()}


class SetDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One set as entered. Only the exercise is required; null means not recorded, zero reps a failed attempt."""

    exercise_id: bounds.ExerciseId
    kind: SetKind = SetKind.WORKING
    load: bounds.MassValue | None = None
    load_unit: MassUnit | None = None
    load_mode: LoadMode | None = None
    reps: bounds.Reps | None = None
    rpe: bounds.Rpe | None = None
    rir: bounds.Rir | None = None
    duration_s: bounds.DurationSeconds | None = None
    distance_m: bounds.DistanceMetres | None = None
    rest_s: bounds.RestSeconds | None = None
    superset: bounds.SupersetNumber | None = None
    side: Side | None = None
    note: bounds.Note | None = None


class WorkoutDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A workout as a client or an importer sends it."""

    started_at: Annotated[datetime, Meta(tz=True)]
    time_zone: bounds.TimeZoneName
    ended_at: Annotated[datetime, Meta(tz=True)] | None = None
    title: bounds.Title | None = None
    notes: bounds.Note | None = None
    session_rpe: bounds.Rpe | None = None
    bodyweight: bounds.Bodyweight | None = None
    bodyweight_unit: MassUnit | None = None
    sets: Annotated[tuple[SetDraft, ...], Meta(min_length=1, max_length=bounds.MAX_SETS)]


class WorkoutSource(Struct, frozen=True, kw_only=True):
    """Where an imported workout came from: the app and the workout's key in it, independent of units."""

    app: str
    key: str


class SetRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One set in canonical integers: grams, milliseconds, millimetres, tenths of RPE and RIR."""

    exercise_id: int
    kind: SetKind = SetKind.WORKING
    load_g: int | None = None
    load_unit: MassUnit | None = None
    load_text: str | None = None
    load_mode: LoadMode | None = None
    reps: int | None = None
    rpe_tenths: int | None = None
    rir_tenths: int | None = None
    duration_ms: int | None = None
    distance_mm: int | None = None
    rest_s: int | None = None
    superset: int | None = None
    side: Side | None = None
    note: str | None = None


class WorkoutRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A workout as history keeps it, for ever; `schema_version` names the shape for the upcasters."""

    schema_version: int
    workout_id: UUID
    started_at: datetime
    time_zone: str
    performed_on: date
    ended_at: datetime | None = None
    title: str | None = None
    notes: str | None = None
    session_rpe_tenths: int | None = None
    bodyweight_g: int | None = None
    bodyweight_unit: MassUnit | None = None
    bodyweight_text: str | None = None
    source: WorkoutSource | None = None
    sets: tuple[SetRecord, ...]


def check(draft: WorkoutDraft, *, now: datetime) -> None:
    """Apply the rules that span fields; raises Invalid with every fault and its path."""
    if faults := [*_workout_faults(draft, now), *_all_set_faults(draft)]:
        raise Invalid(faults)


def record(draft: WorkoutDraft, *, workout_id: UUID, source: WorkoutSource | None = None) -> WorkoutRecord:
    """The canonical record of a checked draft."""
    bodyweight_g, bodyweight_text = units.stored(draft.bodyweight, draft.bodyweight_unit)
    return WorkoutRecord(
        schema_version=RECORD_SCHEMA_VERSION,
        workout_id=workout_id,
        started_at=draft.started_at,
        time_zone=draft.time_zone,
        performed_on=local_date(draft.started_at, draft.time_zone),
        ended_at=draft.ended_at,
        title=draft.title,
        notes=draft.notes,
        session_rpe_tenths=_tenths(draft.session_rpe),
        bodyweight_g=bodyweight_g,
        bodyweight_unit=draft.bodyweight_unit,
        bodyweight_text=bodyweight_text,
        source=source,
        sets=tuple([_set_record(entry) for entry in draft.sets]),
    )


def local_date(instant: datetime, time_zone: str) -> date:
    """The calendar date of an instant where the athlete was."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def _set_record(entry: SetDraft) -> SetRecord:
    load_g, load_text = units.stored(entry.load, entry.load_unit)
    return SetRecord(
        exercise_id=entry.exercise_id,
        kind=entry.kind,
        load_g=load_g,
        load_unit=entry.load_unit,
        load_text=load_text,
        load_mode=entry.load_mode,
        reps=entry.reps,
        rpe_tenths=None if entry.rpe is None else round(entry.rpe * 10),
        rir_tenths=None if entry.rir is None else round(entry.rir * 10),
        duration_ms=None if entry.duration_s is None else round(entry.duration_s * 1000),
        distance_mm=None if entry.distance_m is None else round(entry.distance_m * 1000),
        rest_s=entry.rest_s,
        superset=entry.superset,
        side=entry.side,
        note=entry.note,
    )


def _tenths(value: float | None) -> int | None:
    return None if value is None else round(value * 10)


def _workout_faults(draft: WorkoutDraft, now: datetime) -> Iterator[Fault]:
    if draft.started_at > now + CLOCK_TOLERANCE:
        yield Fault(path="$.started_at", message="A workout cannot start in the future.")
    if draft.started_at.year < 1950:
        yield Fault(path="$.started_at", message="A workout cannot be older than 1950.")
    if draft.ended_at is not None:
        yield from _end_faults(draft.started_at, draft.ended_at, now)
    if not is_time_zone(draft.time_zone):
        yield Fault(path="$.time_zone", message="Not an IANA time zone name, such as Europe/Berlin.")
    yield from _mass_faults("bodyweight", draft.bodyweight, draft.bodyweight_unit, bounds.MAX_BODYWEIGHT_G, "$")
    if not _is_tenths(draft.session_rpe):
        yield Fault(path="$.session_rpe", message="At most one decimal.")


def _end_faults(started_at: datetime, ended_at: datetime, now: datetime) -> Iterator[Fault]:
    if ended_at < started_at:
        yield Fault(path="$.ended_at", message="A workout cannot end before it starts.")
    elif ended_at > now + CLOCK_TOLERANCE:
        yield Fault(path="$.ended_at", message="A workout cannot end in the future.")
    elif ended_at - started_at > LONGEST:
        yield Fault(path="$.ended_at", message="A workout cannot last for more than two days.")


def _all_set_faults(draft: WorkoutDraft) -> Iterator[Fault]:
    for position, entry in enumerate(draft.sets):
        if not _is_plain(entry):
            yield from _set_faults(entry, f"$.sets[{position}]")


def _is_plain(entry: SetDraft) -> bool:
    """Whether one glance shows that no rule is broken: so it is with nearly every set, and recording is hot."""
    return (
        entry.load is not None
        and entry.load_unit is not None
        and entry.load < PLAIN_LOAD
        and entry.rir is None
        and (entry.rpe is None or entry.rpe % 0.5 == 0)
    )


def _set_faults(entry: SetDraft, path: str) -> Iterator[Fault]:
    yield from _mass_faults("load", entry.load, entry.load_unit, bounds.MAX_LOAD_G, path)
    if not _is_tenths(entry.rpe):
        yield Fault(path=f"{path}.rpe", message="At most one decimal.")
    if not _is_tenths(entry.rir):
        yield Fault(path=f"{path}.rir", message="At most one decimal.")
    if entry.rpe is not None and entry.rir is not None:
        yield Fault(path=f"{path}.rir", message="Give RPE or RIR, as it was entered, not both.")


def _mass_faults(name: str, value: float | None, unit: MassUnit | None, limit_g: int, path: str) -> Iterator[Fault]:
    if (value is None) != (unit is None):
        yield Fault(path=f"{path}.{name}_unit", message=f"`{name}` and `{name}_unit` go together.")
    elif value is not None and unit is not None and units.grams(value, unit) > limit_g:
        yield Fault(path=f"{path}.{name}", message=f"More than {limit_g // 1000} kg.")


def _is_tenths(value: float | None) -> bool:
    return value is None or abs(value * 10 - round(value * 10)) < 1e-9
