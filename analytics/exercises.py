"""The step `exercises`: a page for each exercise ever performed, and their index."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from msgspec import Struct

from analytics.documents import exercise_details, no_e1rm, record_rows
from analytics.documents.exercise_details import Performed
from analytics.metrics import e1rm, records
from analytics.metrics.plateau import PlateauParams
from analytics.training import Training
from models.domain.exercise_progress import ExerciseDetail, ExerciseIndex, ExercisesDocument, ExerciseWeeks
from models.domain.insights import Reason, Record

_SERIES = ("performed_on", "workout_id", "sets", "hard_sets", "volume_g", "e1rm_key", "top_load_g", "top_reps")


class ExercisesParams(Struct, frozen=True, kw_only=True):
    """What may be chosen about exercises; all of it is lineage."""

    plateau: PlateauParams = PlateauParams()


def exercises_v1(training: Training, params: ExercisesParams) -> dict[str, Struct]:
    """The document exercises."""
    found = sorted(_details(training, params), key=lambda one: (-one.last_performed_on.toordinal(), one.exercise_id))
    document = ExercisesDocument(
        as_of=training.as_of,
        index=ExerciseIndex(
            e1rm_formula=e1rm.EPLEY, exercises=tuple(exercise_details.entry(detail) for detail in found)
        ),
        exercises={str(detail.exercise_id): detail for detail in found},
    )
    return {"exercises": document}


def _details(training: Training, params: ExercisesParams) -> list[ExerciseDetail]:
    names: dict[int, str] = dict(training.exercises.select("exercise_id", "name").iter_rows())
    weekly, best, lacking = _weekly(training.atoms), _records(training, names), _without_e1rm(training.atoms)
    return [
        exercise_details.detail(
            Performed(
                exercise_id=exercise_id,
                exercise=names[exercise_id],
                weekly=weekly[exercise_id],
                records=tuple(best.get(exercise_id, ())),
                no_e1rm=lacking.get(exercise_id),
            ),
            sessions,
            training.as_of,
            params.plateau,
        )
        for exercise_id, sessions in _sessions(training).items()
    ]


def _sessions(training: Training) -> dict[int, Mapping[str, Any]]:
    """The columns of each exercise's atoms, by day: who crosses the date line may train earlier than before."""
    atoms = training.atoms.join(training.workouts.select("session", "workout_id"), on="session")
    grouped = atoms.sort("performed_on", "session").group_by("exercise_id").agg(_SERIES)
    return {row["exercise_id"]: row for row in grouped.iter_rows(named=True)}


def _weekly(atoms: pl.DataFrame) -> dict[int, ExerciseWeeks]:
    """Its weeks; the sum of unknown volumes alone is unknown."""
    known = pl.when(pl.col("volume_g").count() > 0).then(pl.col("volume_g").sum()).alias("volume_g")
    rows = (
        atoms.group_by("exercise_id", "week_start")
        .agg(pl.len().alias("sessions"), pl.col("sets").sum(), pl.col("hard_sets").sum(), known)
        .sort("week_start")
        .group_by("exercise_id")
        .agg("week_start", "sessions", "sets", "hard_sets", "volume_g")
    )
    return {row["exercise_id"]: exercise_details.weeks(row) for row in rows.iter_rows(named=True)}


def _records(training: Training, names: Mapping[int, str]) -> dict[int, list[Record]]:
    workout_ids: dict[int, str] = dict(training.workouts.select("session", "workout_id").iter_rows())
    standing = records.standing(training.improvements)
    grouped: dict[int, list[Record]] = {}
    for record in record_rows.records_of(standing, names, workout_ids):
        if record.exercise_id is not None:
            grouped.setdefault(record.exercise_id, []).append(record)
    return grouped


def _without_e1rm(atoms: pl.DataFrame) -> dict[int, Reason]:
    """Why, of the exercises without an e1RM in any session."""
    never = atoms.filter(pl.col("e1rm_key").is_null().all().over("exercise_id"))
    reasons: dict[int, Reason] = {}
    for rows in never.partition_by("exercise_id"):
        cause = no_e1rm.why(rows)
        reasons[rows.item(0, "exercise_id")] = Reason(code=cause.code, text=cause.text, values=cause.values)
    return reasons
