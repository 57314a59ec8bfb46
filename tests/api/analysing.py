"""Analysing an athlete as the worker does, without Temporal: every step of the analysis, recorded with its lineage."""

from uuid import UUID

from api.deps import Resources
from models import db
from models.db import Direct
from models.queries.visibility import VisibleAthlete, system
from models.services import pipelines, runs, step_runs
from models.services.runs import Begun
from models.services.step_runs import StepResult, StepStart
from tests.api.conftest import Athlete
from tests.factories import NOW
from workflows.steps import runner
from workflows.steps.athlete import athlete_v1
from workflows.steps.exercises import exercises_v1
from workflows.steps.muscles import muscles_v1
from workflows.steps.progress import progress_v3
from workflows.steps.recommend import recommend_v3
from workflows.steps.step import Step
from workflows.steps.summarise import summarise_v1

ANALYSIS = (progress_v3, exercises_v1, muscles_v1, athlete_v1, recommend_v3)


async def analysed(held: Resources, account: Athlete) -> dict[str, UUID]:
    """The run of the step that made each document."""
    athlete = system(account.id)
    async with db.direct(held.database, transaction=True) as session:
        begun = await runs.begin_analysis(session, athlete, now=NOW)
        assert begun is not None
        made = await _run(session, athlete, begun, ANALYSIS)
        await _finish(session, athlete, begun)
    return made


async def summarised(held: Resources, account: Athlete, period: str) -> UUID:
    """The run of the step that made the summary."""
    athlete = system(account.id)
    async with db.direct(held.database, transaction=True) as session:
        begun = await runs.begin_summary(session, athlete, period=period, now=NOW)
        assert begun is not None
        made = await _run(session, athlete, begun, (summarise_v1(None),))
        await _finish(session, athlete, begun)
    return made["summary"]


async def _run(session: Direct, athlete: VisibleAthlete, begun: Begun, steps: tuple[Step, ...]) -> dict[str, UUID]:
    made: dict[str, UUID] = {}
    for position, step in enumerate(steps):
        start = StepStart(
            run_id=begun.run_id,
            position=position,
            step=step.name,
            version=step.version,
            data_version=begun.data_version,
            as_of=begun.as_of,
            params=runner.params(step),
            git_revision="a-revision",
            lock_digest="a-digest",
        )
        step_run = await step_runs.begin_step(session, athlete, start, now=NOW)
        assert step_run is not None
        inputs, output = await runner.run(session, step, athlete, as_of=begun.as_of)
        result = StepResult(
            data_version=inputs.data_version,
            inputs=runner.lineage(inputs, fallback=False),
            output_digest=output.output_digest,
            digests=output.digests,
            documents=output.documents,
        )
        await step_runs.finish_step(session, athlete, result, run_id=begun.run_id, step_run_id=step_run.id, now=NOW)
        made |= dict.fromkeys(step.documents, step_run.id)
    return made


async def _finish(session: Direct, athlete: VisibleAthlete, begun: Begun) -> None:
    await runs.finish(
        session, athlete, run_id=begun.run_id, pipeline=pipelines.signature(begun.steps), now=NOW, problem=None
    )
