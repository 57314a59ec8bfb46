"""What the API explains: the worker's own steps."""

import subprocess
import sys

from analytics.explain.explained import EXPLAINED
from loadstone.explained import explained
from workflows.steps import STEPS
from workflows.steps.summarise import summarise_v1


def test_every_step_but_the_summary_is_explained_by_its_own_function() -> None:
    known = {(step.name, step.version): (step.function, step.params) for step in explained()}
    steps = [step for step in STEPS if step.name != summarise_v1(None).name]
    assert known == {(step.name, step.version): (step.function, type(step.params)) for step in steps}
    assert set(map(id, EXPLAINED)) <= set(map(id, explained()))


def test_the_api_starts_without_what_computes() -> None:
    code = "import sys; import loadstone.cli.api; print(sorted({'polars', 'sklearn', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"[]\n"
