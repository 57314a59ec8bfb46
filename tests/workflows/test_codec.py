"""Payloads: every contract's structs come back as they went, and what cannot be decoded fails loudly."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec import Struct
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import ApplicationError

from models import ids
from tests.workflows.stage import Stage
from workflows import client, codec, contracts
from workflows.codec import DATA_CONVERTER
from workflows.contracts import (
    CONTRACTS,
    Athlete,
    Begun,
    ChunksDue,
    FailImport,
    FailReanalysis,
    FinishRun,
    ImportBegun,
    ImportOf,
    ImportTask,
    Nothing,
    Plan,
    PlannedStep,
    PopulationRun,
    Problem,
    ReanalyseChunk,
    RunStep,
    StepRan,
    SummaryOf,
    Woken,
)

ID = UUID("01a20530-179d-77a2-9f70-8d9bb6784e56")
DAY = date(2026, 11, 20)
STEP = PlannedStep(name="progress", version=1, queue="cpu")
PLAN = Plan(athlete_id=ID, run_id=ID, data_version=7, as_of=DAY, pipeline="progress@1", steps=(STEP,))
PROBLEM = Problem(type="step-failed", title="A title", detail="Ünïcode \u2028", step="progress")
PAYLOADS: tuple[Struct, ...] = (
    Athlete(athlete_id=ID),
    SummaryOf(athlete_id=ID, period="2026-W47"),
    Begun(plan=PLAN),
    Begun(plan=None),
    RunStep(athlete_id=ID, run_id=ID, position=0, step="progress", version=1, data_version=7, as_of=DAY),
    StepRan(goes_on=True, output_digest="ab"),
    StepRan(goes_on=False),
    FinishRun(athlete_id=ID, run_id=ID, pipeline="progress@1", problem=PROBLEM),
    FinishRun(athlete_id=ID, run_id=ID, pipeline="progress@1", problem=None),
    Nothing(),
    Woken(athletes=3, orphans=1),
    ImportOf(athlete_id=ID, import_id=ID),
    ImportTask(athlete_id=ID, import_id=ID, run_id=ID, step="read"),
    ImportBegun(task=ImportTask(athlete_id=ID, import_id=ID, run_id=ID, step="publish")),
    ImportBegun(task=None),
    FailImport(athlete_id=ID, import_id=ID, run_id=ID, problem=PROBLEM),
    PopulationRun(run_id=ID),
    ChunksDue(positions=(0, 7)),
    ReanalyseChunk(run_id=ID, position=7),
    FailReanalysis(run_id=ID, position=7, problem=PROBLEM),
    FailReanalysis(run_id=ID, position=None, problem=PROBLEM),
)


@pytest.mark.parametrize("value", PAYLOADS, ids=lambda value: type(value).__name__)
async def test_a_payload_comes_back_as_it_went(value: Struct) -> None:
    [payload] = await DATA_CONVERTER.encode([value])
    assert payload.metadata["encoding"] == b"json/plain"
    assert await DATA_CONVERTER.decode([payload], [type(value)]) == [value]


def test_every_struct_of_a_contract_is_tried_above() -> None:
    declared = {kind for contract in CONTRACTS for kind in (contract.input, contract.output)}
    assert declared == {type(value) for value in PAYLOADS} & declared


def test_every_contract_of_the_module_is_listed() -> None:
    values: list[Any] = list(vars(contracts).values())
    found: list[Any] = [value for value in values if type(value) is contracts.Contract]
    assert tuple(found) == CONTRACTS
    assert len({contract.name for contract in CONTRACTS}) == len(CONTRACTS)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b'{"athlete_id": "nobody"}', b"\xff"])
def test_what_cannot_be_decoded_is_a_final_failure(data: bytes) -> None:
    payload = Payload(metadata={"encoding": b"json/plain"}, data=data)
    with pytest.raises(ApplicationError, match="Not a Athlete") as caught:
        codec.decode(payload, Athlete)
    assert caught.value.non_retryable


async def test_a_workflow_started_with_undecodable_input_fails_at_once(stage: Stage) -> None:
    temporal = await client.connect(stage.config)
    async with stage.working():
        await _fails_with_undecodable(temporal, "AthleteAnalysis", {"athlete": "unknown"})


def test_an_unknown_field_is_left_out_so_that_versions_can_mix() -> None:
    payload = Payload(metadata={}, data=msgspec.json.encode({"athlete_id": str(ID), "later": 1}))
    assert codec.decode(payload, Athlete) == Athlete(athlete_id=ID)


async def _fails_with_undecodable(temporal: Client, workflow: str, argument: Any) -> None:
    name = f"undecodable/{ids.new()}"
    handle: Any = await temporal.start_workflow(workflow, argument, id=name, task_queue=contracts.CORE)
    async with asyncio.timeout(10):
        with pytest.raises(WorkflowFailureError) as caught:
            await handle.result()
    assert "Not a Athlete" in str(caught.value.cause)
