"""Atoms: one row an exercise and session. The one heavy aggregation; every other metric is made of these rows.

Sums are Int64 in grams, so no order of rows, thread count or engine changes a digit.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import polars as pl

from analytics.frames import History
from analytics.metrics import e1rm, groups, load, unknown, volume
from models.domain.workouts import SET_KIND_CODES, SetKind

Engine = Literal["in-memory", "streaming"]
REP_MAXIMA = tuple(range(1, 13))
ATOMS = (
    *("athlete", "session", "performed_on", "exercise_id", "week_start"),
    *("sets", "hard_sets", "volume_g", "volume_sets", "max_set_volume_g", "effort"),
    *("e1rm_key", "best_reps", "best_tenths", "best_mode", "best_moved_g", "record_key"),
    *(f"load_{reps}" for reps in REP_MAXIMA),
    *("top_load_g", "top_reps", "unknown_low", "unknown_high"),
)
# What is aggregated of the sets of an exercise and session: columns of `enriched`.
_SUMS = ("sets", "hard_sets", "volume_g", "volume_sets", "effort", "unknown_low", "unknown_high")
_MAXIMA = ("max_set_volume_g", "best", "e1rm_key", "top", "record_key", *(f"load_{reps}" for reps in REP_MAXIMA))
# A set has at most 10,000 reps, an exercise of a session fewer sets than that.
_REPS = 16_384
_NO_REPS = tuple(SET_KIND_CODES[kind] for kind in (SetKind.WARM_UP, SetKind.PARTIAL))


def atoms(history: History) -> pl.DataFrame:
    """One row per (session, exercise), sorted, in exact integers.

    Columns: athlete, performed_on, week_start; sets (no warm-ups), hard_sets; volume_g over volume_sets of known
    volume (null where none is), max_set_volume_g; effort (see load); e1rm_key with best_reps, best_tenths (effective
    reps), best_mode and best_moved_g; record_key (e1RM within 10 reps); load_1 .. load_12, the heaviest load for at
    least so many reps; top_load_g and top_reps, the heaviest load and the most reps with it; unknown_low and
    unknown_high, why sets have no e1RM (see unknown).
    """
    return (
        aggregated(history, tuple(name for name in (*_SUMS, *_MAXIMA) if name != "e1rm_key"))
        .lazy()
        .with_columns(
            pl.when(pl.col("volume_sets") > 0).then("volume_g").alias("volume_g"),
            (pl.col("top") // _REPS).alias("top_load_g"),
            (pl.col("top") % _REPS).alias("top_reps"),
            *e1rm.unpacked_best("best"),
        )
        .with_columns(e1rm.best_moved_g())
        .select(ATOMS)
        .collect()
    )


def aggregated(history: History, names: Sequence[str], engine: Engine = "in-memory") -> pl.DataFrame:
    """By (session, exercise), sorted: athlete, performed_on, week_start, and the named sums (0) and maxima (or null)."""
    session, exercise_id = (history.sets.get_column(name).to_numpy() for name in ("session", "exercise_id"))
    keys, number = groups.numbered(groups.packed(session, exercise_id))
    cells = _cells(history, keys)
    common = cells.select("default_mode", "unilateral", "implements", "body_g")[number.astype(np.uint32)]
    rows = enriched(history.sets.hstack(common)).select(_filled(name) for name in names).collect(engine=engine)
    values = {name: rows.get_column(name).to_numpy() for name in names}
    sums = {name: groups.sums(values[name], number, len(keys)) for name in names if name in _SUMS}
    maxima = {name: groups.maxima(values[name], number, len(keys)) for name in names if name in _MAXIMA}
    return cells.select("athlete", "session", "performed_on", "exercise_id", "week_start").with_columns(
        *(pl.Series(name, values) for name, values in sums.items()),
        *(_known(name, values) for name, values in maxima.items()),
    )


def enriched(sets: pl.DataFrame) -> pl.LazyFrame:
    """The sets, each with all that is aggregated of it; they have the facts of their cells already."""
    return (
        sets.lazy()
        .with_columns(mode=pl.coalesce("load_mode", "default_mode"), effective_tenths=e1rm.effective_tenths())
        .with_columns(moved_g=volume.moved_g(), record_load_g=volume.record_load_g())
        .with_columns(
            sets=volume.is_working(),
            hard_sets=volume.is_hard(),
            volume_g=volume.set_volume_g(),
            effort=load.set_effort(),
            e1rm_key=e1rm.epley_key(),
        )
        .with_columns(
            volume_sets=pl.col("volume_g").is_not_null(),
            max_set_volume_g="volume_g",
            best=e1rm.packed_best(),
            top=_packed_top(),
            record_key=e1rm.record_key(),
            **unknown.packed(),
            **{f"load_{n}": _rep_maximum(n) for n in REP_MAXIMA},
        )
    )


def _cells(history: History, keys: groups.Keys) -> pl.DataFrame:
    """What is known of each session and exercise before any set is looked at, in the order of the keys."""
    session, exercise_id = groups.unpacked(keys)
    workouts, exercises = _as_of(history), history.exercises.sort("exercise_id")
    begun = groups.starts(session)
    workout = groups.positions(workouts.get_column("session").to_numpy(), session[begun])
    exercise = groups.positions(exercises.get_column("exercise_id").to_numpy(), exercise_id)
    facts = exercises.select("exercise_id", "unilateral", "implements", "bodyweight_permille", default_mode="load_mode")
    cells = workouts[groups.spread(workout, begun, len(keys))].hstack(facts[exercise])
    return cells.with_columns(body_g=volume.body_g())


def _as_of(history: History) -> pl.DataFrame:
    """Of each workout, by session, its week and the latest bodyweight of its day or before."""
    weighed = history.bodyweights.sort("athlete", "day")
    days = history.workouts.select("session", "athlete", "performed_on").sort("athlete", "performed_on")
    known = days.join_asof(
        weighed, left_on="performed_on", right_on="day", by="athlete", strategy="backward", check_sortedness=False
    )
    return known.with_columns(week_start=pl.col("performed_on").dt.truncate("1w")).sort("session")


def _filled(name: str) -> pl.Expr:
    """Integers of the sets, no nulls."""
    if name in ("sets", "hard_sets", "volume_sets"):
        return pl.col(name).cast(pl.Int64)
    return pl.col(name).fill_null(0).cast(pl.Int64) if name in _SUMS else pl.col(name).fill_null(groups.NOTHING)


def _known(name: str, maxima: groups.Integers) -> pl.Series:
    values = pl.Series(name, maxima.astype(np.int64, copy=False))
    return values.set(values == groups.NOTHING, None) if len(values) else values


def _packed_top() -> pl.Expr:
    """The load with the reps below it, of sets with a full rep."""
    counts = ~pl.col("kind").is_in(_NO_REPS) & (pl.col("reps") >= 1)
    return pl.when(counts).then(pl.col("record_load_g").cast(pl.Int64) * _REPS + pl.col("reps"))


def _rep_maximum(reps: int) -> pl.Expr:
    """Half reps are no reps, and reps with rests between them are singles."""
    others = _NO_REPS if reps == 1 else e1rm.NO_E1RM_KINDS
    return pl.when(~pl.col("kind").is_in(others) & (pl.col("reps") >= reps)).then("record_load_g")
