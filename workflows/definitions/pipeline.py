"""Running the steps of a plan in order, whatever they are."""

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from workflows import contracts
    from workflows.contracts import FinishRun, Plan, PlannedStep, RunStep, StepRan


async def run_pipeline(plan: Plan) -> None:
    """Run each step up to the first that fails, or until the run has ended otherwise; then finish the run."""
    problem = None
    for step in plan.steps:
        try:
            ran = await _run(plan, step)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            problem = contracts.problem_of(error, step.name)
            break
        if not ran.goes_on:
            break
    await contracts.finish_run(
        FinishRun(athlete_id=plan.athlete_id, run_id=plan.run_id, pipeline=plan.pipeline, problem=problem)
    )


async def _run(plan: Plan, step: PlannedStep) -> StepRan:
    return await contracts.run_step.on(step.queue)(
        RunStep(
            athlete_id=plan.athlete_id,
            run_id=plan.run_id,
            position=step.position,
            step=step.name,
            version=step.version,
            data_version=plan.data_version,
            as_of=plan.as_of,
            then=step.then,
        )
    )
