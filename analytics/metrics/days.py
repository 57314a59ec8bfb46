"""Trained days: what was done in each, in integers that any period is summed from."""

import numpy as np
import polars as pl

from analytics.metrics import groups, load

COLUMNS = ("sessions", "sets", "hard_sets", "volume_g", "volume_sets", "effort", "recorded")
_LIFTED = ("sets", "hard_sets", "volume_g", "volume_sets")


def totals(atoms: pl.DataFrame, workouts: pl.DataFrame) -> pl.DataFrame:
    """By athlete and trained day: sessions, sets, hard_sets, volume_g over volume_sets of known volume, and effort.

    Every atom is of one of the workouts. `recorded` counts the sessions of recorded effort.
    Int64; `volume_g` is null where no volume is known.
    """
    effort, recorded = load.efforts(atoms, workouts)
    did = {"sessions": np.ones(len(effort), dtype=np.int64), "effort": effort, "recorded": recorded}
    days, done = groups.summed(groups.packed(*groups.arrays(workouts, "athlete", "performed_on")), did)
    trained = groups.packed(*groups.arrays(atoms, "athlete", "performed_on"))
    lifted_on, sums = groups.summed(trained, dict(zip(_LIFTED, groups.arrays(atoms, *_LIFTED, absent=0), strict=True)))
    at = days.searchsorted(lifted_on)
    for name, values in sums.items():
        done[name] = np.zeros(len(days), dtype=np.int64)
        done[name][at] = values
    athlete, day = groups.unpacked(days)
    rows = groups.framed({"athlete": athlete, "performed_on": day, **done}, "performed_on")
    known = pl.when(pl.col("volume_sets") > 0).then("volume_g").alias("volume_g")
    return rows.with_columns_seq(known).select_seq("athlete", "performed_on", *COLUMNS)
