"""The core metrics of many athletes at once: volume, muscles, e1RM with records, and training load."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
import polars as pl

from analytics.frames import History
from analytics.metrics import groups, load, records, volume
from analytics.metrics.atoms import Engine, aggregated

_AGGREGATED = ("sets", "hard_sets", "volume_g", "volume_sets", "effort", "e1rm_key", "record_key")
# So many sets' columns stay in a processor's caches.
CHUNK_SETS = 300_000


@dataclass(frozen=True, kw_only=True)
class Core:
    """The frames of the core metrics, each sorted by its keys; all but the floats of `days` are exact integers.

    - weeks: athlete, week_start; sessions, sets, hard_sets, volume_g of the volume_sets whose volume is known
    - muscle_weeks: athlete, muscle, week_start; milli_sets
    - e1rms: athlete, exercise_id, session, performed_on; e1rm_key, record_key, previous, is_record
    - days: athlete, day; load, source, fitness, fatigue, form, and monotony and strain of the seven days up to it
    """

    weeks: pl.DataFrame
    muscle_weeks: pl.DataFrame
    e1rms: pl.DataFrame
    days: pl.DataFrame


def core(history: History, *, engine: Engine = "in-memory") -> Core:
    """The core metrics of everybody in the history, up to its `as_of`, by the definitions that the documents use.

    No athlete's rows depend on another's, so a history may be computed in parts. The engine changes no digit.
    """
    atoms = aggregated(history, _AGGREGATED, engine)
    return Core(
        weeks=volume.weekly(atoms),
        muscle_weeks=volume.muscle_weeks(atoms, history.muscles),
        e1rms=records.e1rms(atoms),
        days=load.days(atoms, history.workouts, history.as_of),
    )


def of_population(history: History, *, chunk_sets: int = CHUNK_SETS, threads: int | None = None) -> Core:
    """`core` of a large history, a chunk of athletes at a time: less memory, warmer caches, every processor.

    A chunk has at least one athlete, and no more than about `chunk_sets` sets with more than one.
    """
    with ThreadPoolExecutor(threads or pl.thread_pool_size()) as pool:
        parts = list(pool.map(core, in_chunks(history, chunk_sets)))
    return Core(**{field.name: _joined([getattr(part, field.name) for part in parts]) for field in fields(Core)})


def in_chunks(history: History, chunk_sets: int) -> Iterator[History]:
    """The histories of athletes with neighbouring numbers, in their order; at least one, empty or not."""
    sets, workouts = _in_order(history.sets), _in_order(history.workouts)
    weighed = history.bodyweights.sort("athlete", "day")
    athlete, session = groups.arrays(workouts, "athlete", "session")
    first = groups.starts(athlete)
    (trained,) = groups.arrays(sets, "session")
    row = trained.searchsorted(session[first])
    # An athlete begins a chunk where its first set is the first one beyond another multiple.
    begun = first[groups.starts(row // chunk_sets)] if len(first) else np.zeros(1, np.int64)
    for begin, end in pairwise([*begun.tolist(), len(session)]):
        own = workouts.slice(begin, end - begin)
        yield History(
            sets=_between(sets, "session", session[begin:end]),
            workouts=own,
            exercises=history.exercises,
            muscles=history.muscles,
            bodyweights=_between(weighed, "athlete", athlete[begin:end]),
            athletes=history.athletes.join(own, on="athlete", how="semi"),
            as_of=history.as_of,
        )


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    (session,) = groups.arrays(rows, "session")
    return rows if np.all(session[1:] >= session[:-1]) else rows.sort("session")


def _between(rows: pl.DataFrame, column: str, values: groups.Integers) -> pl.DataFrame:
    """The rows from the first of the values to the last one; both are in order."""
    (present,) = groups.arrays(rows, column)
    if not len(values):
        return rows.clear()
    begin = int(np.searchsorted(present, values[:1])[0])
    end = int(np.searchsorted(present, values[-1:], side="right")[0])
    return rows.slice(begin, end - begin)


def _joined(parts: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts, rechunk=False)
