"""The steps: complete, reproducible, run anywhere, and their oddities turned into plain failures."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import pytest
from msgspec import Struct
from temporalio.testing import ActivityEnvironment

from analytics.frames import empty_history
from analytics.narrative import narrator, verifier
from analytics.narrative.writing import WriterConfig, WriterUnavailable
from models import db
from models.domain.errors import StepFailed
from models.domain.insights import SummaryDocument
from models.services import pipelines
from tests.factories import a_set, a_workout
from tests.workflows.stage import Counted, Stage, a_step, counting, now
from tests.workflows.test_activities import a_task
from workflows import activities
from workflows.contracts import Athlete
from workflows.steps import STEPS, runner, steps_for
from workflows.steps.step import Inputs

DAY = date(2026, 11, 20)
INPUTS = Inputs(value=empty_history(DAY), data_version=1, digests={})


def test_every_step_of_a_new_database_is_there() -> None:
    wanted = {(step.name, step.version) for steps in pipelines.FIRST.values() for step in steps}
    assert {(step.name, step.version) for step in STEPS} == wanted
    assert len(STEPS) == len(wanted)


def test_no_two_steps_write_the_same_document() -> None:
    documents = [document for step in STEPS for document in step.documents]
    assert sorted(documents) == sorted(set(documents))


def test_the_writer_configured_writes_and_the_narrator_stands_in() -> None:
    config = WriterConfig(base_url="http://127.0.0.1:1/v1", api_key="unused", model="a-model")
    [summarise] = [step for step in steps_for(config) if step.name == "summarise"]
    assert summarise.fallback is not None
    assert steps_for(None) == STEPS


async def test_steps_run_without_temporal_and_write_nothing(stage: Stage) -> None:
    athlete = await stage.athlete()
    await stage.record(athlete, a_workout(sets=(a_set(), a_set(reps=3, load=110))))
    async with db.direct(stage.database, transaction=True) as session:
        for step in STEPS[:2]:
            inputs, output = await runner.run(session, step, athlete, as_of=now().date())
            _, again = await runner.run(session, step, athlete, as_of=now().date())
            assert inputs.data_version == 1
            assert set(output.documents) == set(step.documents)
            assert output == again
    assert await stage.versions(athlete) == {}
    await stage.execute("DELETE FROM outbox")


async def test_the_real_pipelines_reach_every_document(stage: Stage) -> None:
    athlete = await stage.athlete()
    async with stage.working(STEPS):
        version = await stage.record(athlete, a_workout(sets=(a_set(), a_set(reps=3, load=110))))
        await stage.ended(athlete, 1)
        await stage.ended(athlete, 1, "summary")
    names = {document for step in STEPS for document in step.documents}
    assert await stage.versions(athlete) == dict.fromkeys(names, version)
    [row] = await stage.fetch(
        "SELECT body FROM step_documents WHERE athlete_id = $1 AND name = 'summary'", athlete.athlete_id
    )
    summary = msgspec.json.decode(row["body"], type=SummaryDocument)
    assert (summary.author, summary.verified) == ("narrator", True)
    [lineage] = await stage.fetch(
        "SELECT inputs::text FROM step_runs WHERE athlete_id = $1 AND step = 'summarise'", athlete.athlete_id
    )
    digests = msgspec.json.decode(lineage["inputs"])["digests"]
    assert sorted(digests["documents"]) == ["e1rm", "progress", "recommendations", "records"]
    assert (digests["author"], digests["narrator"], digests["verifier"]) == (
        "narrator",
        narrator.VERSION,
        verifier.VERSION,
    )


def test_a_panic_is_a_plain_failure() -> None:
    class Panic(BaseException):
        """As polars raises it."""

    def panic(*_: Any) -> Any:
        raise Panic

    with pytest.raises(StepFailed, match="panicked"):
        runner.compute(a_step("progress", "progress", panic), INPUTS)


def test_a_step_that_makes_other_documents_than_it_declares_fails() -> None:
    with pytest.raises(StepFailed, match="made"):
        runner.compute(a_step("progress", "progress", counting("else")), INPUTS)


@pytest.mark.parametrize("none", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_none_fails_and_is_named(none: float) -> None:
    class Ratios(Struct):
        """Of which JSON would make null."""

        ratios: dict[str, tuple[float | None, ...]]

    def divide(*_: Any) -> Any:
        return {"progress": Ratios({"week": (0.5, None, none)})}

    with pytest.raises(StepFailed, match=r"\$\.ratios\.week\[2\] in progress"):
        runner.compute(a_step("progress", "progress", divide), INPUTS)


def test_a_function_that_waits_for_somebody_is_awaited() -> None:
    async def slow(*_: Any) -> Mapping[str, Struct]:
        return {"progress": Counted(as_of=DAY, sets=0)}

    assert runner.compute(a_step("progress", "progress", slow), INPUTS).documents.keys() == {"progress"}


def test_a_step_that_this_code_does_not_have_is_named() -> None:
    with pytest.raises(StepFailed, match="no step progress@7"):
        runner.find(STEPS, "progress", 7)


async def test_when_the_writer_stays_away_the_fallback_writes(stage: Stage) -> None:
    async def away(*_: Any) -> Any:
        raise WriterUnavailable("The writer could not be reached in time.")

    athlete = await stage.athlete()
    await stage.record(athlete)
    await stage.execute("DELETE FROM outbox")
    patient = a_step("progress", "summary", away, cached=True, fallback=counting("summary"))
    workshop = stage.workshop((patient,))
    begun = await activities.begin_analysis(workshop, Athlete(athlete_id=athlete.athlete_id))
    assert begun.plan is not None
    for _ in range(activities.PATIENT_ATTEMPTS):
        with pytest.raises(WriterUnavailable):
            await ActivityEnvironment().run(activities.run_step, workshop, a_task(begun.plan))
    await ActivityEnvironment().run(activities.run_step, workshop, a_task(begun.plan))
    [row] = await stage.fetch("SELECT inputs::text FROM step_runs WHERE athlete_id = $1", athlete.athlete_id)
    assert msgspec.json.decode(row["inputs"])["fallback"] is True
    async with db.direct(stage.database, transaction=True) as session:
        inputs = await patient.load(session, athlete, begun.plan.as_of)
        assert await runner.cached(session, patient, athlete, inputs) is None
