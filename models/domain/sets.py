"""Sets: what a client sends of one, and the record of it that history keeps."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from models.domain import bounds, units
from models.domain.exercises import LoadMode
from models.domain.units import MassUnit

# Lowering, pause, lifting, pause in seconds; X is as fast as possible. `3-1-X-0`, or `31X0` where each is one digit.
Tempo = Annotated[str, Meta(pattern=r"^([0-9X]{4}|([0-9]{1,2}|X)(-([0-9]{1,2}|X)){3})$(?!\n)", max_length=11)]


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


class SetTarget(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was planned for a set, beside what was done. One number of reps is `reps_low` and `reps_high` alike."""

    reps_low: bounds.Reps | None = None
    reps_high: bounds.Reps | None = None
    load: bounds.MassValue | None = None
    load_unit: MassUnit | None = None
    rpe: bounds.Rpe | None = None
    rir: bounds.Rir | None = None
    duration_s: bounds.DurationSeconds | None = None
    distance_m: bounds.DistanceMetres | None = None


class SetDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One set as entered. Only the exercise is required; null means not recorded, zero reps a failed attempt.

    Sets of one workout that share a `superset` or `circuit` number were done in turns; neighbours that share a `chain`
    number were done without a rest: a drop set, myo-reps or a cluster of one exercise.
    """

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
    superset: bounds.GroupNumber | None = None
    circuit: bounds.GroupNumber | None = None
    chain: bounds.GroupNumber | None = None
    side: Side | None = None
    tempo: Tempo | None = None
    target: SetTarget | None = None
    note: bounds.Note | None = None


class TargetRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A target in canonical integers."""

    reps_low: int | None = None
    reps_high: int | None = None
    load_g: int | None = None
    load_unit: MassUnit | None = None
    load_text: str | None = None
    rpe_tenths: int | None = None
    rir_tenths: int | None = None
    duration_ms: int | None = None
    distance_mm: int | None = None


class SetRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One set in canonical integers: grams, milliseconds, millimetres, tenths of RPE and RIR.

    New fields come with a default and at the end: a record without them keeps its bytes, and so a create that is
    replayed years later keeps its digest.
    """

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
    circuit: int | None = None
    chain: int | None = None
    tempo: str | None = None
    target: TargetRecord | None = None


class SetExtras(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rare fields of a set, as `set_details.extras` holds them."""

    circuit: int | None = None
    chain: int | None = None
    tempo: str | None = None
    target: TargetRecord | None = None


def set_record(entry: SetDraft) -> SetRecord:
    """The canonical record of a checked draft."""
    load_g, load_text = units.stored(entry.load, entry.load_unit)
    return SetRecord(
        exercise_id=entry.exercise_id,
        kind=entry.kind,
        load_g=load_g,
        load_unit=entry.load_unit,
        load_text=load_text,
        load_mode=entry.load_mode,
        reps=entry.reps,
        rpe_tenths=tenths(entry.rpe),
        rir_tenths=tenths(entry.rir),
        duration_ms=thousandths(entry.duration_s),
        distance_mm=thousandths(entry.distance_m),
        rest_s=entry.rest_s,
        superset=entry.superset,
        side=entry.side,
        note=entry.note,
        circuit=entry.circuit,
        chain=entry.chain,
        tempo=entry.tempo,
        target=None if entry.target is None else _target_record(entry.target),
    )


def extras(entry: SetRecord) -> SetExtras | None:
    """The rare fields of a set, None where it has none of them."""
    if entry.circuit is None and entry.chain is None and entry.tempo is None and entry.target is None:
        return None
    return SetExtras(circuit=entry.circuit, chain=entry.chain, tempo=entry.tempo, target=entry.target)


def tenths(value: float | None) -> int | None:
    return None if value is None else round(value * 10)


def thousandths(value: float | None) -> int | None:
    return None if value is None else round(value * 1000)


def _target_record(target: SetTarget) -> TargetRecord:
    load_g, load_text = units.stored(target.load, target.load_unit)
    return TargetRecord(
        reps_low=target.reps_low,
        reps_high=target.reps_high,
        load_g=load_g,
        load_unit=target.load_unit,
        load_text=load_text,
        rpe_tenths=tenths(target.rpe),
        rir_tenths=tenths(target.rir),
        duration_ms=thousandths(target.duration_s),
        distance_mm=thousandths(target.distance_m),
    )
