"""Which version of a step is active is read from the pipelines, and the others lie around it."""

from collections.abc import Mapping

import pytest
from msgspec import structs

from workflows.steps import STEPS
from workflows.steps.states import State, listed, running

PROGRESS = STEPS[0]
VERSIONS = tuple(structs.replace(PROGRESS, version=version) for version in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("active", "expected"),
    [
        ({"analysis": {"progress": 3}}, {1: "retired", 2: "previous", 3: "active", 4: "candidate"}),
        ({"analysis": {"progress": 1}}, {1: "active", 2: "candidate", 3: "candidate", 4: "candidate"}),
        ({"analysis": {}}, dict.fromkeys((1, 2, 3, 4), "candidate")),
        (None, dict.fromkeys((1, 2, 3, 4))),
    ],
)
def test_each_version_has_its_state(
    active: Mapping[str, Mapping[str, int]] | None, expected: Mapping[int, str | None]
) -> None:
    assert {step.version: step.state for step in listed(VERSIONS, active)} == expected


def test_what_a_pipeline_runs_and_this_code_lacks_is_listed_as_missing() -> None:
    [*_, last] = listed(VERSIONS, {"analysis": {"progress": 9}})
    assert (last.name, last.version, last.state) == ("progress", 9, State.MISSING)


def test_the_active_versions_run_and_where_that_is_unknown_the_newest() -> None:
    assert [step.version for step in running(VERSIONS, {"analysis": {"progress": 2}})] == [2]
    assert [step.version for step in running(VERSIONS, None)] == [4]


def test_a_version_without_code_leaves_the_others_their_states() -> None:
    found = {step.version: step.state for step in listed(VERSIONS, {"analysis": {"progress": 9}})}
    assert found == {1: "retired", 2: "retired", 3: "retired", 4: "previous", 9: "missing"}
