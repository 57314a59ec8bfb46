"""Atoms: one row an exercise and session. The one heavy aggregation; every other metric is made of these rows.

Sums are Int64 in grams, so no order of rows, thread count or engine changes a digit.
"""

from collections.abc import Sequence
from functools import cache
from typing import Literal, TypeVar

import numpy as np
import polars as pl

from analytics.frames import History
from analytics.metrics import e1rm, groups, load, unknown, volume
from models.domain.workouts import SET_KIND_CODES, SetKind

Engine = Literal["in-memory", "streaming"]
_Frame = TypeVar("_Frame", pl.DataFrame, pl.LazyFrame)
REP_MAXIMA = tuple(range(1, 13))
ATOMS = (
    *("athlete", "session", "performed_on", "exercise_id", "week_start"),
    *("sets", "hard_sets", "volume_g", "volume_sets", "volume_gaps", "max_set_volume_g", "effort"),
    *("e1rm_key", "best_reps", "best_tenths", "best_mode", "best_moved_g", "record_key"),
    *(f"load_{reps}" for reps in REP_MAXIMA),
    *("top_load_g", "top_reps", "unknown_low", "unknown_high"),
)
# What is aggregated of the sets of an exercise and session: columns of `enriched`.
_SUMS = ("sets", "hard_sets", "volume_g", "volume_sets", "volume_gaps", "effort", "unknown_low", "unknown_high")
_MAXIMA = ("max_set_volume_g", "best", "e1rm_key", "top", "record_key", *(f"load_{reps}" for reps in REP_MAXIMA))
# What a set has of its exercise.
_FACTS = ("load_mode", "unilateral", "implements", "bodyweight_permille")
# A set has at most 10,000 reps, an exercise of a session fewer sets than that.
_REPS = 16_384
_NO_REPS = tuple(SET_KIND_CODES[kind] for kind in (SetKind.WARM_UP, SetKind.PARTIAL))


def atoms(history: History) -> pl.DataFrame:
    """One row per (session, exercise), sorted, in exact integers.

    Columns: athlete, performed_on, week_start; sets (no warm-ups), hard_sets; volume_g over volume_sets of known
    volume (null where none is), volume_gaps (sets of reps whose kilograms are unknown), max_set_volume_g; effort (see
    load); e1rm_key with best_reps, best_tenths (effective reps), best_mode and best_moved_g; record_key (e1RM within 10
    reps); load_1 .. load_12, the heaviest load for at least so many reps; top_load_g and top_reps, the heaviest load
    and the most reps with it; unknown_low and unknown_high, why sets have no e1RM (see unknown).
    """
    names = tuple(name for name in (*_SUMS, *_MAXIMA) if name != "e1rm_key")
    rows = groups.framed(aggregated(history, names))
    for stage in _finishing(names):
        rows = rows.with_columns_seq(stage)
    return rows.select_seq(ATOMS)


def aggregated(history: History, names: tuple[str, ...], engine: Engine = "in-memory") -> dict[str, groups.Integers]:
    """By (session, exercise), sorted: athlete, performed_on, week_start and the named sums and maxima of the sets.

    The expressions look at each set once. Where nothing is known sums are 0 and maxima NOTHING: numpy knows no null.
    """
    keys, number = groups.numbered(groups.packed(*groups.arrays(history.sets, "session", "exercise_id")))
    cells, facts = _cells(history, keys)
    at = pl.Series(number.astype(np.uint32))
    sets = history.sets.hstack([values[at] for values in facts])
    rows = enriched(sets.lazy(), names).collect(engine=engine) if engine == "streaming" else enriched(sets, names)
    return cells | {
        name: (groups.sums if name in _SUMS else groups.maxima)(values.to_numpy(), number, len(keys))
        for name, values in zip(names, rows, strict=True)
    }


def enriched(sets: _Frame, names: tuple[str, ...]) -> _Frame:
    """What is aggregated of each set, without nulls; the sets have the facts of their cells already.

    One expression after the other: a population's chunks keep the processors busy, and one athlete's sets are too few.
    """
    *stages, filled = _expressions(names)
    for stage in stages:
        sets = sets.with_columns_seq(stage)
    return sets.select_seq(filled)


