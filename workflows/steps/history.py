"""Loading an athlete's history: from columns to the frames that analytics declares."""

from datetime import date

import msgspec

from analytics import frames
from analytics.frames import ATHLETES, BODYWEIGHTS, EXERCISES, MUSCLES, SETS, WORKOUTS, History, frame
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
    """The frames; the digest of the history covers the exercises and muscles of the catalogue that it uses."""
    count = len(stored.workouts["performed_on"])
    workouts = {"athlete": [0] * count, "session": range(count), **stored.workouts}
    told = {"athlete": [0], "sex": [None], "birth_year": [None], "level": ["beginner"], "show_acwr": [False]}
    return History(
        sets=frame(SETS, stored.sets),
        workouts=frame(WORKOUTS, workouts),
        exercises=frame(EXERCISES, stored.exercises),
        muscles=frame(MUSCLES, _muscles(stored.exercises)),
        bodyweights=frame(BODYWEIGHTS, _bodyweights(stored.workouts)),
        athletes=frame(ATHLETES, told),
        as_of=as_of,
    )


def _bodyweights(workouts: Columns) -> Columns:
    days = zip(workouts["performed_on"], workouts["bodyweight_g"], strict=True)
    by_day = {day: grams for day, grams in days if grams is not None}
    return {"athlete": [0] * len(by_day), "day": list(by_day), "bodyweight_g": list(by_day.values())}


def _muscles(exercises: Columns) -> Columns:
    rows = [
        (exercise_id, target.muscle.value, round(target.share * 1000))
        for exercise_id, muscles in zip(exercises["exercise_id"], exercises["muscles"], strict=True)
        for target in _shares.decode(muscles)
    ]
    return {name: [row[at] for row in rows] for at, name in enumerate(MUSCLES)}
