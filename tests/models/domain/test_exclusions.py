"""Exclusions say what is out, from when and until when."""

from typing import Any

import msgspec
import pytest

from models.domain import exclusions
from models.domain.exclusions import ExclusionDraft
from tests.factories import NOW
from tests.stated import EXCLUSION


def an_exclusion(**fields: Any) -> ExclusionDraft:
    return msgspec.convert({**EXCLUSION, **fields}, ExclusionDraft)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"until_on": "2026-10-31"}, "$.until_on"),
        ({"kind": "preference"}, "$.severity"),
        (dict.fromkeys(exclusions.EXCLUDED, ()), "$"),
        ({"exercise_ids": [100, 1000, 100]}, "$.exercise_ids[2]"),
        ({"joints": ["knee", "knee"]}, "$.joints[1]"),
    ],
)
def test_a_broken_rule_is_named(fields: dict[str, Any], path: str) -> None:
    assert [fault.path for fault in exclusions.faults(an_exclusion(**fields), NOW)] == [path]


def test_one_day_is_a_time_too() -> None:
    assert list(exclusions.faults(an_exclusion(until_on="2026-11-01"), NOW)) == []


@pytest.mark.parametrize("fields", [{"joints": ["soul"]}, {"exercise_ids": [0]}, {"from_on": None}, {"severity": 3}])
def test_what_cannot_be_excluded_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        an_exclusion(**fields)
