"""Measurements keep the unit of their kind, and the day of where they were taken."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain import measurements
from models.domain.measurements import MeasurementDraft, MeasurementKind, MeasurementUnit
from tests.factories import NOW
from tests.stated import MEASUREMENT


def a_measurement(**fields: Any) -> MeasurementDraft:
    return msgspec.convert({**MEASUREMENT, **fields}, MeasurementDraft)


def paths(draft: MeasurementDraft) -> list[str]:
    return [fault.path for fault in measurements.faults(draft, NOW + timedelta(days=1))]


def test_the_day_is_the_one_where_it_was_taken() -> None:
    assert measurements.record(a_measurement()).measured_on.isoformat() == "2026-11-21"


@pytest.mark.parametrize(
    ("kind", "value", "unit"),
    [
        ("bodyweight", 180.4, "lb"),
        ("bodyweight", 81.647266, "kg"),
        ("waist", 32.25, "in"),
        ("upper_arm_left", 38.5, "cm"),
        ("height", 71.123456, "in"),
        ("body_fat", 14.25, "percent"),
        ("resting_heart_rate", 48, "bpm"),
    ],
)
def test_a_value_comes_back_as_it_was_entered(kind: str, value: float, unit: str) -> None:
    draft = a_measurement(kind=kind, value=value, unit=unit)
    assert paths(draft) == []
    assert measurements.record(draft).value == value


@given(st.integers(100, 30_000), st.sampled_from([MeasurementUnit.CM, MeasurementUnit.IN]))
def test_two_decimals_of_a_length_need_no_text(hundredths: int, unit: MeasurementUnit) -> None:
    record = measurements.record(a_measurement(kind="hips", value=hundredths / 100, unit=unit))
    assert (record.text, record.value) == (None, hundredths / 100)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"kind": "waist"}, "$.unit"),
        ({"kind": "body_fat", "unit": "bpm"}, "$.unit"),
        ({"value": 2000}, "$.value"),
        ({"value": 1}, "$.value"),
        ({"kind": "body_fat", "value": 101, "unit": "percent"}, "$.value"),
        ({"time_zone": "Mars/Olympus"}, "$.time_zone"),
        ({"measured_at": "2027-01-01T00:00:00Z"}, "$.measured_at"),
        ({"measured_at": "1900-01-01T00:00:00Z"}, "$.measured_at"),
    ],
)
def test_a_broken_rule_is_named(fields: dict[str, Any], path: str) -> None:
    assert paths(a_measurement(**fields)) == [path]


@pytest.mark.parametrize("kind", MeasurementKind)
def test_every_kind_has_units_and_a_range(kind: MeasurementKind) -> None:
    quantity = measurements.quantity(kind)
    assert quantity.parts
    assert 0 < quantity.least < quantity.most
