"""The job `import/<athlete>/<id>`: does what is due about one import, one thing after the other, then leaves.

A question to the athlete holds nothing open here: the answer is an event, which starts the job again.
"""

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from workflows import contracts
    from workflows.contracts import FailImport, ImportOf, ImportTask

ROUNDS_PER_HISTORY = 100


@workflow.defn(name="Import")
class Import:
    def __init__(self) -> None:
        self._changed = False

    @workflow.signal
    def changed(self) -> None:
        """Something was asked of the import; the tables know what."""
        self._changed = True

    @workflow.run
    async def run(self, imported: ImportOf) -> None:
        for _ in range(ROUNDS_PER_HISTORY):
            self._changed = False
            begun = await contracts.begin_import(imported)
            if begun.task is not None:
                await _do(begun.task)
            elif not self._changed:
                return
        workflow.continue_as_new(imported)


async def _do(task: ImportTask) -> None:
    try:
        await contracts.run_import(task)
    except ActivityError as error:
        if is_cancelled_exception(error):
            raise
        problem = contracts.problem_of(error, task.step)
        await contracts.fail_import(
            FailImport(athlete_id=task.athlete_id, import_id=task.import_id, run_id=task.run_id, problem=problem)
        )
