"""The schema: one module a noun; `metadata` is what the migrations are checked against."""

from models.tables.accounts import Account, AthleteClock, IdempotencyKey, RefreshToken
from models.tables.base import Base
from models.tables.exercises import Exercise
from models.tables.outbox import OutboxEvent
from models.tables.runs import Pipeline, Run, StepDocument, StepRun
from models.tables.workouts import SetDetail, SetEntry, Workout, WorkoutRevision

metadata = Base.metadata

__all__ = [
    "Account",
    "AthleteClock",
    "Base",
    "Exercise",
    "IdempotencyKey",
    "OutboxEvent",
    "Pipeline",
    "RefreshToken",
    "Run",
    "SetDetail",
    "SetEntry",
    "StepDocument",
    "StepRun",
    "Workout",
    "WorkoutRevision",
    "metadata",
]
