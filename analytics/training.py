"""Training: a history aggregated once, to one row an exercise and session; what the steps compute from."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from analytics.frames import History
from analytics.metrics import load, records
from analytics.metrics.atoms import atoms


@dataclass(frozen=True, kw_only=True)
class Training:
    """The atoms of a history (see metrics.atoms) with the history's frames around them, all but the sets themselves.

    Of one athlete, as steps receive it, or of many. The rows may come in any order: no result depends on it. What
    several steps need is computed once: they run one after the other on the same training.
    """

    atoms: pl.DataFrame
    workouts: pl.DataFrame
    exercises: pl.DataFrame
    muscles: pl.DataFrame
    bodyweights: pl.DataFrame
    athletes: pl.DataFrame
    as_of: date

    @cached_property
    def improvements(self) -> pl.DataFrame:
        """Every value that beat all before it (see metrics.records)."""
        return records.improvements(self.atoms)

    @cached_property
    def days(self) -> pl.DataFrame:
        """One athlete's load by calendar day up to `as_of`, with fitness, fatigue and form (see metrics.load)."""
        days = load.daily(self.atoms, self.workouts, self.as_of)
        return pl.concat([days, load.averages(days.get_column("load"))], how="horizontal")


def training_of(history: History) -> Training:
    """Aggregate the sets; `session` and `athlete` stay what they are."""
    return Training(
        atoms=atoms(history),
        workouts=history.workouts,
        exercises=history.exercises,
        muscles=history.muscles,
        bodyweights=history.bodyweights,
        athletes=history.athletes,
        as_of=history.as_of,
    )
