"""Recorded results computed again: which, by which code, and what came of it."""

from collections.abc import AsyncIterator, Sequence

from loadstone import workbench
from loadstone.settings import Settings
from loadstone.threads import threads
from models.db import Direct
from models.domain.errors import NotFound
from models.queries import recorded
from workflows import build
from workflows.steps import verify
from workflows.steps.step import Step
from workflows.steps.verify import Verified

THREADS = 2


async def run(chosen: Settings, steps: Sequence[Step], *, sample: int, athlete: str | None) -> list[Verified]:
    """The verdicts on so many results, of everybody or of one athlete; raises NotFound where there is none."""
    lock_digest = build.this_build(chosen.git_revision).lock_digest

    async def reading(session: Direct) -> list[Verified]:
        one = None if athlete is None else (await workbench.chosen_athletes(session, (athlete,), 0))[0]
        results = await recorded.sample(session, sample, one)
        if not results:
            raise NotFound("No step has recorded a result yet.")
        with threads(THREADS) as pool:
            return await _all(verify.verify(session, results, steps, lock_digest=lock_digest, pool=pool))

    return await workbench.read(chosen.database, reading)


async def _all(found: AsyncIterator[Verified]) -> list[Verified]:
    return [one async for one in found]
