"""The real logs' independent normalisation as histories: names stand in for ids, weights for external loads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from analytics.frames import BODYWEIGHTS, EXERCISES, MUSCLES, SETS, WORKOUTS, History, Schema, empty_history
from models.domain.bounds import MAX_LOAD_G
from models.domain.exercises import LOAD_MODE_CODES, LoadMode
from models.domain.workouts import SET_KIND_CODES, SetKind

KINDS = {
    "normal": SET_KIND_CODES[SetKind.WORKING],
    "warmup": SET_KIND_CODES[SetKind.WARM_UP],
    "drop": SET_KIND_CODES[SetKind.DROP],
    "failure": SET_KIND_CODES[SetKind.FAILURE],
}
EXTERNAL = LOAD_MODE_CODES[LoadMode.EXTERNAL]


def histories(parquet: Path) -> Iterator[tuple[str, History]]:
    """Each athlete's history as of the last day trained; assistance (negative weight) has no load here."""
    rows = pl.read_parquet(parquet).sort("athlete", "started_at", maintain_order=True)
    for (athlete,), own in rows.group_by("athlete", maintain_order=True):
        yield str(athlete), _history(own)


def _history(rows: pl.DataFrame) -> History:
    rows = rows.with_columns(
        session=pl.col("started_at").rank("dense") - 1,
        exercise_id=pl.col("exercise").rank("dense"),
        performed_on=pl.col("started_at").dt.date(),
    ).with_columns(position=pl.int_range(pl.len()).over("session"))
    workouts = rows.select("session", "performed_on", "started_at").unique().sort("session")
    as_of: Any = workouts.get_column("performed_on").max()
    return History(
        sets=_conform(_sets(rows), SETS),
        workouts=_conform(_workouts(workouts), WORKOUTS),
        exercises=_conform(_exercises(rows), EXERCISES),
        muscles=pl.DataFrame(schema=MUSCLES),
        bodyweights=pl.DataFrame(schema=BODYWEIGHTS),
        athletes=empty_history(as_of).athletes,
        as_of=as_of,
    )


def _sets(rows: pl.DataFrame) -> pl.DataFrame:
    load_g = (pl.col("weight_kg") * 1000).round()
    return rows.with_columns(
        kind=pl.col("set_type").replace_strict(KINDS),
        load_g=pl.when(load_g.is_between(0, MAX_LOAD_G)).then(load_g),
        reps=pl.when(pl.col("reps") <= 10_000).then(pl.col("reps")),
        rpe_tenths=pl.col("rpe") * 10,
        duration_ms=pl.col("duration_s").clip(0, 604_800) * 1000,
    )


def _workouts(workouts: pl.DataFrame) -> pl.DataFrame:
    return workouts.with_columns(
        athlete=0,
        workout_id=pl.col("session").cast(pl.String),
        started_at=pl.col("started_at").dt.replace_time_zone("UTC"),
    )


def _exercises(rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.select("exercise_id", name="exercise")
        .unique()
        .sort("exercise_id")
        .with_columns(
            pattern=pl.lit("other"), load_mode=EXTERNAL, unilateral=False, implements=1, bodyweight_permille=0
        )
    )


def _conform(rows: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    absent = [pl.lit(None).alias(name) for name in schema if name not in rows.columns]
    return rows.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in schema.items())
