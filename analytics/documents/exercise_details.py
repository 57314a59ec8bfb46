"""The page of one exercise, from the columns of its atoms in the order of its sessions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from analytics.documents import trends
from analytics.metrics import e1rm
from analytics.metrics.plateau import PlateauParams
from models.domain.exercise_progress import ExerciseDetail, ExerciseEntry, ExerciseWeeks, SessionE1rm, SessionSeries
from models.domain.insights import Reason, Record

Columns = Mapping[str, Any]


class Performed(Struct, frozen=True, kw_only=True):
    """What is known of an exercise beside its sessions. `no_e1rm` is null where there is an e1RM."""

    exercise_id: int
    exercise: str
    weekly: ExerciseWeeks
    records: tuple[Record, ...]
    no_e1rm: Reason | None


def detail(known: Performed, sessions: Columns, as_of: date, params: PlateauParams) -> ExerciseDetail:
    """`sessions` are lists by column name: performed_on, workout_id and the sums and bests of the atoms."""
    days: Sequence[date] = sessions["performed_on"]
    bests = [(at, key) for at, key in enumerate(sessions["e1rm_key"]) if key is not None]
    grams = [e1rm.key_g(key) for _, key in bests]
    trend, trend_reason = trends.trend([days[at] for at, _ in bests], grams, as_of, params)
    best = max(bests, key=lambda entry: entry[1], default=None)
    return ExerciseDetail(
        exercise_id=known.exercise_id,
        exercise=known.exercise,
        sessions=len(days),
        first_performed_on=days[0],
        last_performed_on=days[-1],
        e1rm_formula=e1rm.EPLEY,
        best_e1rm=None if best is None else _session_e1rm(sessions, *best),
        latest_e1rm=_session_e1rm(sessions, *bests[-1]) if bests else None,
        e1rm_reason=None if bests else known.no_e1rm,
        trend=trend,
        trend_reason=trend_reason,
        records=known.records,
        series=_series(sessions),
        weekly=known.weekly,
    )


def entry(detail: ExerciseDetail) -> ExerciseEntry:
    """The exercise as the index shows it."""
    return ExerciseEntry(
        exercise_id=detail.exercise_id,
        exercise=detail.exercise,
        sessions=detail.sessions,
        first_performed_on=detail.first_performed_on,
        last_performed_on=detail.last_performed_on,
        best_e1rm_kg=detail.best_e1rm and detail.best_e1rm.e1rm_kg,
        latest_e1rm_kg=detail.latest_e1rm and detail.latest_e1rm.e1rm_kg,
        trend=detail.trend and detail.trend.status,
        slope_percent_per_week=detail.trend and detail.trend.slope_percent_per_week,
    )


def weeks(columns: Columns) -> ExerciseWeeks:
    """An exercise's weeks, from lists by column name."""
    return ExerciseWeeks(
        week_start=tuple(columns["week_start"]),
        sessions=tuple(columns["sessions"]),
        sets=tuple(columns["sets"]),
        hard_sets=tuple(columns["hard_sets"]),
        tonnage_kg=_kilograms(columns["volume_g"]),
    )


def _series(sessions: Columns) -> SessionSeries:
    return SessionSeries(
        performed_on=tuple(sessions["performed_on"]),
        workout_id=tuple(sessions["workout_id"]),
        sets=tuple(sessions["sets"]),
        hard_sets=tuple(sessions["hard_sets"]),
        tonnage_kg=_kilograms(sessions["volume_g"]),
        e1rm_kg=tuple(None if key is None else e1rm.key_kg(key) for key in sessions["e1rm_key"]),
        top_load_kg=_kilograms(sessions["top_load_g"]),
        top_reps=tuple(sessions["top_reps"]),
    )


def _session_e1rm(sessions: Columns, at: int, key: int) -> SessionE1rm:
    return SessionE1rm(
        e1rm_kg=e1rm.key_kg(key), performed_on=sessions["performed_on"][at], workout_id=sessions["workout_id"][at]
    )


def _kilograms(grams: Sequence[int | None]) -> tuple[float | None, ...]:
    return tuple(None if mass is None else mass / 1000 for mass in grams)
