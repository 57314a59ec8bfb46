"""Records as the records document states them."""

from collections.abc import Mapping

import polars as pl

from analytics.metrics import e1rm, records
from models.domain.insights import Record, RecordKind

_KINDS = {
    records.E1RM: RecordKind.E1RM,
    records.SET_VOLUME: RecordKind.SET_VOLUME,
    records.EXERCISE_VOLUME: RecordKind.EXERCISE_VOLUME,
    records.SESSION_TONNAGE: RecordKind.SESSION_TONNAGE,
}


def records_of(rows: pl.DataFrame, names: Mapping[int, str], workout_ids: Mapping[int, str]) -> tuple[Record, ...]:
    """The rows of `metrics.records` as structs, in their order."""
    return tuple(
        Record(
            kind=_KINDS.get(metric, RecordKind.LOAD_FOR_REPS),
            exercise_id=exercise_id,
            exercise=None if exercise_id is None else names[exercise_id],
            reps=None if metric in _KINDS else metric,
            value_kg=_kg(metric, value),
            previous_value_kg=None if previous is None else _kg(metric, previous),
            previous_performed_on=previous_on,
            performed_on=performed_on,
            workout_id=workout_ids[session],
        )
        for exercise_id, metric, session, performed_on, value, previous, previous_on in rows.select(
            "exercise_id", "metric", "session", "performed_on", "value", "previous", "previous_performed_on"
        ).iter_rows()
    )


def _kg(metric: int, value: int) -> float:
    return e1rm.key_kg(value) if metric == records.E1RM else value / 1000
