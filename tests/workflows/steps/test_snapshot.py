"""Snapshots: what was written comes back, whole, and what was changed is refused."""

import json
from pathlib import Path
from uuid import UUID

import polars as pl
import pytest

from analytics import frames
from analytics.frames import History
from models.domain.errors import Conflict, NotFound, StepFailed
from tests.analytics.histories import AWorkout, history, progressing
from workflows.steps import snapshot
from workflows.steps.pseudonyms import Person

KEY = b"k" * 32
SHORT = history(AWorkout(), AWorkout(day=3))
LONG = history(*progressing(7))
NOTHING = frames.empty_history(SHORT.as_of)


def written(target: Path, *histories: History) -> snapshot.Manifest:
    people = [Person(athlete_id=UUID(int=at), history=told) for at, told in enumerate(histories)]
    return snapshot.write(target, people, key=KEY, year=2026)


def test_each_history_comes_back_numbered_from_0(tmp_path: Path) -> None:
    written(tmp_path / "new", SHORT, LONG, NOTHING)
    found = [told for _, told in snapshot.histories(tmp_path / "new")]
    assert sorted(told.workouts.height for told in found) == [0, 2, 7]
    for told in found:
        assert told.workouts.get_column("session").to_list() == list(range(told.workouts.height))
        assert set(told.sets.get_column("session")) == set(range(told.workouts.height))
        assert told.athletes.get_column("athlete").to_list() == [0]
        assert {name: rows.schema for name, rows in _frames(told)} == {
            name: rows.schema for name, rows in _frames(SHORT)
        }


def test_the_exercises_are_those_that_the_athlete_did(tmp_path: Path) -> None:
    written(tmp_path / "new", SHORT, NOTHING)
    by_workouts = {told.workouts.height: told for _, told in snapshot.histories(tmp_path / "new")}
    used = set(SHORT.sets.get_column("exercise_id"))
    assert set(by_workouts[2].exercises.get_column("exercise_id")) == used
    assert by_workouts[0].exercises.is_empty()


def test_the_manifest_counts_what_there_is_and_says_what_was_removed(tmp_path: Path) -> None:
    manifest = written(tmp_path / "new", SHORT, LONG)
    assert (manifest.athletes, manifest.workouts, manifest.sets) == (2, 9, SHORT.sets.height + LONG.sets.height)
    assert snapshot.manifest_of(tmp_path / "new") == manifest
    assert {part.file for part in manifest.parts} == {path.name for path in (tmp_path / "new").glob("*.parquet")}
    assert any("names" in removed for removed in manifest.removed)


def test_no_snapshot_is_overwritten(tmp_path: Path) -> None:
    first = written(tmp_path / "new", SHORT)
    with pytest.raises(Conflict, match="is not overwritten"):
        written(tmp_path / "new", LONG)
    assert snapshot.manifest_of(tmp_path / "new") == first


def test_a_changed_file_is_refused_by_name(tmp_path: Path) -> None:
    written(tmp_path / "new", SHORT)
    sets = tmp_path / "new" / "sets.parquet"
    sets.write_bytes(sets.read_bytes() + b"\0")
    with pytest.raises(StepFailed, match=r"sets\.parquet"):
        list(snapshot.histories(tmp_path / "new"))


def test_what_is_no_snapshot_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is no snapshot"):
        snapshot.manifest_of(tmp_path)


@pytest.mark.parametrize("change", [{"version": 99}, {"format": "something else"}])
def test_another_format_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    written(tmp_path / "new", SHORT)
    manifest = tmp_path / "new" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **change}))
    with pytest.raises(StepFailed, match="this code reads 1"):
        snapshot.manifest_of(tmp_path / "new")


def test_a_broken_manifest_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(StepFailed, match="cannot be read"):
        snapshot.manifest_of(tmp_path)


def _frames(told: History) -> list[tuple[str, pl.DataFrame]]:
    return [(name, getattr(told, name)) for name in frames.SCHEMAS]
