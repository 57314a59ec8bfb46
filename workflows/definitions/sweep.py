"""The scheduled jobs: repairing what was lost, and waking athletes whose day has rolled over."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows import contracts
    from workflows.contracts import Nothing, Woken


@workflow.defn(name="Sweep")
class Sweep:
    @workflow.run
    async def run(self) -> Woken:
        return await contracts.sweep(Nothing())


@workflow.defn(name="Midnight")
class Midnight:
    @workflow.run
    async def run(self) -> Woken:
        return await contracts.roll_days(Nothing())
