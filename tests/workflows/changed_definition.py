"""The entity, changed without a patch: it looks for work twice. Its replay must fail."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows import contracts
    from workflows.contracts import Athlete
    from workflows.definitions.pipeline import run_pipeline


@workflow.defn(name="AthleteAnalysis")
class AthleteAnalysis:
    @workflow.signal
    def changed(self) -> None:
        """Ignored."""

    @workflow.run
    async def run(self, athlete: Athlete) -> None:
        await contracts.begin_analysis(athlete)
        begun = await contracts.begin_analysis(athlete)
        if begun.plan is not None:
            await run_pipeline(begun.plan)
