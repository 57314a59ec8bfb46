"""The training of many athletes, aggregated at once and handed out one by one, each as the own load gives it."""

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from analytics import digests, frames
from analytics.frames import History
from analytics.training import Training, training_of

_ALONE = pl.lit(0, pl.Int32).alias("athlete")


def of_each(history: History, days: Sequence[date]) -> Iterator[tuple[Training, str]]:
    """Each athlete's training as of the athlete's day, numbered by itself, with the digest of the own history.

    The history's athletes are numbered from 0, its workouts in the order of their sessions.
    """
    contents = digests.of_workouts(history.workouts, history.sets)
    training = training_of(history)
    athletes = pl.Series(range(len(days)), dtype=pl.Int32)
    bounds = {
        name: [*rows.get_column("athlete").search_sorted(athletes, side="left").to_list(), rows.height]
        for name, rows in (("workouts", history.workouts), ("atoms", training.atoms), ("weighed", history.bodyweights))
    }
    for number, as_of in enumerate(days):
        spans = {name: slice(*starts[number : number + 2]) for name, starts in bounds.items()}
        alone = _alone(training, number, as_of, spans)
        yield alone, frames.digest_of(alone, contents[spans["workouts"]])


def _alone(training: Training, number: int, as_of: date, spans: dict[str, slice]) -> Training:
    first = pl.lit(spans["workouts"].start, pl.Int32)
    renumbered = (_ALONE, pl.col("session") - first)
    atoms = training.atoms[spans["atoms"]].with_columns(*renumbered)
    used = atoms.get_column("exercise_id").unique().implode()
    return Training(
        atoms=atoms,
        workouts=training.workouts[spans["workouts"]].with_columns(*renumbered),
        exercises=training.exercises.filter(pl.col("exercise_id").is_in(used)),
        muscles=training.muscles.filter(pl.col("exercise_id").is_in(used)),
        bodyweights=training.bodyweights[spans["weighed"]].with_columns(_ALONE),
        athletes=training.athletes[number : number + 1].with_columns(_ALONE),
        as_of=as_of,
    )
