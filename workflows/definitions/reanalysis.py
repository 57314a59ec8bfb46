"""The job `reanalysis/<run id>`: cuts the athletes into chunks, does those that are due, and leaves when none is.

A chunk that cannot be worked through is halved, so that at last only the athlete is left out who is to blame.
"""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from workflows import contracts
    from workflows.contracts import FailReanalysis, PopulationRun, ReanalyseChunk

ROUNDS_PER_HISTORY = 100


@workflow.defn(name="Reanalysis")
class Reanalysis:
    @workflow.run
    async def run(self, asked: PopulationRun) -> None:
        try:
            await contracts.cut_reanalysis(asked)
        except ActivityError as error:
            await _fail(asked, None, error)
            return
        for _ in range(ROUNDS_PER_HISTORY):
            due = await contracts.begin_chunks(asked)
            if not due.positions:
                return
            await asyncio.gather(*(_do(asked, position) for position in due.positions))
        workflow.continue_as_new(asked)


async def _do(asked: PopulationRun, position: int) -> None:
    try:
        await contracts.reanalyse_chunk(ReanalyseChunk(run_id=asked.run_id, position=position))
    except ActivityError as error:
        await _fail(asked, position, error)


async def _fail(asked: PopulationRun, position: int | None, error: ActivityError) -> None:
    if is_cancelled_exception(error):
        raise error
    problem = contracts.problem_of(error, "reanalysis")
    await contracts.fail_reanalysis(FailReanalysis(run_id=asked.run_id, position=position, problem=problem))
