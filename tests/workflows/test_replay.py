"""Recorded histories replay: a definition whose commands changed without a patch is found here, not in production."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from tests.workflows import changed_definition
from tests.workflows.record_histories import HISTORIES
from workflows.codec import DATA_CONVERTER
from workflows.sandbox import RUNNER
from workflows.worker import DEFINITIONS

ALL = tuple(definition for definitions in DEFINITIONS.values() for definition in definitions)
FILES = sorted(HISTORIES.glob("*.json"))


def a_history(file: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(file.stem, file.read_text())


def a_replayer(*definitions: type) -> Replayer:
    return Replayer(workflows=definitions, data_converter=DATA_CONVERTER, workflow_runner=RUNNER)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_a_recorded_history_replays(file: Path) -> None:
    await a_replayer(*ALL).replay_workflow(a_history(file))


async def test_a_definition_changed_without_a_patch_fails_its_replay() -> None:
    with pytest.raises(NondeterminismError):
        await a_replayer(changed_definition.AthleteAnalysis).replay_workflow(
            a_history(HISTORIES / "athlete_analysis_two_rounds.json")
        )


def test_every_definition_has_a_history() -> None:
    recorded = {
        a_history(file).events[0].workflow_execution_started_event_attributes.workflow_type.name for file in FILES
    }
    assert recorded == {definition.__name__ for definition in ALL}


def test_histories_hold_nothing_of_the_machine_that_recorded_them() -> None:
    for file in FILES:
        assert "stackTrace" not in file.read_text()
        assert '"/' not in file.read_text()
