"""Explaining a recorded number: few at once, in threads, with what computes loaded when somebody first asks."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncEngine

from analytics.explain.errors import CannotExplain, NotTheSame
from api.problems import Unavailable
from models import db
from models.domain.errors import Conflict, Fault, Invalid
from models.domain.explanations import ExplainedStepRun, Explanation
from models.queries.history import StoredHistory, stored_history
from models.queries.history_at import history_at
from models.queries.visibility import VisibleAthlete

if TYPE_CHECKING:
    from analytics.explain.explained import Explained

# Called when somebody first asks: what computes is not loaded before.
Steps = Callable[[], "Sequence[Explained]"]
AT_ONCE = 1
WAITING = 4


class Explainer:
    """Each explanation takes a core for a while: a flood of them must not starve the rest."""

    def __init__(self, database: AsyncEngine, steps: Steps | None = None) -> None:
        self._database, self._steps = database, steps or _known_to_analytics
        self._room = asyncio.Semaphore(AT_ONCE)
        self._asking = 0

    async def explain(self, athlete: VisibleAthlete, run: ExplainedStepRun, of: str) -> Explanation:
        """The workouts that decided a number of a run of a step; raises Invalid or Conflict where it cannot tell."""
        _has_numbers(run)
        if self._asking >= AT_ONCE + WAITING:
            raise Unavailable("Too many numbers are being explained. Try again shortly.")
        self._asking += 1
        try:
            async with self._room:
                history = await self._history(athlete, run.data_version)
                return await asyncio.to_thread(_explanation, run, history, of, self._steps)
        except CannotExplain as error:
            raise Invalid([Fault(path="query.of", message=str(error))]) from error
        except NotTheSame as error:
            raise Conflict(str(error)) from error
        finally:
            self._asking -= 1

    async def _history(self, athlete: VisibleAthlete, data_version: int) -> StoredHistory:
        async with db.direct(self._database, transaction=True) as session:
            now = await stored_history(session, athlete)
            return now if now.data_version == data_version else await history_at(session, athlete, data_version)


def _has_numbers(run: ExplainedStepRun) -> None:
    if run.read:
        where = ", ".join(f"{read.name} (step run {read.step_run_id or 'not on record'})" for read in run.read)
        raise Conflict(f"{run.step} read no history, it repeats what documents say. Explain the number there: {where}.")
    if run.status != "succeeded":
        raise Conflict(f"This run of {run.step} made no numbers: it is {run.status}.")


def _explanation(run: ExplainedStepRun, history: StoredHistory, of: str, steps: Steps) -> Explanation:
    from analytics.explain import recomputed  # noqa: PLC0415 (polars stays out of the API's start and memory)

    digests: Mapping[str, Any] = (run.inputs or {}).get("digests", {})
    result = recomputed.Result(
        step=run.step,
        version=run.version,
        params=run.params,
        as_of=run.as_of,
        history_digest=digests.get("history"),
        documents=run.documents or {},
        git_revision=run.git_revision,
    )
    return recomputed.explanation(result, history, of, steps())


def _known_to_analytics() -> "Sequence[Explained]":
    from analytics.explain.explained import EXPLAINED  # noqa: PLC0415 (as above)

    return EXPLAINED
