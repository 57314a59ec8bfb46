"""A step by itself, without Temporal and without writing: on an athlete, on a sample, or on a snapshot."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl

from analytics import frames
from analytics.frames import History
from analytics.training import training_of
from models.db import Session, raw
from models.domain.errors import Conflict, NotFound
from models.domain.workouts import local_date
from models.queries.accounts import get_account
from models.queries.visibility import VisibleAthlete
from workflows.steps import runner, snapshot, tidy
from workflows.steps.history import load_history
from workflows.steps.pseudonyms import Person
from workflows.steps.runner import Output
from workflows.steps.step import Documents, Inputs, Step
from workflows.steps.training import load_training

READ_ONLY = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
# What a loader makes of a history, for the steps that can run on a snapshot.
OF_HISTORY: Mapping[Any, Callable[[History], Any]] = {load_history: lambda history: history, load_training: training_of}


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What the step will see of one athlete, and how long it took to load."""

    athlete: str
    as_of: date
    inputs: Inputs
    load_s: float


@dataclass(frozen=True, kw_only=True)
class Ran:
    """The step's run on one athlete: what it saw, what it made, and how long that took."""

    athlete: str
    as_of: date
    inputs: Inputs
    documents: Documents
    output: Output
    load_s: float
    compute_s: float

    @property
    def training(self) -> Any:
        """The frames that the step computed from."""
        return self.inputs.value


@dataclass(frozen=True)
class Result:
    """The step's runs on one athlete or several."""

    step: Step
    ran: tuple[Ran, ...]

    @property
    def documents(self) -> Documents:
        """The documents, where it ran on one athlete."""
        return self._only.documents

    @property
    def training(self) -> Any:
        """The frames that it computed from, where it ran on one athlete."""
        return self._only.training

    @cached_property
    def frames(self) -> dict[str, pl.DataFrame]:
        """The documents of all athletes as tidy tables."""
        return tidy.tables((ran.athlete, ran.documents) for ran in self.ran)

    @property
    def _only(self) -> Ran:
        if len(self.ran) != 1:
            raise Conflict(f"The step ran on {len(self.ran)} athletes: look into `ran`, or at `frames`.")
        return self.ran[0]


async def only_read(session: Session) -> None:
    """From here on the transaction sees one instant and cannot write."""
    await (await raw(session)).execute(READ_ONLY)


async def load(
    session: Session, step: Step, athletes: Sequence[VisibleAthlete], *, now: datetime, as_of: date | None = None
) -> list[Loaded]:
    """What the step's own loader gives for each athlete, as of the day given or of the athlete's today."""
    loaded: list[Loaded] = []
    for athlete in athletes:
        started = perf_counter()
        day = as_of or await today(session, athlete, now)
        inputs = runner.decided(step, await step.load(session, athlete, day))
        took_s = perf_counter() - started
        loaded.append(Loaded(athlete=str(athlete.athlete_id), as_of=day, inputs=inputs, load_s=took_s))
    return loaded


async def today(session: Session, athlete: VisibleAthlete, now: datetime) -> date:
    """The date where the athlete is."""
    return local_date(now, (await get_account(session, athlete)).time_zone)


async def people(
    session: Session, athletes: Sequence[VisibleAthlete], *, now: datetime, as_of: date | None = None
) -> list[Person]:
    """The histories of the athletes, for a snapshot."""
    found: list[Person] = []
    for athlete in athletes:
        inputs = await load_history(session, athlete, as_of or await today(session, athlete, now))
        found.append(Person(athlete_id=athlete.athlete_id, history=inputs.value))
    return found


def loaded_from(folder: Path, step: Step, *, athlete: str | None = None, count: int | None = None) -> list[Loaded]:
    """What the step sees of a snapshot's athletes: of all, of the first ones, or of the one of a pseudonym."""
    made_of = OF_HISTORY.get(step.load)
    if made_of is None:
        raise Conflict(f"{step.name}@{step.version} reads {', '.join(step.reads)}, which a snapshot does not hold.")
    chosen = (told for told in _timed(snapshot.histories(folder)) if athlete is None or told[0] == athlete)
    loaded = [_of_history(step, made_of, *told) for told in islice(chosen, count)]
    if athlete is not None and not loaded:
        raise NotFound(f"{folder} holds no athlete {athlete}.")
    return loaded


def _timed(histories: Iterator[tuple[str, History]]) -> Iterator[tuple[str, History, float]]:
    started = perf_counter()
    for athlete, history in histories:
        yield athlete, history, perf_counter() - started
        started = perf_counter()


def _of_history(step: Step, made_of: Callable[[History], Any], athlete: str, history: History, read_s: float) -> Loaded:
    started = perf_counter()
    inputs = Inputs(value=made_of(history), data_version=0, digests={"history": frames.digest(history)})
    took_s = read_s + perf_counter() - started
    return Loaded(athlete=athlete, as_of=history.as_of, inputs=runner.decided(step, inputs), load_s=took_s)


def compute(step: Step, loaded: Sequence[Loaded]) -> Result:
    """Run the step on what was loaded; for a thread without an event loop."""
    return Result(step, tuple(_ran(step, found) for found in loaded))


def _ran(step: Step, loaded: Loaded) -> Ran:
    started = perf_counter()
    try:
        documents = runner.made(step, loaded.inputs)
        output = runner.encoded(step, documents)
    except Exception as error:
        error.add_note(f"on the athlete {loaded.athlete}, as of {loaded.as_of}")
        raise
    return Ran(
        athlete=loaded.athlete,
        as_of=loaded.as_of,
        inputs=loaded.inputs,
        documents=documents,
        output=output,
        load_s=loaded.load_s,
        compute_s=perf_counter() - started,
    )
