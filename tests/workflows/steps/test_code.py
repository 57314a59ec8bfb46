"""The digest of a step's code: another one for other code or parameters, the same one for the same."""

import importlib.util
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from analytics.progress import ProgressParams
from tests.workflows.stage import a_step
from workflows.steps import STEPS, code
from workflows.steps.code import code_digest
from workflows.steps.progress import progress_v3
from workflows.steps.step import Step

MODULE = '"""A step."""\n\n\ndef compute(training, params):\n    return {}\n'


@pytest.fixture
def step(tmp_path: Path) -> Iterator[Step]:
    """A step whose function is in a file of its own."""
    file = tmp_path / "a_step_under_work.py"
    file.write_text(MODULE)
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    yield a_step("progress", "progress", module.compute)
    del sys.modules[file.stem]


@pytest.mark.parametrize("each", STEPS, ids=lambda step: f"{step.name}@{step.version}")
def test_it_is_the_same_every_time(each: Step) -> None:
    assert code_digest(each) == code_digest(each)


def test_no_two_steps_have_the_same() -> None:
    assert len({code_digest(step) for step in STEPS}) == len(STEPS)


def test_what_is_bound_to_a_function_is_part_of_it(step: Step) -> None:
    plain: Any = step.function
    bound = [structs.replace(step, function=partial(plain, weeks=weeks)) for weeks in (2, 5, 2)]
    first, second, third = map(code_digest, bound)
    assert first == third
    assert len({first, second, code_digest(step)}) == 3


def test_other_parameters_are_other_code() -> None:
    other = structs.replace(progress_v3, params=ProgressParams(daily_days=7))
    assert code_digest(other) != code_digest(progress_v3)


def test_an_edited_function_is_other_code(step: Step, tmp_path: Path) -> None:
    before = code_digest(step)
    (tmp_path / "a_step_under_work.py").write_text(MODULE.replace("{}", "{'progress': None}"))
    assert code_digest(step) != before


def test_it_reaches_all_that_decides_the_numbers_and_nothing_else() -> None:
    reached = set(code.sources(progress_v3))
    assert {
        "analytics.progress",
        "analytics.metrics.atoms",
        "analytics.metrics.e1rm",
        "models.domain.insights",
        "workflows.steps.training",
        "models.queries.history",
    } <= reached
    strange = ("analytics.recommend", "models.db", "models.services", "sqlalchemy", "workflows.steps.recommend")
    assert not [name for name in reached if name.startswith(strange)]


def test_an_estimator_is_part_of_it() -> None:
    [recommend] = [step for step in STEPS if step.name == "recommend"]
    other = structs.replace(recommend, also_decided_by=lambda: {"estimator": {"name": "another"}})
    assert code_digest(other) != code_digest(recommend)
