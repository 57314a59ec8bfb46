"""Muscles: fractional hard sets by week and by exercise, in thousandths of a set (see volume)."""

import polars as pl


def targeted(atoms: pl.DataFrame, muscles: pl.DataFrame) -> pl.DataFrame:
    """One row an atom with hard sets and muscle that its exercise trains, with `milli_sets` (Int64)."""
    names = ("athlete", "week_start", "performed_on", "session", "exercise_id", "hard_sets")
    hard = atoms.select_seq(names).filter(pl.col("hard_sets") > 0).join(muscles, on="exercise_id")
    return hard.with_columns(milli_sets=pl.col("hard_sets").cast(pl.Int64) * pl.col("share_milli"))


def weeks(targeted: pl.DataFrame) -> pl.DataFrame:
    """By athlete, muscle and trained week: milli_sets, the sessions that trained it, and the last day of them."""
    return (
        targeted.group_by("athlete", "muscle", "week_start")
        .agg(pl.col("milli_sets").sum(), pl.col("session").n_unique().alias("sessions"), pl.col("performed_on").max())
        .sort("athlete", "muscle", "week_start")
    )


def contributions(targeted: pl.DataFrame) -> pl.DataFrame:
    """By athlete, muscle and exercise: hard sets and milli_sets, the greatest first."""
    return (
        targeted.group_by("athlete", "muscle", "exercise_id")
        .agg(pl.col("hard_sets", "milli_sets").sum())
        .sort("athlete", "muscle", "milli_sets", "exercise_id", descending=[False, False, True, False])
    )
