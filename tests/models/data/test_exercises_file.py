"""The catalogue's data file: readable by people, one exercise a line, in the order of the ids."""

import json
from importlib import resources

from models.domain import catalogue

TEXT = resources.files("models").joinpath("data", "exercises.json").read_text(encoding="utf-8")


def test_each_exercise_has_a_line_of_its_own() -> None:
    lines = TEXT.splitlines()
    assert (lines[0], lines[-1]) == ("[", "]")
    assert len(lines) == len(catalogue.load().exercises) + 2


def test_lines_are_in_the_order_of_the_ids() -> None:
    ids = [entry["id"] for entry in json.loads(TEXT)]
    assert ids == sorted(ids)