@cache
def _expressions(names: tuple[str, ...]) -> tuple[list[pl.Expr], ...]:
    """Each list reads columns of the lists before. Kept: building them takes as long as using them on one athlete."""
    first = {"mode": pl.coalesce("load_mode", "default_mode"), "effective_tenths": e1rm.effective_tenths()}
    second = {"moved_g": volume.moved_g()}
    third = {
        "sets": volume.is_working(),
        "hard_sets": volume.is_hard(),
        "volume_g": volume.set_volume_g(),
        "effort": load.set_effort(),
        "e1rm_key": e1rm.epley_key(),
    }
    fourth = {
        "volume_sets": pl.col("volume_g").is_not_null(),
        "volume_gaps": volume.is_gap(),
        "max_set_volume_g": pl.col("volume_g"),
        "best": e1rm.packed_best(),
        "top": _packed_top(),
        "record_key": e1rm.record_key(),
        **unknown.packed(),
        **{f"load_{n}": _rep_maximum(n) for n in REP_MAXIMA},
    }
    if any(name.startswith(("load_", "top")) for name in names):
        second["record_load_g"] = volume.record_load_g()
    stages = [[made.alias(name) for name, made in stage.items()] for stage in (first, second, third)]
    return *stages, [_filled(name, fourth.get(name, pl.col(name))).alias(name) for name in names]


def _cells(history: History, keys: groups.Keys) -> tuple[dict[str, groups.Integers], pl.DataFrame]:
    """What is known of each session and exercise before any set is looked at, and what their sets have of it."""
    session, exercise_id = groups.unpacked(keys)
    begun = groups.starts(session)
    *told, grams = (groups.spread(values, begun, len(keys)) for values in _as_of(history, session[begun]))
    cells = dict(zip(("athlete", "performed_on", "week_start"), told, strict=True))
    ids, *facts = groups.arrays(history.exercises, "exercise_id", *_FACTS)
    order = ids.argsort()
    exercise = order[groups.positions(ids[order], exercise_id)]
    columns = {name: values[exercise] for name, values in zip(_FACTS, facts, strict=True)}
    known = groups.framed({**columns, "bodyweight_g": grams}).select_seq(_known())
    return {**cells, "session": session, "exercise_id": exercise_id}, known


def _as_of(history: History, wanted: groups.Integers) -> tuple[groups.Integers, ...]:
    """Of each wanted session: athlete, day, week, and the latest bodyweight of that day or before, or NOTHING."""
    session, athlete, day = groups.arrays(history.workouts, "session", "athlete", "performed_on")
    order = session.argsort()
    at = order[groups.positions(session[order], wanted)]
    athlete, day = athlete[at], day[at].astype(np.int32)
    by, on, grams = groups.arrays(history.bodyweights, "athlete", "day", "bodyweight_g")
    weighed = groups.packed(by, on)
    order = np.append(weighed.argsort(), len(weighed))
    last = order[weighed.searchsorted(groups.packed(athlete, day), side="right", sorter=order[:-1]) - 1]
    own = np.append(by, groups.NOTHING)[last] == athlete
    # 1970 began on a Thursday.
    return athlete, day, day - (day + 3) % 7, np.where(own, np.append(grams, groups.NOTHING)[last], groups.NOTHING)


@cache
def _known() -> list[pl.Expr]:
    body_g = pl.when(pl.col("bodyweight_g") != groups.NOTHING).then(volume.body_g())
    return [pl.col("load_mode").alias("default_mode"), pl.col("unilateral", "implements"), body_g.alias("body_g")]


def _filled(name: str, values: pl.Expr) -> pl.Expr:
    """Integers without nulls."""
    if name in ("sets", "hard_sets", "volume_sets", "volume_gaps"):
        return values.cast(pl.UInt8)
    return values.fill_null(0 if name in _SUMS else groups.NOTHING)


@cache
def _finishing(names: tuple[str, ...]) -> tuple[list[pl.Expr], ...]:
    """From sums and maxima to the columns of atoms; each list reads columns of the lists before."""
    return _nullable(names), _derived(), [e1rm.best_moved_g()]


def _nullable(names: Sequence[str]) -> list[pl.Expr]:
    maxima = (pl.col(name) for name in names if name in _MAXIMA)
    known = [pl.when(value != groups.NOTHING).then(value.cast(pl.Int64)).name.keep() for value in maxima]
    volume_g = pl.when(pl.col("volume_sets") > 0).then("volume_g").alias("volume_g")
    return [pl.col("performed_on", "week_start").cast(pl.Date), volume_g, *known]


def _derived() -> list[pl.Expr]:
    top = pl.col("top")
    return [(top // _REPS).alias("top_load_g"), (top % _REPS).alias("top_reps"), *e1rm.unpacked_best("best")]


def _packed_top() -> pl.Expr:
    """The load with the reps below it, of sets with a full rep."""
    counts = ~pl.col("kind").is_in(_NO_REPS) & (pl.col("reps") >= 1)
    return pl.when(counts).then(pl.col("record_load_g").cast(pl.Int64) * _REPS + pl.col("reps"))


def _rep_maximum(reps: int) -> pl.Expr:
    """Half reps are no reps, and reps with rests between them are singles."""
    others = _NO_REPS if reps == 1 else e1rm.NO_E1RM_KINDS
    return pl.when(~pl.col("kind").is_in(others) & (pl.col("reps") >= reps)).then("record_load_g")
