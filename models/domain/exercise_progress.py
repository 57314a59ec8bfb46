"""Progress of an exercise: what was done with it session by session, and whether its e1RM goes up, stays or goes down.

Masses are kilograms to the gram, dates are the athlete's local dates, weeks begin on Monday. Series are columns of
equal length, the oldest first; null in a column means that there is no such number of that session.
"""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from models.domain.insights import Formula, Reason, Record


class SessionE1rm(Struct, frozen=True, kw_only=True):
    """An e1RM and the workout that it comes from."""

    e1rm_kg: float
    performed_on: date
    workout_id: str


class SessionSeries(Struct, frozen=True, kw_only=True):
    """One entry a session with the exercise. `sets` are the sets that are no warm-ups.

    `tonnage_kg` is null where no set's moved load is known, `e1rm_kg` where no set lies in the formula's domain.
    `top_load_kg` is the heaviest load on the bar or added to the body that was moved for a full rep, and `top_reps` the
    most reps with it; both are null with bands, assistance and without a load.
    """

    performed_on: tuple[date, ...]
    workout_id: tuple[str, ...]
    sets: tuple[int, ...]
    hard_sets: tuple[int, ...]
    tonnage_kg: tuple[float | None, ...]
    e1rm_kg: tuple[float | None, ...]
    top_load_kg: tuple[float | None, ...]
    top_reps: tuple[int | None, ...]


class ExerciseWeeks(Struct, frozen=True, kw_only=True):
    """One entry a week with the exercise; weeks without it are absent. Null tonnage: no set's moved load is known."""

    week_start: tuple[date, ...]
    sessions: tuple[int, ...]
    sets: tuple[int, ...]
    hard_sets: tuple[int, ...]
    tonnage_kg: tuple[float | None, ...]


class TrendStatus(StrEnum):
    PROGRESS = "progress"
    PLATEAU = "plateau"
    DECLINE = "decline"


class Trend(Struct, frozen=True, kw_only=True):
    """Where the e1RM goes, with the evidence: the sessions used, and the slope that they give.

    The slope is Theil and Sen's of the session bests, in percent of their median a week, stated to hundredths and
    judged before that: from the threshold up it is progress, from minus the threshold down decline, else a plateau.
    """

    status: TrendStatus
    slope_percent_per_week: float
    threshold_percent_per_week: float
    sessions: int
    first_day: date
    last_day: date
    median_e1rm_kg: float
    performed_on: tuple[date, ...]
    e1rm_kg: tuple[float, ...]


class ExerciseEntry(Struct, frozen=True, kw_only=True):
    """An exercise in the index: what a list of exercises shows. `trend` is null where the exercise's page says why."""

    exercise_id: int
    exercise: str
    sessions: int
    first_performed_on: date
    last_performed_on: date
    best_e1rm_kg: float | None
    latest_e1rm_kg: float | None
    trend: TrendStatus | None
    slope_percent_per_week: float | None


class ExerciseDetail(Struct, frozen=True, kw_only=True):
    """All about one exercise. The bests are null with `e1rm_reason`, the trend is null with `trend_reason`."""

    exercise_id: int
    exercise: str
    sessions: int
    first_performed_on: date
    last_performed_on: date
    e1rm_formula: Formula
    best_e1rm: SessionE1rm | None
    latest_e1rm: SessionE1rm | None
    e1rm_reason: Reason | None
    trend: Trend | None
    trend_reason: Reason | None
    records: tuple[Record, ...]
    series: SessionSeries
    weekly: ExerciseWeeks


class ExerciseIndex(Struct, frozen=True, kw_only=True):
    """Every exercise ever performed, the latest performed first."""

    e1rm_formula: Formula
    exercises: tuple[ExerciseEntry, ...]


class ExercisesDocument(Struct, frozen=True, kw_only=True):
    """The index, and the exercises by their id."""

    as_of: date
    index: ExerciseIndex
    exercises: dict[str, ExerciseDetail]
