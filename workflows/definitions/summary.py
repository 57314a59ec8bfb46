"""The job `summary/<id>/<period>`: puts the period into words, on a queue of its own: metrics never wait for it."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows import contracts
    from workflows.contracts import SummaryOf
    from workflows.definitions.pipeline import run_pipeline

ROUNDS_PER_HISTORY = 100
# After a summary, what changes is gathered for so long: an athlete who logs set by set gets one text, not twenty.
GATHERING = timedelta(seconds=10)


@workflow.defn(name="Summary")
class Summary:
    def __init__(self) -> None:
        self._requested = True

    @workflow.signal
    def requested(self) -> None:
        """Somebody wants the summary, or what it is made from has changed; the tables know which."""
        self._requested = True

    @workflow.run
    async def run(self, summary: SummaryOf) -> None:
        for _ in range(ROUNDS_PER_HISTORY):
            if not self._requested:
                return
            self._requested = False
            begun = await contracts.begin_summary(summary)
            if begun.plan is not None:
                await run_pipeline(begun.plan)
                await workflow.sleep(GATHERING)
        workflow.continue_as_new(summary)
