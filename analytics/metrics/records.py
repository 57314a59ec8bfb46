"""Records: a value strictly greater than everything before it. The first session of its kind is a baseline, no record.

Kinds: the heaviest load for at least n full reps without a rest (n = 1..12; a heavier 5RM also beats the 3RM); e1RM by
its exact integer key within 10 effective reps; the volume of a set; an exercise's volume in a session; a session's
tonnage. Derived from the whole history each time, so an edit, a delete or a back-fill leaves no false one behind.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.metrics import groups
from analytics.metrics.atoms import REP_MAXIMA

# In the long form each kind is a small integer: 1..12 are the loads for at least so many reps.
E1RM, SET_VOLUME, EXERCISE_VOLUME, SESSION_TONNAGE = 13, 14, 15, 16
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
    ordered = _by_exercise(atoms)
    found = [_improved(ordered, name, metric) for name, metric in _COLUMNS.items()]
    tonnage = _improved(_tonnages(atoms), "volume_g", SESSION_TONNAGE)
    return pl.concat([*found, tonnage]).sort("athlete", "exercise_id", "metric", "session")


def e1rms(atoms: pl.DataFrame) -> pl.DataFrame:
    """Every session's best e1RM by athlete and exercise, in order, and whether it is a record.

    Columns: athlete, exercise_id, session, performed_on, e1rm_key, record_key, previous (the record key to beat: null
    before the first) and is_record.
    """
    columns = ("athlete", "exercise_id", "session", "performed_on", "e1rm_key", "record_key")
    rows = _by_exercise(atoms.select(columns).filter(pl.col("e1rm_key").is_not_null()))
    values, first = _values(rows, "record_key"), _first(rows)
    previous = best_before(values, first)
    return rows.with_columns(_known(previous), pl.Series("is_record", (previous > 0) & (values > previous)))


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


def _by_exercise(atoms: pl.DataFrame) -> pl.DataFrame:
    """The atoms by (athlete, exercise, session)."""
    athlete, exercise_id, session = (
        atoms.get_column(name).to_numpy() for name in ("athlete", "exercise_id", "session")
    )
    keys = groups.packed(athlete, exercise_id)
    in_order = bool(np.all(session[1:] >= session[:-1]))
    return atoms[np.argsort(keys, kind="stable") if in_order else np.lexsort((session, keys))]


def _tonnages(atoms: pl.DataFrame) -> pl.DataFrame:
    tonnage = atoms.group_by("athlete", "session", "performed_on").agg(pl.col("volume_g").sum())
    return tonnage.sort("athlete", "session").with_columns(exercise_id=pl.lit(None, pl.Int32))


def _improved(rows: pl.DataFrame, column: str, metric: int) -> pl.DataFrame:
    values, first = _values(rows, column), _first(rows)
    previous = best_before(values, first)
    beaten = np.flatnonzero(values > previous)
    # The best before an improvement is the improvement before it.
    days = pl.col("performed_on").shift(1)
    return rows[beaten].select(
        *("athlete", "exercise_id", "session", "performed_on"),
        pl.lit(metric, pl.Int32).alias("metric"),
        pl.Series("value", values[beaten], dtype=pl.Int64),
        _known(previous[beaten]),
        pl.when(pl.Series(previous[beaten] > 0)).then(days).alias("previous_performed_on"),
    )


def _values(rows: pl.DataFrame, column: str) -> groups.Integers:
    return rows.get_column(column).fill_null(0).to_numpy()


def _first(rows: pl.DataFrame) -> groups.Numbers:
    athlete, exercise_id = (rows.get_column(name).fill_null(0).to_numpy() for name in ("athlete", "exercise_id"))
    return groups.starts(groups.packed(athlete, exercise_id))


def _known(previous: groups.Integers) -> pl.Series:
    values = pl.Series("previous", previous, dtype=pl.Int64)
    return values.set(pl.Series(previous == 0), None)


def _most_reps(rows: pl.DataFrame, within: list[str]) -> pl.DataFrame:
    is_load = pl.col("metric") <= REP_MAXIMA[-1]
    loads = rows.filter(is_load).sort("metric", descending=True).unique([*within, "value"], keep="first")
    return pl.concat([loads, rows.filter(~is_load)])
