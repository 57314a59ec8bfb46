"""A workout's digest tells of its content and of nothing else; the history's, of all that an athlete has recorded."""

from dataclasses import replace

import polars as pl
import pytest

from analytics import digests
from analytics.frames import KEYS, SETS, WORKOUTS, History, digest
from tests.analytics.histories import SQUAT, AnAthlete, ASet, AWorkout, history, shuffled

FIRST = AWorkout(day=0, sets=(ASet(), ASet(reps=3)), bodyweight_g=80_000)
SECOND = AWorkout(day=2, sets=(ASet(load_g=105_000),), duration_s=3600, session_rpe_tenths=80)
HISTORY = history(FIRST, SECOND, athlete=AnAthlete(sex="female", birth_year=1990, weighed={1: 81_000}))


def contents(given: History) -> list[bytes]:
    return digests.of_workouts(given.workouts, given.sets)


def test_a_workout_keeps_its_digest_whatever_stands_before_it() -> None:
    second = pl.col("session") == 1
    alone = replace(
        HISTORY,
        workouts=HISTORY.workouts.filter(second).with_columns(athlete=pl.lit(7, pl.Int32), session=pl.lit(9, pl.Int32)),
        sets=HISTORY.sets.filter(second).with_columns(session=pl.lit(9, pl.Int32)),
    )
    assert contents(alone) == contents(HISTORY)[1:]


def test_digests_come_in_the_order_of_the_workouts_whatever_that_of_the_sets() -> None:
    rows = shuffled(HISTORY, 2)
    assert digests.of_workouts(HISTORY.workouts, rows.sets) == contents(HISTORY)
    assert digests.of_workouts(HISTORY.workouts.reverse(), rows.sets) == contents(HISTORY)[::-1]


@pytest.mark.parametrize("column", sorted(SETS.keys() - {"session"}))
def test_every_column_of_a_set_tells(column: str) -> None:
    changed = pl.when(pl.col("session") == 0).then(17).otherwise(pl.col(column)).cast(SETS[column]).alias(column)
    before, after = contents(HISTORY), contents(replace(HISTORY, sets=HISTORY.sets.with_columns(changed)))
    assert [before[at] == after[at] for at in (0, 1)] == [False, True]


@pytest.mark.parametrize("column", sorted(WORKOUTS.keys() - {"athlete", "session", "workout_id"}))
def test_every_column_of_a_workout_tells(column: str) -> None:
    changed = pl.when(pl.col("session") == 0).then(pl.lit(17).cast(WORKOUTS[column])).otherwise(pl.col(column))
    workouts = HISTORY.workouts.with_columns(changed.alias(column))
    before, after = contents(HISTORY), digests.of_workouts(workouts, HISTORY.sets)
    assert [before[at] == after[at] for at in (0, 1)] == [False, True]


def test_a_set_that_is_gone_tells() -> None:
    fewer = HISTORY.sets.filter((pl.col("session") > 0) | (pl.col("position") == 0))
    assert contents(replace(HISTORY, sets=fewer))[0] != contents(HISTORY)[0]


@pytest.mark.parametrize("name", KEYS)
def test_every_other_frame_tells_in_the_digest_of_the_history(name: str) -> None:
    rows: pl.DataFrame = getattr(HISTORY, name)
    for column in set(rows.columns) - {"athlete"}:
        kept = rows.get_column(column)
        others = rows.with_columns(kept.reverse() if kept.n_unique() > 1 else pl.lit(None, kept.dtype).alias(column))
        if others.equals(rows):
            others = rows.with_columns(pl.lit(1).cast(kept.dtype).alias(column))
        assert digest(replace(HISTORY, **{name: others})) != digest(HISTORY), column
        assert digest(replace(HISTORY, **{name: rows.reverse()})) == digest(HISTORY)


def test_which_workout_has_which_content_tells() -> None:
    swapped = HISTORY.workouts.with_columns(pl.col("workout_id").reverse())
    assert digest(replace(HISTORY, workouts=swapped)) != digest(HISTORY)


def test_a_workout_without_sets_is_another_history_than_none() -> None:
    [only] = contents(replace(history(AWorkout(sets=(ASet(exercise_id=SQUAT),))), sets=pl.DataFrame(schema=SETS)))
    assert len(only) == 32
