"""The figures of a diff: rows count once, the largest change is named with its place, the worst athletes come first."""

from typing import Any

import msgspec

from workflows.steps import figures
from workflows.steps.changes import Compared, compare
from workflows.steps.figures import Figures, TableFigures


def of(*compared: Compared) -> Figures:
    return figures.figures(compared, figures.all_changes(compared))


def weeks(athlete: str, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Compared:
    old, new = ({"x": msgspec.json.encode({"weeks": rows})} for rows in (before, after))
    return compare(athlete, old, new)


def week(number: int, sets: int | None, reps: int = 50) -> dict[str, Any]:
    return {"week_start": f"week {number}", "sets": sets, "reps": reps}


def test_nothing_changed_is_the_same() -> None:
    found = of(weeks("a", [week(1, 10)], [week(1, 10)]))
    assert (found.same, found.athletes, found.identical, found.tables, found.worst) == (True, 1, 1, (), ())


def test_a_row_counts_once_however_many_of_its_columns_changed() -> None:
    found = of(weeks("a", [week(1, 10), week(2, 10)], [week(1, 11, 55), week(3, 10)]))
    assert found.tables == (TableFigures(table="x.weeks", added=1, removed=1, changed=1),)
    assert [(column.column, column.changed) for column in found.columns] == [("reps", 1), ("sets", 1)]


def test_equal_rows_of_two_athletes_are_two() -> None:
    found = of(*(weeks(athlete, [week(1, 10)], [week(1, 11)]) for athlete in ("a", "b")))
    assert (found.changed_rows, found.changed) == (2, 2)


def test_the_largest_change_of_a_column_says_where_it_is() -> None:
    found = of(weeks("a", [week(1, 10)], [week(1, 11)]), weeks("b", [week(2, 10)], [week(2, 5)]))
    [column] = found.columns
    assert column.median_relative == (0.1 - 0.5) / 2
    largest = column.largest
    assert (largest.athlete, largest.row, largest.before, largest.after, largest.relative) == (
        "b", "week_start=week 2", "10", "5", -0.5
    )  # fmt: skip


def test_numbers_that_came_or_went_and_changes_from_zero_are_counted_beside() -> None:
    before = [week(1, None), week(2, 10), week(3, 0), week(4, 10)]
    after = [week(1, 10), week(2, None), week(3, 10), week(4, 11)]
    [column] = of(weeks("a", before, after)).columns
    assert (column.changed, column.appeared, column.vanished, column.from_zero) == (4, 1, 1, 1)
    assert column.largest.row == "week_start=week 4"


def test_the_worst_athletes_come_first() -> None:
    found = of(
        weeks("little", [week(1, 100)], [week(1, 101)]),
        weeks("much", [week(1, 100)], [week(1, 300)]),
        weeks("new", [], [week(1, 100)]),
    )
    assert [one.athlete for one in found.worst] == ["much", "little", "new"]
    assert found.worst[2].largest is None


def test_an_athlete_that_failed_is_neither_same_nor_changed() -> None:
    broken = Compared(athlete="c", failed_after=True, problem="x@2: ValueError: no")
    found = of(weeks("a", [week(1, 10)], [week(1, 10)]), broken)
    assert (found.changed, found.failed, found.failed_before, found.failed_after, found.same) == (0, 1, 0, 1, False)
    assert [(failure.athlete, failure.problem) for failure in found.failures] == [("c", "x@2: ValueError: no")]


def test_the_worst_rows_of_all_come_first() -> None:
    compared = [weeks("a", [week(1, 10), week(2, 10)], [week(1, 11), week(2, 2)])]
    worst = figures.worst_rows(figures.all_changes(compared), 5)
    assert [(row.row, row.relative) for row in worst] == [("week_start=week 2", -0.8), ("week_start=week 1", 0.1)]
