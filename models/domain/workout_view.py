"""The response representation of a workout: encoded once when it is written, served as bytes ever after."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from models.domain import units
from models.domain.exercises import LoadMode
from models.domain.units import MassUnit
from models.domain.workouts import (
    SetKind,
    SetRecord,
    Side,
    WorkoutRecord,
    WorkoutSource,
)

REPRESENTATION = 1

_encoder = msgspec.json.Encoder()


class SetOut(Struct, frozen=True, kw_only=True):
    """A set as clients read it: loads in the unit entered, everything else in SI units."""

    exercise_id: int
    kind: SetKind
    load: float | None
    load_unit: MassUnit | None
    load_mode: LoadMode | None
    reps: int | None
    rpe: float | None
    rir: float | None
    duration_s: float | None
    distance_m: float | None
    rest_s: int | None
    superset: int | None
    side: Side | None
    note: str | None


class WorkoutBody(Struct, frozen=True, kw_only=True):
    """A workout without its version, as it is stored; the version is spliced in front when it is sent."""

    id: UUID
    started_at: datetime
    ended_at: datetime | None
    time_zone: str
    performed_on: date
    title: str | None
    notes: str | None
    session_rpe: float | None
    bodyweight: float | None
    bodyweight_unit: MassUnit | None
    source: WorkoutSource | None
    created_at: datetime
    updated_at: datetime
    sets: tuple[SetOut, ...]


class WorkoutOut(WorkoutBody, frozen=True, kw_only=True):
    """A workout as clients read it. `data_version` is the athlete's clock at its last change."""

    data_version: int


def body(record: WorkoutRecord, *, created_at: datetime, updated_at: datetime) -> bytes:
    """The stored response of a record, without its version."""
    zone = ZoneInfo(record.time_zone)
    return _encoder.encode(
        WorkoutBody(
            id=record.workout_id,
            started_at=record.started_at.astimezone(zone),
            ended_at=None if record.ended_at is None else record.ended_at.astimezone(zone),
            time_zone=record.time_zone,
            performed_on=record.performed_on,
            title=record.title,
            notes=record.notes,
            session_rpe=_from_tenths(record.session_rpe_tenths),
            bodyweight=_entered(record.bodyweight_g, record.bodyweight_unit, record.bodyweight_text),
            bodyweight_unit=record.bodyweight_unit,
            source=record.source,
            created_at=created_at,
            updated_at=updated_at,
            sets=tuple([_set_out(entry) for entry in record.sets]),
        )
    )


def with_version(stored: bytes, data_version: int) -> bytes:
    """The complete response: the stored bytes with the version in front."""
    return b'{"data_version":%d,' % data_version + stored[1:]


def _set_out(entry: SetRecord) -> SetOut:
    return SetOut(
        exercise_id=entry.exercise_id,
        kind=entry.kind,
        load=_entered(entry.load_g, entry.load_unit, entry.load_text),
        load_unit=entry.load_unit,
        load_mode=entry.load_mode,
        reps=entry.reps,
        rpe=None if entry.rpe_tenths is None else entry.rpe_tenths / 10,
        rir=None if entry.rir_tenths is None else entry.rir_tenths / 10,
        duration_s=None if entry.duration_ms is None else entry.duration_ms / 1000,
        distance_m=None if entry.distance_mm is None else entry.distance_mm / 1000,
        rest_s=entry.rest_s,
        superset=entry.superset,
        side=entry.side,
        note=entry.note,
    )


def _entered(mass_g: int | None, unit: MassUnit | None, text: str | None) -> float | None:
    if mass_g is None or unit is None:
        return None
    return units.entered(mass_g, unit) if text is None else float(text)


def _from_tenths(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / 10
