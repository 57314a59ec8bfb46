"""Loading an athlete's training: the history, aggregated."""

from datetime import date

import msgspec

from analytics.training import training_of
from models.db import Session
from models.queries.visibility import VisibleAthlete
from workflows.steps.history import load_history
from workflows.steps.step import Inputs


async def load_training(session: Session, athlete: VisibleAthlete, as_of: date) -> Inputs:
    """The training as it is now; states the version read, which may be newer than the run's."""
    inputs = await load_history(session, athlete, as_of)
    return msgspec.structs.replace(inputs, value=training_of(inputs.value))
