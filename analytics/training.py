"""Training: a history aggregated once, to one row an exercise and session; what the steps compute from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from analytics.frames import History
from analytics.metrics import load, records
from analytics.metrics.atoms import atoms
from analytics.metrics.day_bests import DayBests, day_bests


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
    def day_bests(self) -> Mapping[int, DayBests]:
        """One athlete's best e1RMs by exercise and day (see metrics.day_bests)."""
        return day_bests(self.atoms)

    @cached_property
    def lacking(self) -> Mapping[int, pl.DataFrame]:
        """By exercise performed_on, unknown_low and unknown_high: why sets have no e1RM (see metrics.unknown)."""
        columns = self.atoms.select_seq("exercise_id", "performed_on", "unknown_low", "unknown_high")
        return {rows.item(0, "exercise_id"): rows for rows in columns.partition_by("exercise_id")}

    @cached_property
    def standing(self) -> pl.DataFrame:
        """The records that stand (see metrics.records)."""
        return records.standing(self.improvements)

    @cached_property
    def names(self) -> Mapping[int, str]:
        """The exercises' names by id."""
        return dict(zip(self.exercises["exercise_id"].to_list(), self.exercises["name"].to_list(), strict=True))

    @cached_property
    def workout_ids(self) -> Mapping[int, str]:
        """The workouts' ids by session."""
        return dict(zip(self.workouts["session"].to_list(), self.workouts["workout_id"].to_list(), strict=True))

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
