"""A training without one of its workouts, exactly as if it had been deleted.

A workout also tells the bodyweight that its own sets and later ones are computed with: where it was the one in effect,
the weighing before it takes its place, and the sets that it reaches are aggregated again.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import polars as pl

from analytics import stored
from analytics.frames import BODYWEIGHTS, History, frame
from analytics.metrics import volume
from analytics.training import Training, training_of


@dataclass(frozen=True, kw_only=True)
class Weighing:
    """A bodyweight of a day, told by a workout or, where that is null, measured."""

    day: date
    bodyweight_g: int
    workout_id: str | None


def recorded(history: History, measured: pl.DataFrame) -> "Recorded":
    """The history with the weighings of its workouts and those `measured` beside them (see stored.weighed)."""
    rows = stored.weighings(history.workouts, measured).select("day", "bodyweight_g", "by", "id").iter_rows()
    weighings = [
        Weighing(day=day, bodyweight_g=grams, workout_id=None if by else told_by) for day, grams, by, told_by in rows
    ]
    return Recorded(history, weighings)


@dataclass(frozen=True)
class Recorded:
    """The history of one athlete with every weighing in it, in order: of those of a day the last one counts."""

    history: History
    weighings: Sequence[Weighing]

    @cached_property
    def training(self) -> Training:
        """With every workout."""
        return training_of(self.history)

    @cached_property
    def reach(self) -> Mapping[int, frozenset[int]]:
        """The other sessions that have a set computed with the bodyweight that a session told, by that session."""
        found = {session: self._reached(session, *change) for session, change in self._changes.items()}
        return {session: reached for session, reached in found.items() if reached}

    def in_effect(self, on: date) -> Set[int]:
        """The sessions without which another bodyweight would be in effect on a day."""
        day = max((day for day in self._by_day if day <= on), default=None)
        return {session for session, (changed, _) in self._changes.items() if changed == day}

    def without(self, session: int) -> Training:
        """The training without a session; the later ones are numbered as if it had never been."""
        if session in self.reach:
            return training_of(self.history_without(session))
        training = self.training
        left = _left_out(training.atoms, session)
        exercises, muscles = training.exercises, training.muscles
        if session in self._only_there:
            exercises, muscles = (rows.join(left, on="exercise_id", how="semi") for rows in (exercises, muscles))
        return replace(
            training,
            atoms=left,
            workouts=_left_out(training.workouts, session),
            exercises=exercises,
            muscles=muscles,
            bodyweights=self._bodyweights_without(session),
        )

    def history_without(self, session: int) -> History:
        """The history without a session, with the exercises that still occur."""
        history = self.history
        sets = _left_out(history.sets, session)
        return replace(
            history,
            sets=sets,
            workouts=_left_out(history.workouts, session),
            exercises=history.exercises.join(sets, on="exercise_id", how="semi"),
            muscles=history.muscles.join(sets, on="exercise_id", how="semi"),
            bodyweights=self._bodyweights_without(session),
        )

    def _bodyweights_without(self, session: int) -> pl.DataFrame:
        if session not in self._changes:
            return self.history.bodyweights
        day, grams = self._changes[session]
        told = {**self._by_day, day: grams}
        days = {day: told for day, told in sorted(told.items()) if told is not None}
        athlete = self.history.athletes.item(0, "athlete")
        columns = {"athlete": [athlete] * len(days), "day": list(days), "bodyweight_g": list(days.values())}
        return frame(BODYWEIGHTS, columns)

    @cached_property
    def _by_day(self) -> dict[date, int | None]:
        return {weighing.day: weighing.bodyweight_g for weighing in self.weighings}

    @cached_property
    def _changes(self) -> Mapping[int, tuple[date, int | None]]:
        """The day whose bodyweight would be another one without a session, and which: null where none is left."""
        sessions = {workout_id: session for session, workout_id, _ in self._workouts()}
        changes: dict[int, tuple[date, int | None]] = {}
        for weighing in self.weighings:
            if weighing.workout_id is not None:
                others = [one for one in self.weighings_on[weighing.day] if one.workout_id != weighing.workout_id]
                left = others[-1].bodyweight_g if others else None
                if left != self._by_day[weighing.day]:
                    changes[sessions[weighing.workout_id]] = (weighing.day, left)
        return changes

    @cached_property
    def weighings_on(self) -> Mapping[date, Sequence[Weighing]]:
        """The weighings of each day, in order."""
        grouped: dict[date, list[Weighing]] = {}
        for weighing in self.weighings:
            grouped.setdefault(weighing.day, []).append(weighing)
        return grouped

    def _reached(self, session: int, day: date, _: int | None) -> frozenset[int]:
        until = min((later for later in self._by_day if later > day), default=date.max)
        return frozenset(one for one, on in self._by_bodyweight.items() if day <= on < until and one != session)

    @cached_property
    def _by_bodyweight(self) -> Mapping[int, date]:
        """The day of each session with a set whose load includes a share of the bodyweight."""
        modes = self.history.exercises.select("exercise_id", default_mode="load_mode")
        mode = pl.coalesce("load_mode", "default_mode")
        used = self.history.sets.join(modes, on="exercise_id", how="left").filter(mode.is_in(volume.BODYWEIGHT_MODES))
        days = {session: day for session, _, day in self._workouts()}
        return {session: days[session] for session in used.get_column("session").unique()}

    @cached_property
    def _only_there(self) -> frozenset[int]:
        """The sessions with an exercise that occurs in no other."""
        once = self.training.atoms.filter(pl.len().over("exercise_id") == 1)
        return frozenset(once.get_column("session"))

    def _workouts(self) -> Iterator[tuple[int, str, date]]:
        return self.history.workouts.select("session", "workout_id", "performed_on").iter_rows()


def _left_out(rows: pl.DataFrame, session: int) -> pl.DataFrame:
    number = pl.col("session")
    return rows.filter(number != session).with_columns(number - (number > session).cast(pl.Int32))
