"""Each activity, declared once: what goes in, what comes out, how long it may take, how often it is tried, and where.

A definition awaits a contract as if it were a function: `await contracts.run_step(RunStep(...))`.
"""

from datetime import date, timedelta
from typing import Generic, Self, TypeVar, cast
from uuid import UUID

import msgspec
from msgspec import Struct, structs
from temporalio import workflow
from temporalio.common import Priority, RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

CORE, CPU, LLM, BULK = "core", "cpu", "llm", "bulk"
# Smaller goes first: what somebody waits for, what was recorded, what follows from it, files, what time brought about.
ASKED, RECORDED, AFTERWARDS, IMPORTED, ROLLED = 1, 2, 3, 4, 5
# Work on everybody goes last: the server knows no smaller priority, and on the queue `bulk` only files go before it.
REANALYSED = ROLLED

Input = TypeVar("Input", bound=Struct)
Output = TypeVar("Output", bound=Struct)


class Contract(Struct, Generic[Input, Output], frozen=True, kw_only=True):
    """An activity as its callers see it.

    What heals by itself, as a database that restarts, is tried again until it does (`attempts` 0: without limit), after
    pauses that double up to `longest_pause`. What cannot heal is never tried again. A `local` activity, a short write
    of the definition's own bookkeeping, runs in the workflow's worker and spares two round trips through the server.
    Without a `priority` it has that of its workflow.
    """

    name: str
    input: type[Input]
    output: type[Output]
    queue: str = CORE
    local: bool = False
    start_to_close: timedelta
    schedule_to_close: timedelta
    heartbeat: timedelta | None = None
    attempts: int = 0
    first_pause: timedelta = timedelta(milliseconds=100)
    longest_pause: timedelta = timedelta(seconds=10)
    priority: int | None = None

    async def __call__(self, argument: Input) -> Output:
        if self.local:
            done = await workflow.execute_local_activity(
                self.name,
                argument,
                result_type=self.output,
                start_to_close_timeout=self.start_to_close,
                schedule_to_close_timeout=self.schedule_to_close,
                retry_policy=self._retries(),
            )
        else:
            done = await workflow.execute_activity(
                self.name,
                argument,
                result_type=self.output,
                task_queue=self.queue,
                start_to_close_timeout=self.start_to_close,
                schedule_to_close_timeout=self.schedule_to_close,
                heartbeat_timeout=self.heartbeat,
                retry_policy=self._retries(),
                priority=self._priority(argument),
            )
        return cast(Output, done)

    def on(self, queue: str) -> Self:
        """The same activity on another queue."""
        return structs.replace(self, queue=queue)

    def _priority(self, argument: Input) -> Priority:
        """Beside the contract's own priority fairness: one athlete's many files do not keep another's waiting."""
        if self.priority is None:
            return Priority.default
        whose = getattr(argument, "athlete_id", None) or getattr(argument, "run_id", "")
        return Priority(priority_key=self.priority, fairness_key=str(whose))

    def _retries(self) -> RetryPolicy:
        return RetryPolicy(
            initial_interval=self.first_pause,
            backoff_coefficient=2,
            maximum_interval=self.longest_pause,
            maximum_attempts=self.attempts,
        )


class Athlete(Struct, frozen=True, kw_only=True):
    """Input of the entity `athlete/<id>`."""

    athlete_id: UUID


class SummaryOf(Struct, frozen=True, kw_only=True):
    """Input of the job `summary/<id>/<period>`."""

    athlete_id: UUID
    period: str


class Problem(Struct, frozen=True, kw_only=True):
    """Why a run failed, in words that its athlete may read."""

    type: str
    title: str
    detail: str
    step: str | None = None


class NextStep(Struct, frozen=True, kw_only=True):
    """A step that follows another one in the same activity, on the same inputs."""

    step: str
    version: int
    position: int


class PlannedStep(Struct, frozen=True, kw_only=True):
    """One step of a run: data, so another step or version needs no change of a definition.

    `then` are the steps that read the same: loaded once, computed and saved one after the other.
    """

    name: str
    version: int
    queue: str
    position: int = 0
    then: tuple[NextStep, ...] = ()


class Plan(Struct, frozen=True, kw_only=True):
    """A run that has begun; `pipeline` names its steps and versions as one string."""

    athlete_id: UUID
    run_id: UUID
    data_version: int
    as_of: date
    pipeline: str
    steps: tuple[PlannedStep, ...]


class Begun(Struct, frozen=True, kw_only=True):
    """`plan` is None when nothing is due."""

    plan: Plan | None


class RunStep(Struct, frozen=True, kw_only=True):
    """One step of a run, to be loaded, computed and saved; `then` others on the same inputs."""

    athlete_id: UUID
    run_id: UUID
    position: int
    step: str
    version: int
    data_version: int
    as_of: date
    then: tuple[NextStep, ...] = ()


class StepRan(Struct, frozen=True, kw_only=True):
    """`goes_on` is false when the run has ended meanwhile: superseded or cancelled."""

    goes_on: bool
    output_digest: str | None = None


class FinishRun(Struct, frozen=True, kw_only=True):
    """The end of a run, and why it failed if it did."""

    athlete_id: UUID
    run_id: UUID
    pipeline: str
    problem: Problem | None


class ImportOf(Struct, frozen=True, kw_only=True):
    """Input of the job `import/<athlete>/<id>`."""

    athlete_id: UUID
    import_id: UUID


