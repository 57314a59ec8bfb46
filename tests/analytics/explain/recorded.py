"""Arranging what is explained: a history with its weighings, and an address of every value in a document."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import quote

from analytics.explain.without import Recorded, Weighing
from analytics.frames import History

NAMING = ("exercise_id", "kind", "reps", "performed_on", "workout_id", "muscle", "week_start", "lift", "code", "name")
ENTRIES = ("workout_id", "week_start", "performed_on", "day")
GRIDS = {"first_day": ("day", 1), "first_week_start": ("week_start", 7)}


def recorded(history: History) -> Recorded:
    """The workouts' own weighings in their order, and a measurement on each day whose bodyweight is another one."""
    told = [
        Weighing(day=row["performed_on"], bodyweight_g=row["bodyweight_g"], workout_id=row["workout_id"])
        for row in history.workouts.sort("session").iter_rows(named=True)
        if row["bodyweight_g"] is not None
    ]
    by_day = {weighing.day: weighing.bodyweight_g for weighing in told}
    measured = [
        Weighing(day=day, bodyweight_g=grams, workout_id=None)
        for _, day, grams in history.bodyweights.sort("day").iter_rows()
        if by_day.get(day) != grams
    ]
    return Recorded(history, (*told, *measured))


def addresses(document: str, content: Any) -> list[str]:
    """As somebody who reads the document would write them; rows that nothing tells apart are left out."""
    return [f"{document}/{way}" for way in _below(content)]


def _below(at: Any) -> Iterator[str]:
    if isinstance(at, Mapping):
        fields = cast(Mapping[str, Any], at)
        columns = {name: value for name, value in fields.items() if _is_column(value)}
        yield from _entries(fields, columns)
        for name, value in fields.items():
            if name not in columns:
                yield from (f"{quote(name)}/{way}" for way in _below(value)) if _holds(value) else (quote(name),)
    elif at and isinstance(at[0], Mapping):
        names = [_named(row) for row in at]
        for name, row in zip(names, at, strict=True):
            if name and names.count(name) == 1:
                yield from (f"{name}/{way}" for way in _below(row))


def _entries(at: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    for key, days in _keys(at, columns).items():
        for day in days:
            if days.count(day) == 1:
                yield from (f"{key}={quote(str(day))}/{name}" for name in columns)
        return


def _keys(at: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    if found := {name: columns[name] for name in ENTRIES if name in columns}:
        return found
    length = max((len(column) for column in columns.values()), default=0)
    return {
        key: [(date.fromisoformat(at[first]) + timedelta(days=step * entry)).isoformat() for entry in range(length)]
        for first, (key, step) in GRIDS.items()
        if first in at and columns
    }


def _named(row: Mapping[str, Any]) -> str:
    known = [(field, row[field]) for field in NAMING if field in row and not _holds(row[field])]
    return ",".join(f"{field}={quote('null' if value is None else str(value), safe='')}" for field, value in known)


def _is_column(value: Any) -> bool:
    return isinstance(value, list | tuple) and not any(map(_holds, cast(Sequence[Any], value or [{}])))


def _holds(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple)
