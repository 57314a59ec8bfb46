"""Steps and parameters as people write them."""

import pytest
from msgspec import structs

from models.domain.errors import Invalid, NotFound
from workflows.steps import STEPS, runner
from workflows.steps.choosing import choose, with_params

PROGRESS = STEPS[0]
NEXT = structs.replace(PROGRESS, version=PROGRESS.version + 1)


def test_without_a_version_the_newest_of_this_code_is_meant() -> None:
    assert choose((NEXT, PROGRESS), "progress") == NEXT
    assert choose((NEXT, PROGRESS), f"progress@{PROGRESS.version}") == PROGRESS


@pytest.mark.parametrize("text", ["progres", "progress@99", "@3", ""])
def test_what_is_not_there_is_refused_with_what_is(text: str) -> None:
    with pytest.raises(NotFound, match=f"it has progress@{PROGRESS.version}"):
        choose((PROGRESS,), text)


def test_parameters_become_numbers_and_the_others_stay() -> None:
    changed = with_params(PROGRESS, {"daily_days": "30"})
    assert runner.params(changed) == {**runner.params(PROGRESS), "daily_days": 30}


@pytest.mark.parametrize(("name", "value"), [("daily_days", "many"), ("days", "30")])
def test_a_wrong_parameter_is_named(name: str, value: str) -> None:
    with pytest.raises(Invalid, match=name):
        with_params(PROGRESS, {name: value})
