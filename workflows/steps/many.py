"""The inputs of many athletes at once, each exactly what the step's own loader would give for one."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from models.db import Session, raw
from models.queries.visibility import VisibleAthlete
from workflows.steps.population_training import load_population
from workflows.steps.step import Inputs, Step
from workflows.steps.training import load_training

# All that a chunk reads is of one instant, however many statements it takes.
SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"


async def snapshot(session: Session) -> None:
    """From here on the transaction, which has read nothing yet, sees one instant."""
    await (await raw(session)).execute(SNAPSHOT)


async def load_many(session: Session, step: Step, people: Mapping[VisibleAthlete, date]) -> dict[UUID, Inputs]:
    """What the step reads of each athlete, as of the day given for them; the training from all of the history."""
    if step.load is load_training:
        return await load_population(session, people)
    return {athlete.athlete_id: await step.load(session, athlete, as_of) for athlete, as_of in people.items()}
