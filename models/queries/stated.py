"""What an athlete states beside workouts and what metrics need of it, as columns: bodyweights, and the profile."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from models.domain import items
from models.domain.measurements import MEASUREMENT, MeasurementKind, MeasurementRecord
from models.domain.profile import PROFILE, ProfileRecord

Columns = dict[str, list[Any]]

WEIGHED = ("id", "measured_on", "measured_at", "bodyweight_g")
BODYWEIGHT = f"kind = '{MEASUREMENT.kind}' AND record->>'kind' = '{MeasurementKind.BODYWEIGHT.value}'"


class Told(Struct, frozen=True, kw_only=True):
    """What formulas need of a profile."""

    sex: str | None = None
    birth_year: int | None = None
    level: str = "beginner"
    show_acwr: bool = False


def told(record: str | None, schema_version: int | None) -> Told:
    """The profile of a record; nothing told where there is none."""
    if record is None or schema_version is None:
        return Told()
    stated: ProfileRecord = items.decode(PROFILE, record, schema_version)
    return Told(
        sex=None if stated.sex is None else stated.sex.value,
        birth_year=stated.birth_year,
        level=stated.level.value,
        show_acwr=stated.show_acwr,
    )


def weighed(rows: Iterable[Mapping[str, Any]]) -> Columns:
    """The bodyweights among measurements, in whole grams; a row has `id`, `record` and `schema_version`."""
    found = [row for row in map(_weighed, rows) if row is not None]
    return {name: [row[at] for row in found] for at, name in enumerate(WEIGHED)}


def _weighed(row: Mapping[str, Any]) -> tuple[Any, ...] | None:
    if row["record"] is None:
        return None
    stated: MeasurementRecord = items.decode(MEASUREMENT, row["record"], row["schema_version"])
    if stated.kind is not MeasurementKind.BODYWEIGHT:
        return None
    return row["id"], stated.measured_on, stated.measured_at, stated.parts
