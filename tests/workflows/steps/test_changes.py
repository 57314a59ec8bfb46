"""Changes between two outputs: each number once, with how much it changed, and nothing where bytes are equal."""

from typing import Any

import msgspec
import pytest

from workflows.steps.changes import Compared, compare, relative


def compared(before: dict[str, Any] | None, after: dict[str, Any] | None) -> Compared:
    old, new = ({} if one is None else {"x": msgspec.json.encode(one)} for one in (before, after))
    return compare("an athlete", old, new)


def rows(one: Compared, *columns: str) -> list[tuple[Any, ...]]:
    return one.changes.select(columns).rows()


def test_equal_bytes_are_the_same_and_not_looked_into() -> None:
    one = compare("an athlete", {"x": b"no JSON"}, {"x": b"no JSON"})
    assert (one.same, one.documents, one.identical, one.changes.height) == (True, 1, 1, 0)


def test_a_number_that_changed_says_by_how_much() -> None:
    one = compared({"weekly": [{"week_start": "w", "sets": 4}]}, {"weekly": [{"week_start": "w", "sets": 5}]})
    assert rows(one, "athlete", "table", "row", "column", "change", "before", "after", "relative") == [
        ("an athlete", "x.weekly", "week_start=w", "sets", "changed", 4.0, 5.0, 0.25)
    ]
    assert not one.same


def test_a_row_that_came_or_went_is_one_change_with_its_cells() -> None:
    one = compared({"rows": [{"id": "a", "n": 1}]}, {"rows": [{"id": "b", "n": 2}]})
    assert rows(one, "row", "column", "change", "before_text", "after_text") == [
        ("id=a", None, "removed", '{"n":1}', None),
        ("id=b", None, "added", None, '{"n":2}'),
    ]


def test_null_words_and_truth_change_without_a_number() -> None:
    one = compared({"a": None, "b": "up", "c": True}, {"a": 3, "b": "down", "c": False})
    assert rows(one, "column", "before_text", "after_text", "relative") == [
        ("a", None, "3", None),
        ("b", "up", "down", None),
        ("c", "true", "false", None),
    ]


def test_a_document_that_only_one_of_them_has_is_all_rows_added_or_removed() -> None:
    assert rows(compared(None, {"a": 1}), "change") == [("added",)]
    assert rows(compared({"a": 1}, None), "change") == [("removed",)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(-80, -60, 0.25), (100, 0, -1.0), (0, 5, None), (None, 5, None), (True, 5, None), ("5", 5, None)],
)
def test_a_relative_change_is_of_the_number_before(before: Any, after: Any, expected: float | None) -> None:
    assert relative(before, after) == expected


def test_the_same_number_written_otherwise_is_no_change() -> None:
    one = compared({"a": 1}, {"a": 1.0})
    assert (one.identical, one.changes.height, one.same) == (0, 0, False)
