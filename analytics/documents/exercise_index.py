"""The exercises of an athlete: the index with best and latest e1RM, and the series by day."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from analytics.metrics import e1rm
from analytics.metrics.day_bests import DayBests
from models.domain.insights import E1rmSeries, ExerciseProgress, Reason

_NO_E1RM = Reason(
    code="no_set_in_domain",
    text="No set with a known load and 1 to 12 effective reps, which the formula needs.",
    values={"max_effective_reps": e1rm.MAX_EFFECTIVE_REPS},
)


def e1rm_series(day_bests: Mapping[int, DayBests], names: Mapping[int, str]) -> tuple[E1rmSeries, ...]:
    """The best e1RM of each exercise by day, for the exercises that have any."""
    return tuple(
        E1rmSeries(
            exercise_id=exercise_id,
            exercise=names[exercise_id],
            performed_on=tuple(bests.performed_on),
            e1rm_kg=tuple(e1rm.key_kg(key) for key in bests.e1rm_key),
            load_kg=tuple(grams / 1000 for grams in bests.moved_g),
            reps=tuple(bests.reps),
        )
        for exercise_id, bests in day_bests.items()
    )


def exercise_index(
    atoms: pl.DataFrame, day_bests: Mapping[int, DayBests], names: Mapping[int, str]
) -> tuple[ExerciseProgress, ...]:
    """Every exercise ever performed, the latest performed first."""
    performed = (
        atoms.group_by("exercise_id")
        .agg(pl.len(), pl.col("performed_on").max())
        .sort("performed_on", "exercise_id", descending=[True, False])
    )
    return tuple(
        _progress(exercise_id, names[exercise_id], sessions, last, day_bests.get(exercise_id))
        for exercise_id, sessions, last in performed.iter_rows()
    )


def _progress(exercise_id: int, name: str, sessions: int, last: date, bests: DayBests | None) -> ExerciseProgress:
    return ExerciseProgress(
        exercise_id=exercise_id,
        exercise=name,
        sessions=sessions,
        last_performed_on=last,
        best_e1rm_kg=bests and e1rm.key_kg(bests.e1rm_key[bests.best]),
        best_e1rm_on=bests and bests.performed_on[bests.best],
        latest_e1rm_kg=bests and e1rm.key_kg(bests.e1rm_key[-1]),
        latest_e1rm_on=bests and bests.performed_on[-1],
        e1rm_reason=None if bests else _NO_E1RM,
    )
