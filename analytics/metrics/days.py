"""Trained days: what was done in each, in integers that any period is summed from."""

import polars as pl

from analytics.metrics import load

COLUMNS = ("sessions", "sets", "hard_sets", "volume_g", "volume_sets", "effort", "recorded")


def totals(atoms: pl.DataFrame, workouts: pl.DataFrame) -> pl.DataFrame:
    """By athlete and trained day: sessions, sets, hard_sets, volume_g over volume_sets of known volume, and effort.

    `recorded` counts the sessions of recorded effort.
    Int64; `volume_g` is null where no volume is known.
    """
    sums = tuple(pl.col(name).sum().cast(pl.Int64) for name in ("sets", "hard_sets", "volume_sets"))
    known = pl.when(pl.col("volume_sets").sum() > 0).then(pl.col("volume_g").sum()).alias("volume_g")
    lifted = atoms.group_by("athlete", "performed_on").agg(*sums, known)
    return (
        load.sessions(atoms, workouts)
        .group_by("athlete", "performed_on")
        .agg(pl.len().cast(pl.Int64).alias("sessions"), pl.col("effort", "recorded").sum().cast(pl.Int64))
        .join(lifted, on=("athlete", "performed_on"), how="left")
        .with_columns(pl.col("sets", "hard_sets", "volume_sets").fill_null(0))
        .select("athlete", "performed_on", *COLUMNS)
        .sort("athlete", "performed_on")
    )
