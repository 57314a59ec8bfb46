"""The response representation of a workout: encoded once when it is written, served as bytes ever after."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from models.domain import units
from models.domain.exercises import LoadMode
from models.domain.sets import SetKind, SetRecord, Side, TargetRecord
from models.domain.time_zones import shown
from models.domain.units import MassUnit
from models.domain.workouts import WorkoutRecord, WorkoutSource

REPRESENTATION = 2

_encoder = msgspec.json.Encoder()


class TargetOut(Struct, frozen=True, kw_only=True):
    """What was planned for a set; null is what was not."""

    reps_low: int | None
    reps_high: int | None
    load: float | None
    load_unit: MassUnit | None
    rpe: float | None
    rir: float | None
    duration_s: float | None
    distance_m: float | None


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
    circuit: int | None
    chain: int | None
    side: Side | None
    tempo: str | None
    target: TargetOut | None
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
    return _encoder.encode(
        WorkoutBody(
            id=record.workout_id,
            started_at=shown(record.started_at, record.time_zone),
            ended_at=None if record.ended_at is None else shown(record.ended_at, record.time_zone),
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
        rpe=_from_tenths(entry.rpe_tenths),
        rir=_from_tenths(entry.rir_tenths),
        duration_s=_from_thousandths(entry.duration_ms),
        distance_m=_from_thousandths(entry.distance_mm),
        rest_s=entry.rest_s,
        superset=entry.superset,
        circuit=entry.circuit,
        chain=entry.chain,
        side=entry.side,
        tempo=entry.tempo,
        target=None if entry.target is None else _target_out(entry.target),
        note=entry.note,
    )


def _target_out(target: TargetRecord) -> TargetOut:
    return TargetOut(
        reps_low=target.reps_low,
        reps_high=target.reps_high,
        load=_entered(target.load_g, target.load_unit, target.load_text),
        load_unit=target.load_unit,
        rpe=_from_tenths(target.rpe_tenths),
        rir=_from_tenths(target.rir_tenths),
        duration_s=_from_thousandths(target.duration_ms),
        distance_m=_from_thousandths(target.distance_mm),
    )


def _entered(mass_g: int | None, unit: MassUnit | None, text: str | None) -> float | None:
    if mass_g is None:
        return None
    return units.entered(mass_g, unit) if text is None else float(text)


def _from_tenths(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / 10


def _from_thousandths(thousandths: int | None) -> float | None:
    return None if thousandths is None else thousandths / 1000
