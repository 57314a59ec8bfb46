"""The exercises of an athlete: the index with best and latest e1RM, and the series by day."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from analytics.metrics import e1rm
from models.domain.insights import E1rmSeries, ExerciseProgress, Reason

_NO_E1RM = Reason(
    code="no_set_in_domain",
    text="No set with a known load and 1 to 12 effective reps, which the formula needs.",
    values={"max_effective_reps": e1rm.MAX_EFFECTIVE_REPS},
)


def e1rm_series(atoms: pl.DataFrame, names: Mapping[int, str]) -> tuple[E1rmSeries, ...]:
    """The best e1RM of each exercise by day, for the exercises that have any."""
    by_exercise = (
        _day_bests(atoms)
        .group_by("exercise_id", maintain_order=True)
        .agg("performed_on", "e1rm_key", "best_moved_g", "best_reps")
    )
    return tuple(
        E1rmSeries(
            exercise_id=exercise_id,
            exercise=names[exercise_id],
            performed_on=tuple(days),
            e1rm_kg=tuple(e1rm.key_kg(key) for key in keys),
            load_kg=tuple(grams / 1000 for grams in loads_g),
            reps=tuple(reps),
        )
        for exercise_id, days, keys, loads_g, reps in by_exercise.iter_rows()
    )


def exercise_index(atoms: pl.DataFrame, names: Mapping[int, str]) -> tuple[ExerciseProgress, ...]:
    """Every exercise ever performed, the latest performed first."""
    days = _day_bests(atoms)
    best = days.sort("exercise_id", "e1rm_key", "performed_on", descending=[False, True, False])
    firsts = best.unique("exercise_id", keep="first").select("exercise_id", "e1rm_key", "performed_on")
    lasts = days.unique("exercise_id", keep="last", maintain_order=True)
    rows = (
        atoms.group_by("exercise_id")
        .agg(pl.len().alias("sessions"), pl.col("performed_on").max())
        .join(firsts, on="exercise_id", how="left", suffix="_best")
        .join(lasts.select("exercise_id", "e1rm_key", "performed_on"), on="exercise_id", how="left", suffix="_latest")
        .sort("performed_on", "exercise_id", descending=[True, False])
    )
    return tuple(_progress(row, names) for row in rows.iter_rows(named=True))


def _progress(row: dict[str, Any], names: Mapping[int, str]) -> ExerciseProgress:
    best, latest = row["e1rm_key"], row["e1rm_key_latest"]
    return ExerciseProgress(
        exercise_id=row["exercise_id"],
        exercise=names[row["exercise_id"]],
        sessions=row["sessions"],
        last_performed_on=row["performed_on"],
        best_e1rm_kg=None if best is None else e1rm.key_kg(best),
        best_e1rm_on=row["performed_on_best"],
        latest_e1rm_kg=None if latest is None else e1rm.key_kg(latest),
        latest_e1rm_on=row["performed_on_latest"],
        e1rm_reason=_NO_E1RM if best is None else None,
    )


def _day_bests(atoms: pl.DataFrame) -> pl.DataFrame:
    """One row an exercise and day with an e1RM, in order; of two sessions on a day the better one."""
    ranked = atoms.filter(pl.col("e1rm_key").is_not_null()).sort(
        ["exercise_id", "performed_on", "e1rm_key", "session"], descending=[False, False, True, False]
    )
    return ranked.unique(["exercise_id", "performed_on"], keep="first", maintain_order=True)
