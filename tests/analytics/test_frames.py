"""The history's digest: the same for the same training, another for any change of it."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from analytics.frames import MUSCLES, SETS, digest, empty_history, frame
from tests.analytics.histories import MONDAY, ASet, AWorkout, history, progressing, shuffled

HISTORY = history(*progressing(30))


@pytest.mark.parametrize("seed", range(3))
def test_the_digest_does_not_depend_on_the_order_of_rows(seed: int) -> None:
    assert digest(shuffled(HISTORY, seed)) == digest(HISTORY)


def test_the_digest_is_written_down_so_that_no_library_changes_it_unseen() -> None:
    assert digest(history(AWorkout(sets=(ASet(), ASet(reps=None, rpe_tenths=85))))) == WRITTEN


@pytest.mark.parametrize("column", ["reps", "load_g", "kind", "rpe_tenths", "side"])
def test_any_changed_cell_changes_the_digest(column: str) -> None:
    changed = pl.when(pl.col("session") == 3).then(1).otherwise(pl.col(column)).cast(SETS[column]).alias(column)
    assert digest(replace(HISTORY, sets=HISTORY.sets.with_columns(changed))) != digest(HISTORY)


def test_null_is_another_value_than_zero() -> None:
    unknown, failed = (history(AWorkout(sets=(ASet(reps=reps),))) for reps in (None, 0))
    assert digest(unknown) != digest(failed)


def test_as_of_is_lineage_of_its_own() -> None:
    assert digest(replace(HISTORY, as_of=HISTORY.as_of + timedelta(days=1))) == digest(HISTORY)


def test_chunks_and_slices_do_not_change_the_digest() -> None:
    halves = pl.concat([HISTORY.sets.head(7), HISTORY.sets.tail(HISTORY.sets.height - 7)], rechunk=False)
    assert digest(replace(HISTORY, sets=halves)) == digest(HISTORY)


def test_an_empty_history_has_a_digest_too() -> None:
    assert len(digest(empty_history(MONDAY))) == 64


def test_a_frame_takes_its_columns_in_the_order_of_the_schema() -> None:
    rows = frame(MUSCLES, {"share_milli": [500], "muscle": ["chest"], "exercise_id": [1]})
    assert dict(rows.schema) == MUSCLES


WRITTEN = "fcff24e7497b72ac7e0a95916fa2c883dd42ce3b71f20ba3ad3e6ffd85447a2e"
