"""The workouts that can decide a number, and what there is to tell them by."""

from collections.abc import Mapping, Set
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl
from msgspec import Struct

from analytics.explain.address import Address
from analytics.explain.without import Recorded
from analytics.training import Training


class Scope(Struct, frozen=True, kw_only=True):
    """What decides a number: `sessions` directly, and others by the bodyweight that they tell `through` sessions.

    Null means all of them. Where `exercise_id` is set, it is the atoms of that exercise alone.
    """

    sessions: Set[int] | None
    through: Set[int] | None = None
    exercise_id: int | None = None

    def candidates(self, recorded: Recorded) -> list[int]:
        """The sessions to leave out, in order."""
        numbers: list[int] = recorded.history.workouts.get_column("session").sort().to_list()
        if self.sessions is None:
            return numbers
        reaching = {
            session
            for session, reached in recorded.reach.items()
            if self.through is None or not reached.isdisjoint(self.through)
        }
        return [session for session in numbers if session in self.sessions or session in reaching]

    def narrowed(self, training: Training) -> pl.DataFrame:
        """The atoms that decide."""
        if self.exercise_id is None:
            return training.atoms
        return training.atoms.filter(pl.col("exercise_id") == self.exercise_id)


ALL = Scope(sessions=None)


class Known:
    """What the rules look at."""

    def __init__(self, recorded: Recorded, content: Any, address: Address) -> None:
        self.recorded, self.content, self.address = recorded, content, address
        self.training, self.as_of = recorded.training, recorded.history.as_of
        self.workouts = recorded.history.workouts

    def row(self, at: int, *fields: str) -> Mapping[str, str] | None:
        """The fields that name a row, if they are exactly those asked for."""
        named = dict(self.address.parts[at].row) if at < len(self.address.parts) else {}
        return named if set(named) == set(fields) else None

    def name(self, at: int) -> str | None:
        return self.address.parts[at].name if at < len(self.address.parts) else None

    def between(self, first: date, last: date) -> Set[int]:
        """The sessions of these days."""
        return self.of_workouts(pl.col("performed_on").is_between(first, last))

    def of_workouts(self, condition: pl.Expr) -> Set[int]:
        return set(self.workouts.filter(condition).get_column("session"))

    @cached_property
    def first_day(self) -> Set[int]:
        """The sessions of the first day ever trained; without them, what is counted from it begins later."""
        return self.of_workouts(pl.col("performed_on") == pl.col("performed_on").min())

    @cached_property
    def last_day(self) -> Set[int]:
        return self.of_workouts(pl.col("performed_on") == pl.col("performed_on").max())

    def of_atoms(self, condition: pl.Expr) -> Set[int]:
        return set(self.training.atoms.filter(condition).get_column("session"))
