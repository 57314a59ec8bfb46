"""The rules across a workout's fields, and the canonical record."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import ids
from models.domain import revisions, units, workouts
from models.domain.errors import Invalid
from models.domain.units import MassUnit
from models.domain.workouts import WorkoutDraft
from tests.factories import NOW, a_full_set, a_set, a_workout

decode = msgspec.json.Decoder(WorkoutDraft).decode


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"started_at": NOW + timedelta(days=1)}, "$.started_at"),
        ({"started_at": datetime(1949, 1, 1, tzinfo=UTC)}, "$.started_at"),
        ({"ended_at": NOW - timedelta(days=1)}, "$.ended_at"),
        ({"ended_at": NOW + timedelta(days=1)}, "$.ended_at"),
        ({"ended_at": datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=14)))}, "$.ended_at"),
        ({"started_at": NOW - timedelta(days=3), "ended_at": NOW}, "$.ended_at"),
        ({"time_zone": "Mars/Olympus"}, "$.time_zone"),
        ({"time_zone": "localtime"}, "$.time_zone"),
        ({"bodyweight": 80}, "$.bodyweight_unit"),
        ({"bodyweight": 1000, "bodyweight_unit": MassUnit.KG}, "$.bodyweight"),
        ({"bodyweight": 0.9, "bodyweight_unit": MassUnit.KG}, "$.bodyweight"),
        ({"session_rpe": 7.25}, "$.session_rpe"),
        ({"sets": (a_set(load_unit=None),)}, "$.sets[0].load_unit"),
        ({"sets": (a_set(), a_set(load=1340.8))}, "$.sets[1].load"),
        ({"sets": (a_set(rpe=8.25),)}, "$.sets[0].rpe"),
        ({"sets": (a_set(rpe=8, rir=2),)}, "$.sets[0].rir"),
    ],
)
def test_a_broken_rule_names_its_path(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        workouts.check(a_workout(**fields), now=NOW)
    assert [fault.path for fault in refused.value.faults] == [path]


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        workouts.check(a_workout(time_zone="Nowhere", sets=(a_set(rpe=0.15), a_set(rir=0.15))), now=NOW)
    assert len(refused.value.faults) == 3


def test_the_day_is_the_athletes_own() -> None:
    draft = a_workout(started_at=datetime(2026, 11, 19, 23, 30, tzinfo=UTC), time_zone="Europe/Berlin")
    assert workouts.record(draft, workout_id=ids.new()).performed_on == date(2026, 11, 20)


def test_a_record_survives_its_own_encoding() -> None:
    record = workouts.record(a_workout(sets=(a_full_set(), a_set())), workout_id=ids.new())
    assert revisions.decode(revisions.encode(record), record.schema_version) == record


def test_an_old_record_is_brought_up_to_date_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    record = workouts.record(a_workout(), workout_id=ids.new())
    old = msgspec.json.decode(revisions.encode(record))
    old["when"] = old.pop("started_at")
    monkeypatch.setattr(revisions, "RECORD_SCHEMA_VERSION", 3)

    def name_started(fields: dict[str, Any]) -> dict[str, Any]:
        return {**fields, "started": fields["when"]}

    def name_started_at(fields: dict[str, Any]) -> dict[str, Any]:
        return {**fields, "started_at": fields["started"]}

    upcasters = (name_started, name_started_at)
    assert revisions.decode(msgspec.json.encode(old), 1, upcasters=upcasters).started_at == record.started_at


def test_a_record_from_the_future_is_refused() -> None:
    with pytest.raises(ValueError, match="schema version 2"):
        revisions.decode(b"{}", 2)


@pytest.mark.parametrize(
    "body",
    [
        b'{"started_at":"2026-11-20T10:00:00","time_zone":"UTC","sets":[{"exercise_id":1}]}',
        b'{"started_at":"2026-11-20T10:00:00Z","time_zone":"UTC","sets":[]}',
        b'{"started_at":"2026-11-20T10:00:00Z","time_zone":"UTC","sets":[{"exercise_id":"1"}]}',
        b'{"started_at":"2026-11-20T10:00:00Z","time_zone":"UTC","sets":[{"exercise_id":1,"reps":-1}]}',
        b'{"started_at":"2026-11-20T10:00:00Z","time_zone":"UTC","sets":[{"exercise_id":1}],"colour":1}',
        b'{"started_at":"2026-11-20T10:00:00Z","time_zone":"UTC","title":"a\\u0000","sets":[{"exercise_id":1}]}',
    ],
)
def test_the_types_refuse_what_no_rule_should_have_to(body: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        decode(body)


@given(st.integers(0, 500_000), st.sampled_from(MassUnit))
def test_two_decimals_come_back_exactly_in_either_unit(hundredths: int, unit: MassUnit) -> None:
    value = hundredths / 100
    assert units.entered(units.grams(value, unit), unit) == value
