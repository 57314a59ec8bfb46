"""The entity `athlete/<id>`: analyses at once, gathers signals meanwhile, and leaves when nothing is due."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows import contracts
    from workflows.contracts import Athlete
    from workflows.definitions.pipeline import run_pipeline

ROUNDS_PER_HISTORY = 100


@workflow.defn(name="AthleteAnalysis")
class AthleteAnalysis:
    def __init__(self) -> None:
        self._changed = True

    @workflow.signal
    def changed(self) -> None:
        """Something about the athlete is new; the tables know what."""
        self._changed = True

    @workflow.run
    async def run(self, athlete: Athlete) -> None:
        for _ in range(ROUNDS_PER_HISTORY):
            if not self._changed:
                return
            self._changed = False
            begun = await contracts.begin_analysis(athlete)
            if begun.plan is not None:
                await run_pipeline(begun.plan)
        workflow.continue_as_new(athlete)
