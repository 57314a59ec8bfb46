"""Atoms: one row an exercise and session. The one heavy aggregation; every other metric is made of these rows.

Sums are Int64 in grams, so no order of rows, thread count or engine changes a digit.
"""

import polars as pl

from analytics.frames import History
from analytics.metrics import e1rm, load, unknown, volume
from models.domain.workouts import SET_KIND_CODES, SetKind

REP_MAXIMA = tuple(range(1, 13))
ATOMS = (
    *("athlete", "session", "performed_on", "exercise_id", "week_start"),
    *("sets", "hard_sets", "volume_g", "volume_sets", "max_set_volume_g", "effort"),
    *("e1rm_key", "best_reps", "best_tenths", "best_mode", "best_moved_g", "record_key"),
    *(f"load_{reps}" for reps in REP_MAXIMA),
    *("top_load_g", "top_reps", "unknown_low", "unknown_high"),
)
# A set has at most 1,000 reps, an exercise of a session fewer sets than that.
_REPS = 1024
_NO_REPS = tuple(SET_KIND_CODES[kind] for kind in (SetKind.WARM_UP, SetKind.PARTIAL))


def atoms(history: History) -> pl.DataFrame:
    """One row per (session, exercise), sorted, in exact integers.

    Columns: athlete, performed_on, week_start; sets (no warm-ups), hard_sets; volume_g over volume_sets of known
    volume (null where none is), max_set_volume_g; effort (see load); e1rm_key with best_reps, best_tenths (effective
    reps), best_mode and best_moved_g; record_key (e1RM within 10 reps); load_1 .. load_12, the heaviest load for at
    least so many reps; top_load_g and top_reps, the heaviest load and the most reps with it; unknown_low and
    unknown_high, why sets have no e1RM (see unknown).
    """
    days = history.workouts.lazy().select("athlete", "session", "performed_on")
    return (
        enriched(history)
        .group_by("session", "exercise_id")
        .agg(
            pl.col("sets", "hard_sets", "volume_g", "effort", "unknown_low", "unknown_high").sum(),
            pl.col("volume_g").count().cast(pl.Int64).alias("volume_sets"),
            pl.col("volume_g").max().alias("max_set_volume_g"),
            pl.col("best", "top", "record_key", *(f"load_{reps}" for reps in REP_MAXIMA)).max(),
        )
        .join(days, on="session", how="left")
        .with_columns(
            pl.col("performed_on").dt.truncate("1w").alias("week_start"),
            pl.when(pl.col("volume_sets") > 0).then("volume_g").alias("volume_g"),
            (pl.col("top") // _REPS).alias("top_load_g"),
            (pl.col("top") % _REPS).alias("top_reps"),
            *e1rm.unpacked_best("best"),
        )
        .with_columns(e1rm.best_moved_g())
        .select(ATOMS)
        .sort("session", "exercise_id")
        .collect()
    )


def enriched(history: History) -> pl.LazyFrame:
    """The sets, each with all that is aggregated of it. Plain columns aggregate faster than expressions."""
    exercises = history.exercises.lazy().drop("name", "pattern").rename({"load_mode": "default_mode"})
    return (
        history.sets.lazy()
        .join(_bodyweight_by_session(history), on="session", how="left")
        .join(exercises, on="exercise_id", how="left")
        .with_columns(mode=pl.coalesce("load_mode", "default_mode"), effective_tenths=e1rm.effective_tenths())
        .with_columns(moved_g=volume.moved_g(), record_load_g=volume.record_load_g())
        .with_columns(
            sets=volume.is_working().cast(pl.Int64),
            hard_sets=volume.is_hard().cast(pl.Int64),
            volume_g=volume.set_volume_g(),
            effort=load.set_effort(),
            e1rm_key=e1rm.epley_key(),
        )
        .with_columns(
            best=e1rm.packed_best(),
            top=_packed_top(),
            record_key=e1rm.record_key(),
            **unknown.packed(),
            **{f"load_{n}": _rep_maximum(n) for n in REP_MAXIMA},
        )
    )


def _bodyweight_by_session(history: History) -> pl.LazyFrame:
    """The latest bodyweight of the day of each workout or before."""
    weighed = history.bodyweights.lazy().sort("athlete", "day")
    days = history.workouts.lazy().select("athlete", "session", day="performed_on").sort("athlete", "day")
    return days.join_asof(weighed, on="day", by="athlete", strategy="backward", check_sortedness=False).select(
        "session", "bodyweight_g"
    )


def _packed_top() -> pl.Expr:
    """The load with the reps below it, of sets with a full rep."""
    counts = ~pl.col("kind").is_in(_NO_REPS) & (pl.col("reps") >= 1)
    return pl.when(counts).then(pl.col("record_load_g") * _REPS + pl.col("reps"))


def _rep_maximum(reps: int) -> pl.Expr:
    """Half reps are no reps, and reps with rests between them are singles."""
    others = _NO_REPS if reps == 1 else e1rm.NO_E1RM_KINDS
    return pl.when(~pl.col("kind").is_in(others) & (pl.col("reps") >= reps)).then("record_load_g")
