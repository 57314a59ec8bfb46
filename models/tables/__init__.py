"""The schema: one module a noun; `metadata` is what the migrations are checked against."""

from models.tables.accounts import Account, AthleteClock, IdempotencyKey, RefreshToken
from models.tables.base import Base
from models.tables.exercises import Exercise, ExerciseMerge, ExerciseRevision
from models.tables.imports import Import, ImportChunk, ImportPart
from models.tables.items import AthleteItem, AthleteItemRevision
from models.tables.outbox import OutboxEvent
from models.tables.population import PopulationChunk, PopulationRun, Promotion, StepDiff
from models.tables.runs import Pipeline, Run, StepDocument, StepRun, TrainingState
from models.tables.workouts import SetDetail, SetEntry, Workout, WorkoutRevision

metadata = Base.metadata

__all__ = [
    "Account",
    "AthleteClock",
    "AthleteItem",
    "AthleteItemRevision",
    "Base",
    "Exercise",
    "ExerciseMerge",
    "ExerciseRevision",
    "IdempotencyKey",
    "Import",
    "ImportChunk",
    "ImportPart",
    "OutboxEvent",
    "Pipeline",
    "PopulationChunk",
    "PopulationRun",
    "Promotion",
    "RefreshToken",
    "Run",
    "SetDetail",
    "SetEntry",
    "StepDiff",
    "StepDocument",
    "StepRun",
    "TrainingState",
    "Workout",
    "WorkoutRevision",
    "metadata",
]
