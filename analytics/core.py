"""The core metrics of many athletes at once: volume, muscles, e1RM with records, and training load."""

from dataclasses import dataclass

import polars as pl

from analytics.frames import History
from analytics.metrics import load, records, volume
from analytics.metrics.atoms import Engine, aggregated

_AGGREGATED = ("sets", "hard_sets", "volume_g", "volume_sets", "effort", "e1rm_key", "record_key")


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
    """The core metrics of everybody in the history, up to its `as_of`, by the definitions of the documents.

    No athlete's rows depend on another's, so a history may be computed in parts. The engine changes no digit.
    """
    atoms = aggregated(history, _AGGREGATED, engine)
    return Core(
        weeks=volume.weekly(atoms),
        muscle_weeks=volume.muscle_weeks(atoms, history.muscles),
        e1rms=records.e1rms(atoms),
        days=load.days(atoms, history.workouts, history.as_of),
    )
