"""Folders appear whole or not at all, and take the place only of what may go."""

from pathlib import Path

import pytest

from models.domain.errors import Conflict
from workflows.steps.folders import new_folder


class Broken(Exception):
    """Something went wrong while it was filled."""


def fill(target: Path, text: str, mark: str | None = None) -> None:
    with new_folder(target, mark=mark) as folder:
        (folder / "run.json").write_text(text)


def break_off(target: Path) -> None:
    with new_folder(target) as folder:
        (folder / "half").touch()
        raise Broken


def test_it_is_there_with_all_that_was_put_in(tmp_path: Path) -> None:
    fill(tmp_path / "deep" / "new", "first")
    assert (tmp_path / "deep" / "new" / "run.json").read_text() == "first"


def test_what_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(Broken):
        break_off(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_refused_and_stays(tmp_path: Path) -> None:
    fill(tmp_path / "new", "first")
    with pytest.raises(Conflict, match="is not overwritten"):
        fill(tmp_path / "new", "second")
    assert (tmp_path / "new" / "run.json").read_text() == "first"


def test_only_what_holds_the_mark_is_replaced(tmp_path: Path) -> None:
    fill(tmp_path / "new", "first")
    fill(tmp_path / "new", "second", mark="run.json")
    assert (tmp_path / "new" / "run.json").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    with pytest.raises(Conflict):
        fill(tmp_path / "new", "third", mark="manifest.json")


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "new").touch()
    with pytest.raises(Conflict):
        fill(tmp_path / "new", "first", mark="run.json")


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    fill(tmp_path / "new", "first")
    assert (tmp_path / "new" / "run.json").read_text() == "first"
