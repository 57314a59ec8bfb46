"""Loading an athlete's history: from columns to the frames that analytics declares."""

from datetime import date

import msgspec

from analytics import frames
from analytics.frames import EXERCISES, MUSCLES, SETS, WORKOUTS, History, frame
from models.db import Session
from models.domain.exercises import MuscleShare
from models.queries.history import Columns, StoredHistory, stored_history
from models.queries.visibility import VisibleAthlete
from workflows.steps.step import Inputs

_shares = msgspec.json.Decoder(list[MuscleShare])


async def load_history(session: Session, athlete: VisibleAthlete, as_of: date) -> Inputs:
    """The history as it is now; states the version read, which may be newer than the run's."""
    stored = await stored_history(session, athlete)
    history = to_frames(stored, as_of)
    digests = {"history": frames.digest(history), "settings": {"time_zone": stored.time_zone}}
    return Inputs(value=history, data_version=stored.data_version, digests=digests)


def to_frames(stored: StoredHistory, as_of: date) -> History:
    """The four frames; the digest of the history covers the exercises and muscles of the catalogue that it uses."""
    days = stored.workouts["performed_on"]
    workouts = {"session": range(len(days)), **stored.workouts}
    sets = {"performed_on": [days[session] for session in stored.sets["session"]], **stored.sets}
    return History(
        sets=frame(SETS, sets),
        workouts=frame(WORKOUTS, workouts),
        exercises=frame(EXERCISES, stored.exercises),
        muscles=frame(MUSCLES, _muscles(stored.exercises)),
        as_of=as_of,
    )


def _muscles(exercises: Columns) -> Columns:
    rows = [
        (exercise_id, target.muscle.value, round(target.share * 1000))
        for exercise_id, muscles in zip(exercises["exercise_id"], exercises["muscles"], strict=True)
        for target in _shares.decode(muscles)
    ]
    return {name: [row[at] for row in rows] for at, name in enumerate(MUSCLES)}
