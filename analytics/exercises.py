"""The step `exercises`: a page for each exercise ever performed, and their index."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from msgspec import Struct

from analytics.documents import exercise_details, no_e1rm, record_rows
from analytics.documents.exercise_details import Performed
from analytics.metrics import e1rm
from analytics.metrics.plateau import PlateauParams
from analytics.training import Training
from models.domain.exercise_progress import ExerciseDetail, ExerciseIndex, ExercisesDocument, ExerciseWeeks
from models.domain.insights import Reason, Record

_SERIES = ("performed_on", "session", "sets", "hard_sets", "volume_g", "e1rm_key", "top_load_g", "top_reps")


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
    weekly, best, lacking = _weekly(training.atoms), _records(training), _without_e1rm(training)
    return [
        exercise_details.detail(
            Performed(
                exercise_id=exercise_id,
                exercise=training.names[exercise_id],
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
    atoms = training.atoms.select_seq("exercise_id", *_SERIES).sort("performed_on", "session")
    grouped = atoms.group_by("exercise_id").agg(_SERIES)
    ids = training.workout_ids
    return {
        row["exercise_id"]: {**row, "workout_id": [ids[session] for session in row["session"]]}
        for row in grouped.iter_rows(named=True)
    }


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


def _records(training: Training) -> dict[int, list[Record]]:
    grouped: dict[int, list[Record]] = {}
    for record in record_rows.records_of(training.standing, training.names, training.workout_ids):
        if record.exercise_id is not None:
            grouped.setdefault(record.exercise_id, []).append(record)
    return grouped


def _without_e1rm(training: Training) -> dict[int, Reason]:
    """Why, of the exercises without an e1RM in any session."""
    causes = {
        exercise_id: no_e1rm.why(rows)
        for exercise_id, rows in training.lacking.items()
        if exercise_id not in training.day_bests
    }
    return {
        exercise_id: Reason(code=cause.code, text=cause.text, values=cause.values)
        for exercise_id, cause in causes.items()
    }
