"""Histories of many athletes, put together from histories of one, and taken apart again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl
from hypothesis import strategies as st

from analytics.frames import History
from tests.analytics.histories import random_histories


def together(histories: Sequence[History]) -> History:
    """The athletes of all histories, numbered in their order, as of the latest day of any."""
    numbered, sessions = list[History](), 0
    for athlete, own in enumerate(histories):
        numbered.append(_moved(own, athlete, sessions))
        sessions += own.workouts.height
    frames = {name: pl.concat([getattr(own, name) for own in numbered]) for name in _OF_ATHLETES}
    return replace(histories[0], **frames, as_of=max(own.as_of for own in histories))


def alone(history: History) -> Iterator[tuple[int, int, History]]:
    """Each athlete's number and first session, and the history that holds nobody else, both numbered from 0."""
    for (athlete,) in history.athletes.select("athlete").sort("athlete").iter_rows():
        own = {name: getattr(history, name) for name in _OF_ATHLETES}
        own |= {name: rows.filter(pl.col("athlete") == athlete) for name, rows in own.items() if name != "sets"}
        own["sets"] = history.sets.join(own["workouts"], on="session", how="semi")
        lowest = own["workouts"].get_column("session").min()
        first = lowest if isinstance(lowest, int) else 0
        yield athlete, first, _moved(replace(history, **own), -athlete, -first)


def random_populations() -> st.SearchStrategy[History]:
    """Up to nine athletes; everything that happens in random histories happens to somebody."""
    return st.lists(random_histories(), min_size=1, max_size=9).map(together)


_OF_ATHLETES = ("sets", "workouts", "bodyweights", "athletes")


def _moved(history: History, athletes: int, sessions: int) -> History:
    """Everybody's numbers and those of the sessions, higher by so many."""
    moves = {"athlete": athletes, "session": sessions}
    frames: dict[str, pl.DataFrame] = {name: getattr(history, name) for name in _OF_ATHLETES}
    return replace(
        history,
        **{
            name: rows.with_columns(pl.col(column) + by for column, by in moves.items() if column in rows.columns)
            for name, rows in frames.items()
        },
    )
