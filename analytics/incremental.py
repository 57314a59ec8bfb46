"""Training from all of a history, or from an earlier state and what has changed since: equal to the last byte.

An atom depends on its workout's sets, on its exercise, on the merges that lead to that, and on the bodyweight as of the
workout's day, if it moves the body. Workouts none of whose atoms any change reaches keep them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import digests, frames, stored
from analytics.frames import EXERCISES, MUSCLES, SETS, WORKOUTS, History, frame
from analytics.metrics import groups, volume
from analytics.metrics.atoms import atoms as atoms_of
from analytics.state import DECISIVE, KNOWN, TrainingState
from analytics.stored import Columns, Stored, Told
from analytics.training import Training, training_of


class Doubtful(Exception):
    """The state and the changes do not fit together: all is to be read."""


class StoredHistory(Stored, Protocol):
    """A history with what a state keeps of it."""

    @property
    def data_version(self) -> int: ...
    @property
    def merges(self) -> Mapping[int, int]: ...


class Changes(Protocol):
    """What differs from the state's version: see models.queries.training_state."""

    @property
    def data_version(self) -> int: ...
    @property
    def touched(self) -> Sequence[str]: ...
    @property
    def workouts(self) -> Columns: ...
    @property
    def sets(self) -> Columns: ...
    @property
    def exercises(self) -> Columns: ...
    @property
    def measured(self) -> Sequence[str]: ...
    @property
    def weighed(self) -> Columns: ...
    @property
    def merges(self) -> Mapping[int, int]: ...
    @property
    def told(self) -> Told: ...


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """An athlete's training, the digest of the history that it comes from, and the state to go on from."""

    training: Training
    digest: str
    state: TrainingState


@dataclass(frozen=True, kw_only=True)
class Pending:
    """The workouts as they are now, by session. What is known of one is null if it must be aggregated anew.

    `stale` are those of them whose sets have not been read.
    """

    state: TrainingState
    changes: Changes
    workouts: pl.DataFrame
    exercises: pl.DataFrame
    weighed: pl.DataFrame
    bodyweights: pl.DataFrame
    stale: list[str]


def of_history(read: StoredHistory, as_of: date) -> Loaded:
    """The training of everything, aggregated anew."""
    history = stored.to_frames(read, as_of)
    training = training_of(history)
    workouts = _known(history)
    state = TrainingState(
        data_version=read.data_version,
        workouts=workouts,
        atoms=training.atoms,
        exercises=history.exercises.select(*DECISIVE),
        weighed=stored.weighed(read.weighed),
        merges=read.merges,
    )
    return Loaded(training=training, digest=_digest(training, workouts), state=state)


def begun(state: TrainingState, changes: Changes) -> Pending:
    """What the changes reach. Raises Doubtful where they cannot be of this state."""
    if changes.data_version < state.data_version:
        raise Doubtful
    weighed, exercises = _weighed(state, changes), frame(EXERCISES, changes.exercises)
    reached = _reached(state, changes, exercises)
    kept = state.workouts.filter(~pl.col("workout_id").is_in(list(changes.touched)))
    kept = kept.with_columns(is_kept=~pl.col("session").is_in(reached), before="session")
    workouts = _numbered(pl.concat([kept, _added(changes)], how="diagonal"))
    bodyweights = stored.bodyweights(workouts, weighed)
    as_of_g = _as_of(workouts, bodyweights)
    same = ~pl.col("is_weighed") | pl.col("as_of_g").eq_missing(as_of_g)
    workouts = workouts.with_columns((pl.col("is_kept") & same).fill_null(False), as_of_g=as_of_g)
    stale = workouts.filter(~pl.col("is_kept") & pl.col("before").is_not_null())
    return Pending(
        state=state,
        changes=changes,
        workouts=workouts,
        exercises=exercises,
        weighed=weighed,
        bodyweights=bodyweights,
        stale=stale.get_column("workout_id").to_list(),
    )


def finished(pending: Pending, stale_sets: Columns | None, as_of: date) -> Loaded:
    """The training as it is now, with the sets of the stale workouts. Raises Doubtful where something is missing."""
    fresh = _fresh(pending, stale_sets, as_of)
    merged = _merged(pending, atoms_of(fresh))
    training = _training(pending, merged, as_of)
    workouts = pl.concat([pending.workouts.filter("is_kept").select(*KNOWN), _known(fresh)]).sort("session")
    state = TrainingState(
        data_version=pending.changes.data_version,
        workouts=workouts,
        atoms=merged,
        exercises=training.exercises.select(*DECISIVE),
        weighed=pending.weighed,
        merges=pending.changes.merges,
    )
    return Loaded(training=training, digest=_digest(training, workouts), state=state)


def _weighed(state: TrainingState, changes: Changes) -> pl.DataFrame:
    """The measured bodyweights as they are now."""
    if not changes.measured:
        return state.weighed
    kept = state.weighed.filter(~pl.col("id").is_in(list(changes.measured)))
    return pl.concat([kept, stored.weighed(changes.weighed)])


def _reached(state: TrainingState, changes: Changes, exercises: pl.DataFrame) -> list[int]:
    """The state's sessions with an exercise that is described otherwise now, or in which sets counted as it did."""
    now = exercises.select(*DECISIVE)
    otherwise = state.exercises.join(now, on=list(DECISIVE), how="anti", nulls_equal=True)
    named = {*otherwise.get_column("exercise_id").to_list(), *_remerged(state.merges, changes.merges)}
    if not named:
        return []
    return state.atoms.filter(pl.col("exercise_id").is_in(named)).get_column("session").unique().to_list()


