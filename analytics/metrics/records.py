"""Records: a value strictly greater than everything before it. The first session of its kind is a baseline, no record.

Kinds: the heaviest load for at least n full reps without a rest (n = 1..12; a heavier 5RM also beats the 3RM); e1RM by
its exact integer key within 10 effective reps; the volume of a set; an exercise's volume in a session; a session's
tonnage, of all sets or of none: where a set's kilograms are unknown, the sum is neither a record nor one to beat.
Derived from the whole history each time, so an edit, a delete or a back-fill leaves no false one behind.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.metrics import groups
from analytics.metrics.atoms import REP_MAXIMA

# In the long form each kind is a small integer: 1..12 are the loads for at least so many reps.
E1RM, SET_VOLUME, EXERCISE_VOLUME, SESSION_TONNAGE = 13, 14, 15, 16
_OF_WHAT = ("athlete", "exercise_id", "session", "performed_on")
# Stands for the exercise where none does.
_WHOLE_SESSION = 0
_COLUMNS = {f"load_{reps}": reps for reps in REP_MAXIMA} | {
    "record_key": E1RM,
    "max_set_volume_g": SET_VOLUME,
    "volume_g": EXERCISE_VOLUME,
}


def improvements(atoms: pl.DataFrame) -> pl.DataFrame:
    """Every value that beat all before it, by athlete, exercise and kind in the order of sessions.

    Columns: athlete, exercise_id (null for the session's tonnage), metric, session, performed_on, value, previous,
    previous_performed_on (both null for the baseline).
    """
    athlete, exercise_id, session, day = groups.arrays(atoms, *_OF_WHAT)
    order = np.lexsort((session, exercise_id, athlete))
    of_exercises = [values[order] for values in (athlete, exercise_id, session, day)]
    columns = dict(zip(_COLUMNS, groups.arrays(atoms, *_COLUMNS, absent=0), strict=True))
    columns["volume_g"] = _of_all_sets(columns["volume_g"], *groups.arrays(atoms, "volume_gaps"))
    values = (column[order] for column in columns.values())
    found = [_improved(of_exercises, *one) for one in zip(_COLUMNS.values(), values, strict=True)]
    found.append(_improved(*_tonnages(atoms)))
    names = (*_OF_WHAT, "metric", "value", "previous", "previous_performed_on")
    rows = {name: np.concatenate(parts) for name, parts in zip(names, zip(*found, strict=True), strict=True)}
    ordered = np.lexsort([rows[name] for name in ("session", "metric", "exercise_id", "athlete")])
    return groups.framed({name: values[ordered] for name, values in rows.items()}).select_seq(_improvement())


def e1rms(atoms: groups.Rows) -> pl.DataFrame:
    """Every session's best e1RM by athlete and exercise, in order, and whether it is a record.

    Columns: athlete, exercise_id, session, performed_on, e1rm_key, record_key, previous (the record key to beat: null
    before the first) and is_record.
    """
    names = ("athlete", "exercise_id", "session", "performed_on", "e1rm_key", "record_key")
    columns = dict(zip(names, groups.arrays(atoms, *names), strict=True))
    known = columns["e1rm_key"] != groups.NOTHING
    keys = groups.packed(columns["athlete"], columns["exercise_id"])
    order = np.flatnonzero(known)[keys[known].argsort(kind="stable")]
    columns, keys = {name: values[order] for name, values in columns.items()}, keys[order]
    record = np.maximum(columns["record_key"], 0)
    previous = best_before(record, groups.starts(keys))
    is_record = (previous > 0) & (record > previous)
    rows = groups.framed({**columns, "previous": previous, "is_record": is_record}, "performed_on")
    return rows.with_columns_seq(_keys())


def best_before(values: groups.Integers, first: groups.Numbers) -> NDArray[np.int64]:
    """The greatest value before each one of its group, 0 before the first; `first` says where groups begin.

    Each group is lifted above all earlier ones, so that one running maximum serves all of them.

    >>> best_before(np.array([5, 7, 6, 2, 3]), np.array([0, 3])).tolist()
    [0, 5, 7, 0, 2]
    """
    if not len(first):
        return np.zeros(0, dtype=np.int64)
    greatest = np.maximum.reduceat(values, first).astype(np.int64)
    lift = groups.spread(np.cumsum(greatest + 1) - greatest - 1, first, len(values))
    before = np.maximum.accumulate(values + lift)
    before[1:] = before[:-1]
    before[first] = lift[first]
    return before - lift


def standing(improved: pl.DataFrame) -> pl.DataFrame:
    """The bests that stand, one a kind; a load stands once, for the most reps that it was moved."""
    last = improved.unique(["athlete", "exercise_id", "metric"], keep="last", maintain_order=True)
    return _most_reps(last, ["athlete", "exercise_id"]).sort("athlete", "exercise_id", "metric")


def feed(improved: pl.DataFrame) -> pl.DataFrame:
    """All records ever set, newest first, baselines left out; a load counts once, for the most reps."""
    beaten = improved.filter(pl.col("previous").is_not_null())
    order = ["athlete", "session", "exercise_id", "metric"]
    return _most_reps(beaten, ["exercise_id", "session"]).sort(order, descending=[False, True, False, False])


@cache
def _keys() -> list[pl.Expr]:
    names = ("e1rm_key", "record_key", "previous")
    return [pl.when(pl.col(name) > 0).then(pl.col(name).cast(pl.Int64)).alias(name) for name in names]


@cache
def _improvement() -> list[pl.Expr]:
    beaten = pl.col("previous") > 0
    return [
        pl.col("athlete"),
        pl.when(pl.col("exercise_id") > _WHOLE_SESSION).then("exercise_id").alias("exercise_id"),
        pl.col("session"),
        pl.col("performed_on").cast(pl.Int32).cast(pl.Date),
        pl.col("metric"),
        pl.col("value"),
        pl.when(beaten).then("previous").alias("previous"),
        pl.when(beaten)
        .then(pl.col("previous_performed_on").cast(pl.Int32).cast(pl.Date))
        .alias("previous_performed_on"),
    ]


def _tonnages(atoms: pl.DataFrame) -> tuple[list[groups.Integers], int, groups.Integers]:
    names = ("athlete", "session", "performed_on", "volume_g", "volume_gaps")
    athlete, session, day, volume_g, gaps = groups.arrays(atoms, *names, absent=0)
    sessions, number = groups.numbered(session)
    of_sessions = [groups.maxima(values, number, len(sessions)) for values in (athlete, session, day)]
    athlete, session, day = of_sessions
    whole = np.full_like(session, _WHOLE_SESSION)
    tonnage, gaps = (groups.sums(values, number, len(sessions)) for values in (volume_g, gaps))
    return [athlete, whole, session, day], SESSION_TONNAGE, _of_all_sets(tonnage, gaps)


def _of_all_sets(volume_g: groups.Integers, gaps: groups.Integers) -> groups.Integers:
    return np.where(gaps > 0, 0, volume_g)


def _improved(of_what: Sequence[groups.Integers], metric: int, values: groups.Integers) -> list[groups.Integers]:
    """Of whatever beat all before it: what it is of, the kind, the value, and the value and day that it beat."""
    athlete, exercise_id, _, day = of_what
    previous = best_before(values, groups.starts(groups.packed(athlete, exercise_id)))
    at = np.flatnonzero(values > previous)
    kind = np.full(len(at), metric, dtype=np.int32)
    # The best before an improvement is the improvement before it.
    return [*(column[at] for column in of_what), kind, values[at], previous[at], np.append(day[:1], day[at])[: len(at)]]


def _most_reps(rows: pl.DataFrame, within: list[str]) -> pl.DataFrame:
    """Of equal loads the one for the most reps; the other kinds stand for themselves."""
    kind = pl.when(pl.col("metric") > REP_MAXIMA[-1]).then("metric")
    ordered = rows.with_columns_seq(kind=kind).sort("metric", descending=True)
    return ordered.unique([*within, "kind", "value"], keep="first", maintain_order=True).drop("kind")
