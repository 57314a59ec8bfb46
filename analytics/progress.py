"""The step `progress`: from one athlete's training to the documents progress, e1rm and records."""

from datetime import date, timedelta

import polars as pl
from msgspec import Struct

from analytics.documents import exercise_index, load_days, record_rows
from analytics.metrics import records, volume
from analytics.metrics.e1rm import EPLEY
from analytics.training import Training
from models.domain.insights import (
    DailyLoad,
    E1rmDocument,
    ExerciseRecords,
    LoadToday,
    MuscleWeeks,
    ProgressDocument,
    Record,
    RecordsDocument,
    WeekProgress,
)


class ProgressParams(Struct, frozen=True, kw_only=True):
    """What may be chosen about progress; all of it is lineage.

    `daily_days` of load are shown, ending on `as_of`, or `quiet_days` after the last workout where that is earlier: the
    averages are computed over all days all the same.
    """

    daily_days: int = 365
    quiet_days: int = 56
    feed_limit: int = 100


def progress_v3(training: Training, params: ProgressParams) -> dict[str, Struct]:
    """Weekly volume, muscles, load, e1RM and records: everything is made of one frame of atoms."""
    if training.workouts.is_empty():
        return _nothing_yet(training.as_of)
    return {
        "progress": progress_document(training, params),
        "e1rm": e1rm_document(training, params),
        "records": records_document(training, params),
    }


def progress_document(training: Training, params: ProgressParams) -> ProgressDocument:
    """The document progress of a training with a workout."""
    trained = training.workouts.get_column("performed_on").sort()
    first, last = trained[0], trained[-1]
    daily, today = loads(training, params)
    return ProgressDocument(
        as_of=training.as_of,
        first_trained_on=first,
        last_trained_on=last,
        sessions=training.workouts.height,
        e1rm_formula=EPLEY,
        weekly=_weekly(training.atoms),
        muscles=_muscles(training.atoms, training.muscles),
        daily=daily,
        today=today,
        exercises=exercise_index.exercise_index(training.atoms, training.day_bests, training.names),
    )


def loads(training: Training, params: ProgressParams) -> tuple[DailyLoad, LoadToday]:
    """The load by day as it is shown, and today's state."""
    days = training.days
    last: date = training.workouts.get_column("performed_on").max()  # pyright: ignore[reportAssignmentType]
    shown_until = min(max(training.as_of, last), last + timedelta(days=params.quiet_days))
    daily = load_days.shown(days, until=shown_until, limit=params.daily_days)
    return daily, load_days.today(days, on=training.as_of)


def e1rm_document(training: Training, _: ProgressParams) -> E1rmDocument:
    """The document e1rm."""
    series = exercise_index.e1rm_series(training.day_bests, training.names)
    return E1rmDocument(as_of=training.as_of, formula=EPLEY, exercises=series)


def _weekly(atoms: pl.DataFrame) -> tuple[WeekProgress, ...]:
    return tuple(
        WeekProgress(
            week_start=row["week_start"],
            sessions=row["sessions"],
            sets=row["sets"],
            hard_sets=row["hard_sets"],
            tonnage_kg=row["volume_g"] / 1000 if row["volume_sets"] else None,
            sets_without_tonnage=row["sets"] - row["volume_sets"],
        )
        for row in volume.weekly(atoms).iter_rows(named=True)
    )


def _muscles(atoms: pl.DataFrame, muscles: pl.DataFrame) -> tuple[MuscleWeeks, ...]:
    weeks = volume.muscle_weeks(atoms, muscles)
    by_muscle = weeks.group_by("muscle", maintain_order=True).agg("week_start", "milli_sets")
    return tuple(
        MuscleWeeks(muscle=muscle, week_start=tuple(starts), hard_sets=tuple(sets / 1000 for sets in milli))
        for muscle, starts, milli in by_muscle.iter_rows()
    )


def records_document(training: Training, params: ProgressParams) -> RecordsDocument:
    """The document records."""
    names, workout_ids = training.names, training.workout_ids
    latest = records.feed(training.improvements)
    standing = record_rows.records_of(training.standing, names, workout_ids)
    return RecordsDocument(
        as_of=training.as_of,
        e1rm_formula=EPLEY,
        exercises=_by_exercise(standing),
        session_tonnage=next((record for record in standing if record.exercise_id is None), None),
        feed=record_rows.records_of(latest.head(params.feed_limit), names, workout_ids),
        feed_truncated=latest.height > params.feed_limit,
    )


def _by_exercise(standing: tuple[Record, ...]) -> tuple[ExerciseRecords, ...]:
    grouped: dict[tuple[int, str], list[Record]] = {}
    for record in standing:
        if record.exercise_id is not None and record.exercise is not None:
            grouped.setdefault((record.exercise_id, record.exercise), []).append(record)
    return tuple(
        ExerciseRecords(exercise_id=exercise_id, exercise=name, records=tuple(rows))
        for (exercise_id, name), rows in grouped.items()
    )


def _nothing_yet(as_of: date) -> dict[str, Struct]:
    progress = ProgressDocument(
        as_of=as_of,
        first_trained_on=None,
        last_trained_on=None,
        sessions=0,
        e1rm_formula=EPLEY,
        weekly=(),
        muscles=(),
        daily=None,
        today=None,
        exercises=(),
    )
    records_ = RecordsDocument(
        as_of=as_of, e1rm_formula=EPLEY, exercises=(), session_tonnage=None, feed=(), feed_truncated=False
    )
    return {"progress": progress, "e1rm": E1rmDocument(as_of=as_of, formula=EPLEY, exercises=()), "records": records_}