def _remerged(before: Mapping[int, int], now: Mapping[int, int]) -> Iterable[int]:
    """The exercises as which merged ones counted that count as another one now."""
    for exercise_id in before.keys() | now.keys():
        if (counted_as := before.get(exercise_id, exercise_id)) != now.get(exercise_id, exercise_id):
            yield counted_as


def _added(changes: Changes) -> pl.DataFrame:
    schema = {name: dtype for name, dtype in WORKOUTS.items() if name != "session"}
    return frame(schema, {"athlete": [0] * len(changes.workouts["workout_id"]), **changes.workouts})


def _numbered(workouts: pl.DataFrame) -> pl.DataFrame:
    """The workouts in the order of their sessions, numbered from 0."""
    ordered = workouts.drop("session").sort("started_at", "workout_id")
    return ordered.with_columns(pl.int_range(pl.len(), dtype=pl.Int32).alias("session"))


def _as_of(workouts: pl.DataFrame, bodyweights: pl.DataFrame) -> pl.Series:
    """One athlete's bodyweight of the day of each workout, or of the last day before that has one."""
    days = bodyweights.get_column("day").to_physical().to_numpy()
    found = np.searchsorted(days, workouts.get_column("performed_on").to_physical().to_numpy(), side="right") - 1
    grams = np.append(bodyweights.get_column("bodyweight_g").to_numpy(), np.int32(groups.NOTHING))
    as_of_g = pl.Series("as_of_g", grams[found], dtype=pl.Int32)
    return as_of_g.set(pl.Series(found < 0), None)


def _fresh(pending: Pending, stale_sets: Columns | None, as_of: date) -> History:
    """The history of the workouts that are aggregated anew, with the numbers that they have among all."""
    workouts = pending.workouts.filter(~pl.col("is_kept")).select(*WORKOUTS)
    numbers = dict(zip(workouts.get_column("workout_id"), workouts.get_column("session"), strict=True))
    return History(
        sets=pl.concat([_sets(sets, numbers) for sets in (pending.changes.sets, stale_sets) if sets]),
        workouts=workouts,
        exercises=pending.exercises,
        muscles=pl.DataFrame(schema=MUSCLES),
        bodyweights=pending.bodyweights,
        athletes=stored.athletes([pending.changes.told]),
        as_of=as_of,
    )


def _sets(columns: Columns, numbers: Mapping[str, int]) -> pl.DataFrame:
    try:
        return frame(SETS, {**columns, "session": [numbers[workout_id] for workout_id in columns["workout_id"]]})
    except KeyError as error:
        raise Doubtful from error


def _merged(pending: Pending, fresh: pl.DataFrame) -> pl.DataFrame:
    """The atoms kept, with the sessions' new numbers, and those made anew."""
    kept = pending.workouts.filter("is_kept")
    numbers = np.full(pending.state.workouts.height, -1, dtype=np.int32)
    numbers[kept.get_column("before").to_numpy()] = kept.get_column("session").to_numpy()
    before = pending.state.atoms
    renumbered = before.with_columns(session=pl.Series(numbers).gather(before.get_column("session")))
    return pl.concat([renumbered.filter(pl.col("session") >= 0), fresh]).sort("session", "exercise_id")


def _training(pending: Pending, merged: pl.DataFrame, as_of: date) -> Training:
    used = merged.get_column("exercise_id").unique()
    exercises = pending.exercises.filter(pl.col("exercise_id").is_in(used.implode()))
    if exercises.height != used.len():
        raise Doubtful
    muscles = stored.muscles(pending.changes.exercises)
    return Training(
        atoms=merged,
        workouts=pending.workouts.select(*WORKOUTS),
        exercises=exercises,
        muscles=muscles.filter(pl.col("exercise_id").is_in(used.implode())),
        bodyweights=pending.bodyweights,
        athletes=stored.athletes([pending.changes.told]),
        as_of=as_of,
    )


def _known(history: History) -> pl.DataFrame:
    """The workouts with what a state keeps of them."""
    contents = digests.of_workouts(history.workouts, history.sets)
    return history.workouts.with_columns(
        pl.Series("content", contents, dtype=pl.Binary),
        _as_of(history.workouts, history.bodyweights),
        pl.Series("is_weighed", _moves_the_body(history)),
    )


def _moves_the_body(history: History) -> NDArray[np.bool_]:
    """Of each workout whether it has a set whose moved load includes the body's."""
    session, exercise_id, mode = groups.arrays(history.sets, "session", "exercise_id", "load_mode")
    exercises, default = groups.arrays(history.exercises, "exercise_id", "load_mode")
    order = exercises.argsort()
    at = order[groups.positions(exercises[order], exercise_id)]
    moving = np.isin(np.where(mode == groups.NOTHING, default[at], mode), volume.BODYWEIGHT_MODES)
    (workouts,) = groups.arrays(history.workouts, "session")
    return np.isin(workouts, session[moving])


def _digest(training: Training, workouts: pl.DataFrame) -> str:
    return frames.digest_of(training, workouts.get_column("content").to_list())
