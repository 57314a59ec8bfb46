"""Body measurements: what was measured, when and in which unit, returned exactly as it was entered."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from models.domain import bounds, units
from models.domain.errors import Fault
from models.domain.items import ItemOut, Noun, Stamp
from models.domain.time_zones import is_time_zone, shown
from models.domain.workouts import OLDEST, local_date

CLOCK_TOLERANCE = timedelta(minutes=10)


class MeasurementKind(StrEnum):
    BODYWEIGHT = "bodyweight"
    LEAN_MASS = "lean_mass"
    BODY_FAT = "body_fat"
    HEIGHT = "height"
    NECK = "neck"
    SHOULDERS = "shoulders"
    CHEST = "chest"
    WAIST = "waist"
    HIPS = "hips"
    UPPER_ARM_LEFT = "upper_arm_left"
    UPPER_ARM_RIGHT = "upper_arm_right"
    FOREARM_LEFT = "forearm_left"
    FOREARM_RIGHT = "forearm_right"
    THIGH_LEFT = "thigh_left"
    THIGH_RIGHT = "thigh_right"
    CALF_LEFT = "calf_left"
    CALF_RIGHT = "calf_right"
    RESTING_HEART_RATE = "resting_heart_rate"


class MeasurementUnit(StrEnum):
    KG = "kg"
    LB = "lb"
    CM = "cm"
    IN = "in"
    PERCENT = "percent"
    BPM = "bpm"


class Quantity(Struct, frozen=True, kw_only=True):
    """What a kind measures: its units with the parts that each has, and the least and most parts.

    A part is a gram, a tenth of a millimetre, a hundredth of a percent, a tenth of a beat a minute.
    """

    parts: dict[MeasurementUnit, float]
    least: int
    most: int


MASS = Quantity(
    parts={MeasurementUnit.KG: 1000, MeasurementUnit.LB: units.GRAMS_PER_LB},
    least=bounds.MIN_BODYWEIGHT_G,
    most=bounds.MAX_BODYWEIGHT_G,
)
LENGTH = Quantity(parts={MeasurementUnit.CM: 100, MeasurementUnit.IN: 254}, least=500, most=40_000)
SHARE = Quantity(parts={MeasurementUnit.PERCENT: 100}, least=100, most=10_000)
RATE = Quantity(parts={MeasurementUnit.BPM: 10}, least=200, most=2_500)
OTHER_THAN_LENGTH = {
    MeasurementKind.BODYWEIGHT: MASS,
    MeasurementKind.LEAN_MASS: MASS,
    MeasurementKind.BODY_FAT: SHARE,
    MeasurementKind.RESTING_HEART_RATE: RATE,
}


class MeasurementDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One measurement as entered. Masses are in kg or lb, lengths in cm or in, body fat in percent."""

    measured_at: Annotated[datetime, Meta(tz=True)]
    time_zone: bounds.TimeZoneName
    kind: MeasurementKind
    value: Annotated[float, Meta(gt=0, le=5_000)]
    unit: MeasurementUnit
    note: bounds.Note | None = None


class MeasurementRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A measurement as history keeps it, in whole parts of its quantity; `text` is a value that these cannot hold."""

    measured_at: datetime
    time_zone: str
    measured_on: date
    kind: MeasurementKind
    parts: int
    unit: MeasurementUnit
    text: str | None = None
    note: str | None = None

    @property
    def value(self) -> float:
        """The value as it was entered."""
        return entered(self.parts, self.unit, self.kind) if self.text is None else float(self.text)


class MeasurementOut(ItemOut, frozen=True, kw_only=True):
    """A measurement as clients read it, in the unit entered. `measured_on` is the day in its time zone."""

    measured_at: datetime
    time_zone: str
    measured_on: date
    kind: MeasurementKind
    value: float
    unit: MeasurementUnit
    note: str | None


def quantity(kind: MeasurementKind) -> Quantity:
    """What a kind measures: lengths, but for a few."""
    return OTHER_THAN_LENGTH.get(kind, LENGTH)


def entered(parts: int, unit: MeasurementUnit, kind: MeasurementKind) -> float:
    """The value in the unit entered: to two decimals, of kg to three.

    >>> entered(81647, MeasurementUnit.LB, MeasurementKind.BODYWEIGHT)
    180.0
    >>> entered(8255, MeasurementUnit.IN, MeasurementKind.WAIST)
    32.5
    """
    return round(parts / quantity(kind).parts[unit], 3 if unit is MeasurementUnit.KG else 2)


def record(draft: MeasurementDraft) -> MeasurementRecord:
    """The canonical record of a checked draft."""
    parts = round(draft.value * quantity(draft.kind).parts[draft.unit])
    return MeasurementRecord(
        # In UTC: PostgreSQL reads no offset of sixteen hours and more.
        measured_at=draft.measured_at.astimezone(UTC),
        time_zone=draft.time_zone,
        measured_on=local_date(draft.measured_at, draft.time_zone),
        kind=draft.kind,
        parts=parts,
        unit=draft.unit,
        text=None if entered(parts, draft.unit, draft.kind) == draft.value else repr(draft.value),
        note=draft.note,
    )


def out(kept: MeasurementRecord, stamp: Stamp) -> MeasurementOut:
    return MeasurementOut(
        **stamp.fields,
        measured_at=shown(kept.measured_at, kept.time_zone),
        time_zone=kept.time_zone,
        measured_on=kept.measured_on,
        kind=kept.kind,
        value=kept.value,
        unit=kept.unit,
        note=kept.note,
    )


def faults(draft: MeasurementDraft, now: datetime) -> Iterator[Fault]:
    """The rules across the fields of a measurement."""
    if draft.measured_at > now + CLOCK_TOLERANCE:
        yield Fault(path="$.measured_at", message="A measurement cannot be of the future.")
    if draft.measured_at < OLDEST:
        yield Fault(path="$.measured_at", message="A measurement cannot be older than 1950.")
    if not is_time_zone(draft.time_zone):
        yield Fault(path="$.time_zone", message="Not an IANA time zone name, such as Europe/Berlin.")
    yield from _value_faults(draft)


def _value_faults(draft: MeasurementDraft) -> Iterator[Fault]:
    measured = quantity(draft.kind)
    per_unit = measured.parts.get(draft.unit)
    if per_unit is None:
        yield Fault(path="$.unit", message=f"{draft.kind} is measured in {' or '.join(measured.parts)}.")
    elif not measured.least <= draft.value * per_unit <= measured.most:
        least, most = measured.least / per_unit, measured.most / per_unit
        yield Fault(path="$.value", message=f"Between {least:g} and {most:g} {draft.unit}.")


MEASUREMENT = Noun(
    kind="measurement",
    draft=MeasurementDraft,
    record=MeasurementRecord,
    to_record=record,
    out=MeasurementOut,
    to_out=out,
    faults=faults,
)
