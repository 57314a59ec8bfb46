"""Strength scores: a total of three lifts, compared across bodyweights."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from models.domain.insights import Formula, Reason


class Lift(StrEnum):
    SQUAT = "squat"
    BENCH_PRESS = "bench_press"
    DEADLIFT = "deadlift"


class LiftE1rm(Struct, frozen=True, kw_only=True):
    """The e1RM that a lift enters the total with: of which exercise, from which workout."""

    lift: Lift
    exercise_id: int
    exercise: str
    e1rm_kg: float
    performed_on: date
    workout_id: str


class StrengthScore(Struct, frozen=True, kw_only=True):
    """A score in points, to hundredths; null with its reason."""

    formula: Formula
    points: float | None
    reason: Reason | None


class Strength(Struct, frozen=True, kw_only=True):
    """The total and its scores.

    The total is the sum of the best e1RMs of squat, bench press and deadlift since `since`, of the barbell variants
    that a competition would pass, paused ones among them: an estimate, no competition total. It is null where a lift
    is missing. `bodyweight_kg` is the latest known, `bodyweight_on` its day.
    """

    since: date
    lifts: tuple[LiftE1rm, ...]
    total_kg: float | None
    total_reason: Reason | None
    sex: str | None
    bodyweight_kg: float | None
    bodyweight_on: date | None
    scores: tuple[StrengthScore, ...]
