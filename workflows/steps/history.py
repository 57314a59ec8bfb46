"""Loading an athlete's history: as it is now, or as it was at an earlier version."""

from datetime import date

from analytics import frames
from analytics.stored import to_frames
from models.db import Session
from models.queries.history import StoredHistory, stored_history
from models.queries.history_at import history_at
from models.queries.visibility import VisibleAthlete
from workflows.steps.step import Inputs


async def load_history(session: Session, athlete: VisibleAthlete, as_of: date) -> Inputs:
    """The history as it is now; states the version read, which may be newer than the run's."""
    return _inputs(await stored_history(session, athlete), as_of)


async def load_history_at(session: Session, athlete: VisibleAthlete, data_version: int, as_of: date) -> Inputs:
    """The history as it was at a version, as far as that is known: the recorded digest tells whether it is all of it.

    The settings are today's, and decide nothing but the day, which is given. Raises NotFound for a version that has not
    been yet.
    """
    return _inputs(await history_at(session, athlete, data_version), as_of)


def _inputs(stored: StoredHistory, as_of: date) -> Inputs:
    history = to_frames(stored, as_of)
    digests = {"history": frames.digest(history), "settings": {"time_zone": stored.time_zone}}
    return Inputs(value=history, data_version=stored.data_version, digests=digests)
