"""Goals of five kinds, each with what it needs and nothing else."""

from typing import Any

import msgspec
import pytest

from models import ids
from models.domain import goals, items
from models.domain.goals import GoalDraft
from models.domain.items import Stamp
from tests.factories import NOW

STAMP = Stamp(data_version=1, id=ids.new(), created_at=NOW, updated_at=NOW)

TARGETS: tuple[dict[str, Any], ...] = (
    {"kind": "lift", "exercise_id": 100, "load": 44.0925, "load_unit": "kg", "reps": 5},
    {"kind": "rep", "exercise_id": 100, "reps": 20, "load": 135.0, "load_unit": "lb"},
    {"kind": "rep", "exercise_id": 100, "reps": 20, "load": None, "load_unit": None},
    {"kind": "bodyweight", "bodyweight": 165.3, "bodyweight_unit": "lb", "direction": "lose"},
    {"kind": "frequency", "sessions_per_week": 4},
    {"kind": "volume", "muscle": "back", "sets_per_week": 12.5},
)


def a_goal(target: dict[str, Any], **fields: Any) -> GoalDraft:
    return msgspec.convert({"target": target, "start_on": "2026-11-01", **fields}, GoalDraft)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target["kind"])
def test_each_kind_of_goal_comes_back_as_it_was_stated(target: dict[str, Any]) -> None:
    draft = a_goal(target)
    assert list(goals.faults(draft, NOW)) == []
    record = items.decode(goals.GOAL, items.encode(goals.GOAL, draft), 1)
    assert msgspec.to_builtins(goals.out(record, STAMP).target) == target


@pytest.mark.parametrize(
    "target",
    [
        {"kind": "lift", "exercise_id": 100, "reps": 5},
        {"kind": "lift", "exercise_id": 100, "load": 0, "load_unit": "kg", "reps": 5},
        {"kind": "rep", "exercise_id": 100, "reps": 0},
        {"kind": "frequency", "sessions_per_week": 3, "reps": 5},
        {"kind": "frequency", "sessions_per_week": 0},
        {"kind": "volume", "muscle": "soul", "sets_per_week": 5},
        {"kind": "happiness"},
        {},
    ],
)
def test_what_is_no_goal_is_refused(target: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        a_goal(target)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ({**TARGETS[0], "load": 3_000}, "$.target.load"),
        ({**TARGETS[1], "load_unit": None}, "$.target.load_unit"),
        ({**TARGETS[3], "bodyweight": 3_000}, "$.target.bodyweight"),
        ({**TARGETS[5], "sets_per_week": 12.25}, "$.target.sets_per_week"),
    ],
)
def test_a_broken_rule_is_named(target: dict[str, Any], path: str) -> None:
    assert [fault.path for fault in goals.faults(a_goal(target), NOW)] == [path]


def test_a_goal_is_not_due_before_it_starts() -> None:
    early = a_goal(TARGETS[4], due_on="2026-10-31")
    assert [fault.path for fault in goals.faults(early, NOW)] == ["$.due_on"]
