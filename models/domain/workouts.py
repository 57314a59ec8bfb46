"""Workouts and their sets: what a client sends, the rules across fields, and the record that history keeps."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from models.domain import bounds, set_rules, units
from models.domain.errors import Fault, Invalid
from models.domain.sets import (
    SET_KIND_CODES,
    SET_KINDS_BY_CODE,
    SIDE_CODES,
    SIDES_BY_CODE,
    SetDraft,
    SetKind,
    SetRecord,
    SetTarget,
    Side,
    set_record,
    tenths,
)
from models.domain.time_zones import is_time_zone
from models.domain.units import MassUnit

RECORD_SCHEMA_VERSION = 1
CLOCK_TOLERANCE = timedelta(minutes=10)
LONGEST = timedelta(days=2)
OLDEST = datetime(1950, 1, 1, tzinfo=UTC)

__all__ = [
    "SET_KINDS_BY_CODE",
    "SET_KIND_CODES",
    "SIDES_BY_CODE",
    "SIDE_CODES",
    "SetDraft",
    "SetKind",
    "SetRecord",
    "SetTarget",
    "Side",
    "WorkoutDraft",
    "WorkoutRecord",
    "WorkoutSource",
    "check",
    "local_date",
    "record",
]


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
    if faults := [*_workout_faults(draft, now), *set_rules.faults(draft.sets)]:
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
        session_rpe_tenths=tenths(draft.session_rpe),
        bodyweight_g=bodyweight_g,
        bodyweight_unit=draft.bodyweight_unit,
        bodyweight_text=bodyweight_text,
        source=source,
        sets=tuple([set_record(entry) for entry in draft.sets]),
    )


def local_date(instant: datetime, time_zone: str) -> date:
    """The calendar date of an instant where the athlete was."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def _workout_faults(draft: WorkoutDraft, now: datetime) -> Iterator[Fault]:
    if draft.started_at > now + CLOCK_TOLERANCE:
        yield Fault(path="$.started_at", message="A workout cannot start in the future.")
    if draft.started_at < OLDEST:
        yield Fault(path="$.started_at", message="A workout cannot be older than 1950.")
    if draft.ended_at is not None:
        yield from _end_faults(draft.started_at, draft.ended_at, now)
    if not is_time_zone(draft.time_zone):
        yield Fault(path="$.time_zone", message="Not an IANA time zone name, such as Europe/Berlin.")
    weighed = (draft.bodyweight, draft.bodyweight_unit, bounds.MAX_BODYWEIGHT_G)
    yield from set_rules.mass_faults("bodyweight", *weighed, "$", least_g=bounds.MIN_BODYWEIGHT_G)
    if not set_rules.is_tenths(draft.session_rpe):
        yield Fault(path="$.session_rpe", message="At most one decimal.")


def _end_faults(started_at: datetime, ended_at: datetime, now: datetime) -> Iterator[Fault]:
    if ended_at < started_at:
        yield Fault(path="$.ended_at", message="A workout cannot end before it starts.")
    elif ended_at > now + CLOCK_TOLERANCE:
        yield Fault(path="$.ended_at", message="A workout cannot end in the future.")
    elif ended_at - started_at > LONGEST:
        yield Fault(path="$.ended_at", message="A workout cannot last for more than two days.")
