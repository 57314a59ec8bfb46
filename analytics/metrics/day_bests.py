"""The best e1RM of an exercise by day: of two sessions on a day the better one, of equal ones the earlier."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import polars as pl

_COLUMNS = ("performed_on", "e1rm_key", "best_moved_g", "best_reps")


class DayBests(NamedTuple):
    """The days with an e1RM in order, and of each the key (see e1rm) with the load and the reps that it comes from."""

    performed_on: Sequence[date]
    e1rm_key: Sequence[int]
    moved_g: Sequence[int]
    reps: Sequence[int]

    @property
    def best(self) -> int:
        """Where the best one stands, of equal ones the earliest."""
        return self.e1rm_key.index(max(self.e1rm_key))


def day_bests(atoms: pl.DataFrame) -> dict[int, DayBests]:
    """By exercise, in the order of their ids, of one athlete; exercises without an e1RM are absent."""
    known = atoms.select_seq("exercise_id", "session", *_COLUMNS).filter(pl.col("e1rm_key").is_not_null())
    order, days = ("exercise_id", "performed_on", "e1rm_key", "session"), ("exercise_id", "performed_on")
    ranked = known.sort(order, descending=[False, False, True, False])
    best = ranked.unique(days, keep="first", maintain_order=True)
    grouped = best.group_by("exercise_id", maintain_order=True).agg(_COLUMNS)
    return {exercise_id: DayBests(*columns) for exercise_id, *columns in grouped.iter_rows()}
