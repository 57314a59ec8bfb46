"""The workbench in a notebook: any step on one real athlete, on a sample or on a snapshot, writing nothing.

from loadstone.workbench import Workbench
bench = Workbench()
bench.run("progress", athlete="...").frames["progress.weekly"]
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import wait
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from loadstone import settings
from loadstone.errors import Trouble
from loadstone.settings import Settings
from loadstone.threads import threads
from models import db
from models.db import DatabaseConfig, Direct, Session
from models.domain.errors import NotFound
from models.queries import samples
from models.queries.accounts import find_login
from models.queries.visibility import VisibleAthlete, system
from workflows.steps import STEPS, Step, snapshot, workbench
from workflows.steps.choosing import choose, with_params
from workflows.steps.snapshot import Manifest
from workflows.steps.workbench import Result

T = TypeVar("T")
# A developer's database may be slow, and a sample large.
PATIENCE_S = 600.0
LOOK_S = 0.2


class Workbench:
    """Runs the steps of this working tree. Works beside a running event loop, as notebooks have one."""

    def __init__(
        self,
        *,
        snapshot: Path | str | None = None,
        chosen: Settings | None = None,
        steps: Sequence[Step] = STEPS,
    ) -> None:
        """On a snapshot's folder, or else on the database that the environment names or `loadstone up` runs."""
        self.snapshot = None if snapshot is None else Path(snapshot)
        self._settings = chosen
        self._steps = steps

    def run(
        self,
        step: str,
        *,
        athlete: UUID | str | None = None,
        sample: int | None = None,
        as_of: date | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Result:
        """Run `name`, the newest version here, or `name@version`.

        On the database `athlete` is an id or an e-mail address, `sample` a number of athletes; on a snapshot a
        pseudonym, or how many of the first ones: all of them where neither is given.
        """
        chosen = with_params(choose(self._steps, step), params or {})
        if self.snapshot is not None:
            return _aside(lambda: self._run_on_snapshot(chosen, athlete, sample, as_of))
        if (athlete is None) == (sample is None):
            raise Trouble("Say which athlete, or a sample of how many.")
        return _aside(lambda: self._run(chosen, athlete, sample, as_of))

    def write_snapshot(
        self, target: Path | str, *, athletes: Sequence[UUID | str] = (), sample: int = 0, as_of: date | None = None
    ) -> Manifest:
        """Write pseudonymous histories of these athletes and of a sample into a new folder."""
        if not athletes and not sample:
            raise Trouble("Say which athletes, or a sample of how many.")
        return _aside(lambda: self._write_snapshot(Path(target), athletes, sample, as_of))

    def athletes(self, count: int) -> list[UUID]:
        """The ids of a sample: the same ones every time."""
        return _aside(lambda: [found.athlete_id for found in self._read(lambda open_: samples.sample(open_, count))])

    def _run(self, step: Step, athlete: UUID | str | None, sample: int | None, as_of: date | None) -> Result:
        async def load(session: Direct) -> list[workbench.Loaded]:
            chosen = await chosen_athletes(session, () if athlete is None else (athlete,), sample or 0)
            return await workbench.load(session, step, chosen, now=datetime.now(UTC), as_of=as_of)

        return workbench.compute(step, self._read(load))

    def _run_on_snapshot(
        self, step: Step, athlete: UUID | str | None, sample: int | None, as_of: date | None
    ) -> Result:
        if as_of is not None:
            raise Trouble("In a snapshot each athlete's dates are moved by another number of weeks: no day is common.")
        if self.snapshot is None:
            raise Trouble("There is no snapshot.")
        pseudonym = None if athlete is None else str(athlete)
        return workbench.compute(step, workbench.loaded_from(self.snapshot, step, athlete=pseudonym, count=sample))

    def _write_snapshot(
        self, target: Path, athletes: Sequence[UUID | str], sample: int, as_of: date | None
    ) -> Manifest:
        async def people(session: Direct) -> list[Any]:
            chosen = await chosen_athletes(session, athletes, sample)
            return await workbench.people(session, chosen, now=datetime.now(UTC), as_of=as_of)

        found = self._read(people)
        return snapshot.write(target, found, key=secrets.token_bytes(32), year=datetime.now(UTC).year)

    def _read(self, reading: Callable[[Direct], Awaitable[T]]) -> T:
        """What is read in one transaction, which cannot write."""
        database = (self._settings or settings.load()).database
        return asyncio.run(read(database, reading))


async def read(database: DatabaseConfig, reading: Callable[[Direct], Awaitable[T]]) -> T:
    """What is read in one transaction of a database, which cannot write."""
    patient = DatabaseConfig(dsn=database.dsn, pool_size=1, command_timeout_s=PATIENCE_S)
    engine = db.engine(patient)
    try:
        async with db.direct(engine, transaction=True) as session:
            await workbench.only_read(session)
            return await reading(session)
    finally:
        await engine.dispose()


async def chosen_athletes(session: Session, athletes: Sequence[UUID | str], sample: int) -> list[VisibleAthlete]:
    """The athletes named and those of the sample, each once."""
    named = [await _found(session, athlete) for athlete in athletes]
    drawn = await samples.sample(session, sample) if sample else []
    chosen = list(dict.fromkeys([*named, *drawn]))
    if not chosen:
        raise NotFound("Nobody has recorded a workout here.")
    return chosen


async def _found(session: Session, athlete: UUID | str) -> VisibleAthlete:
    if isinstance(athlete, UUID):
        return system(athlete)
    if "@" not in athlete:
        try:
            return system(UUID(athlete))
        except ValueError as error:
            raise NotFound(f"{athlete} is neither an id nor an e-mail address.") from error
    login = await find_login(session, athlete)
    if login is None:
        raise NotFound(f"There is no account of {athlete}.")
    return system(login.account.id)


def _aside(work: Callable[[], T]) -> T:
    """The result of work that runs an event loop of its own, whether or not one runs here."""
    with threads(1) as pool:
        future = pool.submit(work)
        # With the handler of polars a Ctrl-C interrupts no waiting: it is seen between two waits.
        while not wait([future], timeout=LOOK_S).done:
            pass
        return future.result()
