"""A stage for durable work: real PostgreSQL, real Temporal, a real worker, and small steps that are easy to watch."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from analytics.frames import History
from models import db, ids, outbox
from models.domain.workouts import WorkoutDraft
from models.queries.visibility import VisibleAthlete
from models.services import pipelines
from models.services.workouts import record_workout
from tests.factories import a_workout, an_athlete
from workflows import worker
from workflows.activities import Workshop
from workflows.build import Build
from workflows.config import WorkerConfig
from workflows.steps.history import load_history
from workflows.steps.step import Function, Step

BUILD = Build(git_revision="test", lock_digest="test")
VERSIONS = {step.name: step.version for steps in pipelines.FIRST.values() for step in steps}
# Of these small steps each makes one document.
DOCUMENTS = {"recommend": "recommendations", "summarise": "summary"}


class Counted(Struct, frozen=True, kw_only=True):
    """A document that is easy to check: how many sets there are."""

    as_of: date
    sets: int


class NoParams(Struct, frozen=True, kw_only=True):
    """No choice."""


def counting(document: str) -> Function:
    """A pure function whose only document counts the sets."""

    def count(history: History, _: Any) -> dict[str, Struct]:
        return {document: Counted(as_of=history.as_of, sets=history.sets.height)}

    return count


def a_step(name: str, document: str, function: Function | None = None, **fields: Any) -> Step:
    chosen: dict[str, Any] = {"version": VERSIONS.get(name, 1), "params": NoParams(), "load": load_history, **fields}
    return Step(name=name, function=function or counting(document), documents=(document,), **chosen)


def steps(progress: Function | None = None, *more: Step) -> tuple[Step, ...]:
    """The pipelines' steps, each counting sets; `progress` replaces the function of the first."""
    first, *others = (step.name for step in pipelines.FIRST[pipelines.ANALYSIS])
    return (
        a_step(first, "progress", progress),
        *(a_step(name, DOCUMENTS.get(name, name)) for name in others),
        a_step("summarise", "summary", queue="llm", cached=True, pipeline="summary"),
        *more,
    )


class Stage:
    """What a test does and sees, beside the worker that it watches."""

    def __init__(self, config: WorkerConfig, database: AsyncEngine) -> None:
        self.config = config
        self.database = database

    @asynccontextmanager
    async def working(
        self, chosen: Sequence[Step] | None = None, config: WorkerConfig | None = None
    ) -> AsyncGenerator[None]:
        """A worker at work for the time of the block."""
        task = asyncio.create_task(worker.run(config or self.config, steps=steps() if chosen is None else chosen))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def workshop(self, chosen: Sequence[Step] | None = None) -> Workshop:
        """What activities need when they are called without Temporal."""
        return Workshop(
            database=self.database,
            steps=tuple(steps() if chosen is None else chosen),
            pool=ThreadPoolExecutor(1),
            build=BUILD,
            now=now,
            wake_relay=_nobody,
        )

    async def athlete(self, **fields: Any) -> VisibleAthlete:
        async with db.transaction(db.sessions(self.database)) as session:
            return await an_athlete(session, **fields)

    async def record(self, athlete: VisibleAthlete, draft: WorkoutDraft | None = None) -> int:
        """Record a workout as the API does, ring, and return its version."""
        async with db.direct(self.database, transaction=True) as session:
            recorded = await record_workout(
                session,
                draft or a_workout(started_at=now() - timedelta(hours=1)),
                athlete=athlete,
                workout_id=ids.new(),
                actor_id=athlete.athlete_id,
                now=now(),
            )
        async with db.direct(self.database, transaction=False) as session:
            await outbox.ring(session)
        return recorded.data_version

    async def fetch(self, statement: str, *arguments: Any) -> list[Any]:
        async with db.direct(self.database, transaction=False) as session:
            driver: Any = session.driver
            return await driver.fetch(statement, *arguments)

    async def execute(self, statement: str, *arguments: Any) -> None:
        async with db.direct(self.database, transaction=False) as session:
            driver: Any = session.driver
            await driver.execute(statement, *arguments)

    async def versions(self, athlete: VisibleAthlete) -> dict[str, int]:
        """The version that each stored document covers."""
        rows = await self.fetch(
            "SELECT name, data_version FROM step_documents WHERE athlete_id = $1", athlete.athlete_id
        )
        return {row["name"]: row["data_version"] for row in rows}

    async def runs(self, athlete: VisibleAthlete, kind: str = "analysis") -> list[Any]:
        """The athlete's runs, oldest first."""
        statement = "SELECT * FROM runs WHERE athlete_id = $1 AND kind = $2 ORDER BY created_at, id"
        return await self.fetch(statement, athlete.athlete_id, kind)

    async def clock(self, athlete: VisibleAthlete) -> Any:
        return (await self.fetch("SELECT * FROM athlete_clocks WHERE athlete_id = $1", athlete.athlete_id))[0]

    async def analysed(self, athlete: VisibleAthlete, version: int, *, within_s: float = 15) -> None:
        """Wait until that version of the athlete's data has been analysed."""

        async def done() -> bool:
            return (await self.clock(athlete))["analysed_version"] >= version

        await eventually(done, within_s=within_s)

    async def ended(self, athlete: VisibleAthlete, count: int, kind: str = "analysis", *, within_s: float = 15) -> None:
        """Wait until so many of the athlete's runs have ended."""

        async def done() -> bool:
            return sum(run["ended_at"] is not None for run in await self.runs(athlete, kind)) >= count

        await eventually(done, within_s=within_s)


async def eventually(condition: Callable[[], Any], *, within_s: float = 15) -> None:
    """Wait for an awaitable condition to hold; fail the test if it does not in time."""
    async with asyncio.timeout(within_s):
        while not await condition():
            await asyncio.sleep(0.02)


def now() -> datetime:
    return datetime.now(UTC)


def _nobody() -> None:
    """There is no relay to wake."""