class ImportTask(Struct, frozen=True, kw_only=True):
    """One step of one run on an import."""

    athlete_id: UUID
    import_id: UUID
    run_id: UUID
    step: str


class ImportBegun(Struct, frozen=True, kw_only=True):
    """`task` is None when nothing is due."""

    task: ImportTask | None


class FailImport(Struct, frozen=True, kw_only=True):
    """The bad end of a run on an import."""

    athlete_id: UUID
    import_id: UUID
    run_id: UUID
    problem: Problem


class PopulationRun(Struct, frozen=True, kw_only=True):
    """Input of the job `reanalysis/<run id>`."""

    run_id: UUID


class ChunksDue(Struct, frozen=True, kw_only=True):
    """The chunks to do next, by position; none when the reanalysis has ended."""

    positions: tuple[int, ...]


class ReanalyseChunk(Struct, frozen=True, kw_only=True):
    """One chunk of a reanalysis."""

    run_id: UUID
    position: int


class FailReanalysis(Struct, frozen=True, kw_only=True):
    """A chunk that cannot be worked through, or without a position a reanalysis that cannot be begun."""

    run_id: UUID
    position: int | None
    problem: Problem


class Nothing(Struct, frozen=True, kw_only=True):
    """No input, or nothing to tell."""


class Woken(Struct, frozen=True, kw_only=True):
    """How many athletes were woken, and how many runs were found without their workflow."""

    athletes: int
    orphans: int = 0


begin_analysis = Contract(
    name="begin_analysis",
    input=Athlete,
    output=Begun,
    local=True,
    start_to_close=timedelta(seconds=10),
    schedule_to_close=timedelta(hours=6),
)
begin_summary = Contract(
    name="begin_summary",
    input=SummaryOf,
    output=Begun,
    local=True,
    start_to_close=timedelta(seconds=10),
    schedule_to_close=timedelta(hours=6),
)
run_step = Contract(
    name="run_step",
    input=RunStep,
    output=StepRan,
    queue=CPU,
    start_to_close=timedelta(minutes=5),
    schedule_to_close=timedelta(hours=6),
    heartbeat=timedelta(seconds=5),
)
finish_run = Contract(
    name="finish_run",
    input=FinishRun,
    output=Nothing,
    local=True,
    start_to_close=timedelta(seconds=10),
    schedule_to_close=timedelta(hours=6),
)
begin_import = Contract(
    name="begin_import",
    input=ImportOf,
    output=ImportBegun,
    local=True,
    start_to_close=timedelta(seconds=10),
    schedule_to_close=timedelta(hours=6),
)
run_import = Contract(
    name="run_import",
    input=ImportTask,
    output=Nothing,
    queue=BULK,
    start_to_close=timedelta(minutes=45),
    schedule_to_close=timedelta(hours=24),
    heartbeat=timedelta(seconds=10),
    first_pause=timedelta(seconds=1),
    longest_pause=timedelta(seconds=30),
    priority=IMPORTED,
)
fail_import = Contract(
    name="fail_import",
    input=FailImport,
    output=Nothing,
    local=True,
    start_to_close=timedelta(seconds=10),
    schedule_to_close=timedelta(hours=6),
)
cut_reanalysis = Contract(
    name="cut_reanalysis",
    input=PopulationRun,
    output=Nothing,
    start_to_close=timedelta(hours=1),
    schedule_to_close=timedelta(days=1),
    heartbeat=timedelta(seconds=10),
    first_pause=timedelta(seconds=1),
    longest_pause=timedelta(seconds=30),
    priority=REANALYSED,
)
begin_chunks = Contract(
    name="begin_chunks",
    input=PopulationRun,
    output=ChunksDue,
    local=True,
    start_to_close=timedelta(seconds=10),
    schedule_to_close=timedelta(hours=6),
)
reanalyse_chunk = Contract(
    name="reanalyse_chunk",
    input=ReanalyseChunk,
    output=Nothing,
    queue=BULK,
    start_to_close=timedelta(minutes=45),
    schedule_to_close=timedelta(days=7),
    heartbeat=timedelta(seconds=5),
    first_pause=timedelta(seconds=1),
    longest_pause=timedelta(seconds=30),
    priority=REANALYSED,
)
fail_reanalysis = Contract(
    name="fail_reanalysis",
    input=FailReanalysis,
    output=Nothing,
    start_to_close=timedelta(seconds=10),
    schedule_to_close=timedelta(hours=6),
    priority=REANALYSED,
)
sweep = Contract(
    name="sweep",
    input=Nothing,
    output=Woken,
    start_to_close=timedelta(minutes=1),
    schedule_to_close=timedelta(minutes=2),
)
roll_days = Contract(
    name="roll_days",
    input=Nothing,
    output=Woken,
    start_to_close=timedelta(minutes=55),
    schedule_to_close=timedelta(minutes=55),
    heartbeat=timedelta(seconds=10),
)

CONTRACTS = (
    *(begin_analysis, begin_summary, run_step, finish_run),
    *(begin_import, run_import, fail_import),
    *(cut_reanalysis, begin_chunks, reanalyse_chunk, fail_reanalysis),
    *(sweep, roll_days),
)


def problem_of(error: ActivityError, step: str) -> Problem:
    """What to tell about a step that has failed for good."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.details:
        return msgspec.convert(cause.details[0], Problem)
    detail = "It did not end within its time." if cause is None else str(cause)
    return Problem(type="step-failed", title="A step could not be completed", detail=detail, step=step)
