"""Places: their lists are bounded, and their loads make sense."""

from typing import Any

import msgspec
import pytest

from models.domain import equipment
from models.domain.equipment import PlaceDraft
from tests.factories import NOW

BAR = {"name": "Olympic", "mass": 20, "mass_unit": "kg"}
PLATES = {"mass": 20, "mass_unit": "kg", "pieces": 4}
RANGE = {"kind": "range", "lightest": 5, "heaviest": 50, "step": 5, "mass_unit": "kg"}
STACK = {"equipment": "cable", "lightest": 5, "heaviest": 80, "step": 5, "mass_unit": "kg"}


def a_place(**fields: Any) -> PlaceDraft:
    return msgspec.convert({"name": "Home", **fields}, PlaceDraft)


def test_a_name_is_enough() -> None:
    assert list(equipment.faults(a_place(), NOW)) == []


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"available": ["band", "barbell", "band"]}, "$.available[2]"),
        ({"bars": [BAR, BAR]}, "$.bars[1]"),
        ({"bars": [{**BAR, "mass": 4_000}]}, "$.bars[0].mass"),
        ({"plates": [PLATES, {**PLATES, "pieces": 2}]}, "$.plates[1]"),
        ({"plates": [{**PLATES, "mass": 4_000}]}, "$.plates[0].mass"),
        ({"dumbbells": [{**RANGE, "heaviest": 4}]}, "$.dumbbells[0].heaviest"),
        ({"dumbbells": [{**RANGE, "step": 0.01}]}, "$.dumbbells[0].step"),
        ({"dumbbells": [{"kind": "list", "masses": [5, 5], "mass_unit": "kg"}]}, "$.dumbbells[0].masses[1]"),
        ({"dumbbells": [{"kind": "list", "masses": [4_000], "mass_unit": "kg"}]}, "$.dumbbells[0].masses[0]"),
        ({"stacks": [{**STACK, "heaviest": 4_000, "step": 50}]}, "$.stacks[0].heaviest"),
    ],
)
def test_a_broken_rule_is_named(fields: dict[str, Any], path: str) -> None:
    assert [fault.path for fault in equipment.faults(a_place(**fields), NOW)] == [path]


IMPOSSIBLE: list[dict[str, Any]] = [
    {"bars": [BAR] * 51},
    {"plates": [{**PLATES, "pieces": 0}]},
    {"plates": [{**PLATES, "mass": 0}]},
    {"dumbbells": [{"kind": "list", "masses": [], "mass_unit": "kg"}]},
    {"dumbbells": [{**RANGE, "kind": "heap"}]},
    {"stacks": [{**STACK, "step": 0}]},
]


@pytest.mark.parametrize("fields", IMPOSSIBLE)
def test_what_no_place_has_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        a_place(**fields)
