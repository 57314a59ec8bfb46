"""Records: a value strictly greater than everything before it. The first session of its kind is a baseline, no record.

Kinds: the heaviest load for at least n full reps without a rest (n = 1..12; a heavier 5RM also beats the 3RM); e1RM by
its exact integer key within 10 effective reps; the volume of a set; an exercise's volume in a session; a session's
tonnage. Derived from the whole history each time, so an edit, a delete or a back-fill leaves no false one behind.
"""

import polars as pl

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
    values = pl.concat([_of_exercises(atoms), _of_sessions(atoms)])
    grouped = ("athlete", "exercise_id", "metric")
    before = pl.col("value").cum_max().shift(1).over(grouped)
    return (
        values.lazy()
        .filter(pl.col("value") > 0)
        .sort("athlete", "exercise_id", "metric", "session")
        .with_columns(previous=before)
        .filter(pl.col("previous").is_null() | (pl.col("value") > pl.col("previous")))
        .with_columns(previous_performed_on=pl.col("performed_on").shift(1).over(grouped))
        .collect()
    )


def standing(improved: pl.DataFrame) -> pl.DataFrame:
    """The bests that stand, one a kind; a load stands once, for the most reps that it was moved."""
    last = improved.unique(["athlete", "exercise_id", "metric"], keep="last", maintain_order=True)
    return _most_reps(last, ["athlete", "exercise_id"]).sort("athlete", "exercise_id", "metric")


def feed(improved: pl.DataFrame) -> pl.DataFrame:
    """All records ever set, newest first, baselines left out; a load counts once, for the most reps."""
    beaten = improved.filter(pl.col("previous").is_not_null())
    order = ["athlete", "session", "exercise_id", "metric"]
    return _most_reps(beaten, ["exercise_id", "session"]).sort(order, descending=[False, True, False, False])


def _of_exercises(atoms: pl.DataFrame) -> pl.DataFrame:
    long = atoms.unpivot(
        list(_COLUMNS), index=["athlete", "exercise_id", "session", "performed_on"], variable_name="metric"
    )
    return long.with_columns(pl.col("metric").replace_strict(_COLUMNS, return_dtype=pl.Int32))


def _of_sessions(atoms: pl.DataFrame) -> pl.DataFrame:
    tonnage = atoms.group_by("athlete", "session", "performed_on").agg(pl.col("volume_g").sum().alias("value"))
    return tonnage.select(
        "athlete",
        pl.lit(None, pl.Int32).alias("exercise_id"),
        "session",
        "performed_on",
        pl.lit(SESSION_TONNAGE, pl.Int32).alias("metric"),
        "value",
    )


def _most_reps(rows: pl.DataFrame, within: list[str]) -> pl.DataFrame:
    is_load = pl.col("metric") <= REP_MAXIMA[-1]
    loads = rows.filter(is_load).sort("metric", descending=True).unique([*within, "value"], keep="first")
    return pl.concat([loads, rows.filter(~is_load)])
