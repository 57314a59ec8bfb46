"""From a parsed workout to the draft that is recorded."""

from collections.abc import Callable

from models.domain.workouts import SetDraft, WorkoutDraft
from models.readers.parsed import ParsedSet, ParsedWorkout


def draft(workout: ParsedWorkout, *, resolve_exercise: Callable[[str], int]) -> WorkoutDraft:
    """The draft of a parsed workout; `resolve_exercise` turns a name of the file into an exercise's id."""
    return WorkoutDraft(
        started_at=workout.started_at,
        time_zone=workout.time_zone,
        ended_at=workout.ended_at,
        title=workout.title,
        notes=workout.notes,
        session_rpe=workout.session_rpe,
        bodyweight=workout.bodyweight,
        bodyweight_unit=workout.bodyweight_unit,
        sets=tuple(_set_draft(entry, resolve_exercise(entry.exercise)) for entry in workout.sets),
    )


def _set_draft(entry: ParsedSet, exercise_id: int) -> SetDraft:
    return SetDraft(
        exercise_id=exercise_id,
        kind=entry.kind,
        load=entry.load,
        load_unit=entry.load_unit,
        load_mode=entry.load_mode,
        reps=entry.reps,
        rpe=entry.rpe,
        rir=entry.rir,
        duration_s=entry.duration_s,
        distance_m=entry.distance_m,
        rest_s=entry.rest_s,
        superset=entry.superset,
        side=entry.side,
        note=entry.note,
    )
