"""The workout that the benchmarks record: twenty sets of five exercises, as an app sends it after a session."""

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from models.domain.exercises import LoadMode
from models.domain.units import MassUnit
from models.domain.workouts import SetDraft, SetKind, WorkoutDraft

FIRST_AT = datetime(2016, 1, 4, 17, 30, tzinfo=UTC)
EVERY = timedelta(hours=8)
# By the catalogue's ids: load, reps, RPE of the last set.
LIFTS = (
    (100, 120.0, 5, 8.5),  # squat
    (1000, 85.0, 6, 8.0),  # bench press
    (400, 150.0, 4, 9.0),  # deadlift
    (1600, 70.0, 8, None),  # row
    (3701, 17.5, 12, None),  # curl
)


def workouts(first_at: datetime = FIRST_AT, *, every: timedelta = EVERY) -> Generator[WorkoutDraft]:
    """Workouts without end, some a little heavier than others."""
    number = 0
    while True:
        yield workout(first_at + number * every, step=number % 20)
        number += 1


def workout(started_at: datetime, *, step: int = 0) -> WorkoutDraft:
    return WorkoutDraft(
        started_at=started_at,
        ended_at=started_at + timedelta(minutes=75),
        time_zone="Europe/Berlin",
        title="Full body A",
        session_rpe=8,
        bodyweight=82.5,
        bodyweight_unit=MassUnit.KG,
        sets=tuple(entry for lift in LIFTS for entry in _sets(*lift, step)),
    )


def body(draft: WorkoutDraft) -> bytes:
    """The request as an app writes it: fields that it did not record are left out."""
    fields = _recorded(msgspec.to_builtins(draft))
    return msgspec.json.encode({**fields, "sets": [_recorded(entry) for entry in fields["sets"]]})


def _recorded(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _sets(exercise_id: int, load: float, reps: int, rpe: float | None, step: int) -> Generator[SetDraft]:
    for at in range(4):
        yield SetDraft(
            exercise_id=exercise_id,
            kind=SetKind.WARM_UP if at == 0 else SetKind.WORKING,
            load=load * 0.6 if at == 0 else load + 2.5 * (step % 4),
            load_unit=MassUnit.KG,
            load_mode=LoadMode.EXTERNAL if at == 3 else None,
            reps=reps,
            rpe=rpe if at == 3 else None,
            rest_s=150,
        )
