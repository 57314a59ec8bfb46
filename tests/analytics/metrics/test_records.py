"""Records: none false and none missed among 250,000 random ones, after edits, deletions and back-fills too."""

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.random import Generator, default_rng

from analytics.frames import ATHLETES, BODYWEIGHTS, EXERCISES, MUSCLES, SETS, WORKOUTS, History, frame
from analytics.metrics import e1rm, records
from analytics.metrics.atoms import atoms
from models.domain.workouts import SET_KIND_CODES, SetKind
from tests.analytics.metrics import plain_records

WANTED = 250_000
ATHLETES_A_ROUND, SESSIONS, EXERCISES_HERE = 60, 60, 3
POUND = Fraction(45359237, 100_000)


@pytest.mark.timeout(300)
def test_no_record_is_false_or_missed_among_a_quarter_of_a_million() -> None:
    rng, counted, edits = default_rng(20261123), 0, 0
    while counted < WANTED:
        rows = _trained(rng)
        for given in (rows, _edited(rows, rng), _filled_back(rows, rng)):
            found = _found(given)
            assert found == plain_records.records(_plain(given))
            counted, edits = counted + len(found), edits + (given is not rows)
    assert edits >= 4


def test_an_edit_of_the_holder_leaves_no_record_behind() -> None:
    rows = _rows(session=[0, 1, 2], grams=[100_000, 900_000, 105_000])
    corrected = {**rows, "grams": np.array([100_000, 90_000, 105_000])}
    assert {record[3] for record in _found(rows)} == {1}
    assert {record[3] for record in _found(corrected)} == {2}


def test_a_tie_in_the_last_gram_is_no_record_and_a_gram_more_is_one() -> None:
    pounds = int(225 * POUND + Fraction(1, 2))
    assert _found(_rows(session=[0, 1], grams=[pounds, pounds])) == set()
    assert {record[3] for record in _found(_rows(session=[0, 1], grams=[pounds, pounds + 1]))} == {1}


def test_the_same_e1rm_from_other_reps_is_a_tie_where_floats_see_a_record() -> None:
    assert e1rm.epley(99, 2) < e1rm.epley(96, 3)
    rows = _rows(session=[0, 1], grams=[99_000, 96_000], reps=[2, 3])
    assert records.E1RM not in {record[2] for record in _found(rows)}


@pytest.mark.parametrize(
    ("values", "first", "expected"),
    [
        ([], [], []),
        ([3, 5, 4, 5, 6], [0], [0, 3, 5, 5, 5]),
        ([9, 1, 2, 2, 8], [0, 1, 4], [0, 0, 1, 2, 0]),
        ([0, 0, 2**45, 1], [0, 2], [0, 0, 0, 2**45]),
    ],
)
def test_the_best_before_is_of_the_own_group(values: list[int], first: list[int], expected: list[int]) -> None:
    found = records.best_before(np.array(values, dtype=np.int64), np.array(first, dtype=np.int64))
    assert found.tolist() == expected


def _trained(rng: Generator) -> dict[str, Any]:
    """Loads that rise in small steps and fall back, many of them tied, in kilograms or in pounds as grams."""
    count = ATHLETES_A_ROUND * SESSIONS * EXERCISES_HERE * 3
    place = np.arange(count)
    athlete = place // (count // ATHLETES_A_ROUND)
    session = place // (EXERCISES_HERE * 3)
    exercise = place // 3 % EXERCISES_HERE + 1
    nth = session % SESSIONS
    steps = 20 + nth // 2 + rng.integers(-4, 3, count)
    pounds = (5 * steps * int(POUND * 1000) + 500) // 1000
    return {
        "athlete": athlete,
        "session": session,
        "exercise": exercise,
        "grams": np.where(athlete % 2 == 0, steps * 2_500, pounds),
        "working": rng.random(count) < 0.9,
        "reps": rng.integers(0, 14, count),
        "reserve": rng.choice(np.array([-1, -1, 0, 5, 10, 20, 35]), count),
    }


def _edited(rows: dict[str, Any], rng: Generator) -> dict[str, Any]:
    """Every fiftieth set corrected, every hundredth deleted, the rows in any order."""
    count = len(rows["session"])
    changed = rng.random(count) < 0.02
    grams = np.where(changed, rng.integers(1, 200, count) * 1_250 + rng.integers(-1, 2, count), rows["grams"])
    kept = rng.permutation(np.flatnonzero(rng.random(count) > 0.01))
    return {name: values[kept] for name, values in {**rows, "grams": grams}.items()}


def _filled_back(rows: dict[str, Any], rng: Generator) -> dict[str, Any]:
    """A heavy session, forgotten for long, in the first half of every athlete's: later ones have another number."""
    athletes = np.unique(rows["athlete"])
    at = athletes * SESSIONS + rng.integers(1, SESSIONS // 2, len(athletes))
    moved = rows["session"] + (rows["session"] >= at[rows["athlete"]]) + rows["athlete"]
    forgotten = {
        "athlete": athletes,
        "session": at + athletes,
        "exercise": rng.integers(1, EXERCISES_HERE + 1, len(athletes)),
        "grams": rng.integers(25, 45, len(athletes)) * 2_500,
        "working": np.ones(len(athletes), dtype=bool),
        "reps": rng.integers(1, 9, len(athletes)),
        "reserve": np.full(len(athletes), -1),
    }
    return {name: np.append(values, forgotten[name]) for name, values in {**rows, "session": moved}.items()}


def _rows(**columns: list[int]) -> dict[str, Any]:
    """Sets of one athlete and exercise, five reps unless told otherwise."""
    count = len(columns["session"])
    usual = {"athlete": [0] * count, "exercise": [1] * count, "reps": [5] * count, "reserve": [-1] * count}
    arrays = {name: np.array(values) for name, values in (usual | columns).items()}
    return {**arrays, "working": np.ones(count, dtype=bool)}


def _plain(rows: dict[str, Any]) -> list[plain_records.PlainSet]:
    names = ("athlete", "session", "exercise", "working", "reps", "grams", "reserve")
    columns = [rows[name].tolist() for name in names]
    return [(*told, None if reserve < 0 else reserve) for *told, reserve in zip(*columns, strict=True)]


def _found(rows: dict[str, Any]) -> set[plain_records.Record]:
    improved = records.improvements(atoms(_history(rows))).drop_nulls("previous")
    columns = ("athlete", "exercise_id", "metric", "session", "value", "previous")
    found: set[plain_records.Record] = set()
    for athlete, exercise, kind, session, value, previous in improved.select(columns).iter_rows():
        unit = 300 if kind == records.E1RM else 1
        found.add((athlete, exercise, kind, session, Fraction(value, unit), Fraction(previous, unit)))
    return found


def _history(rows: dict[str, Any]) -> History:
    count, (session, first) = len(rows["session"]), np.unique(rows["session"], return_index=True)
    days = pl.Series(20_000 + session).cast(pl.Int32).cast(pl.Date)
    kinds = np.where(rows["working"], SET_KIND_CODES[SetKind.WORKING], SET_KIND_CODES[SetKind.WARM_UP])
    sets: dict[str, Any] = dict.fromkeys(SETS, [None] * count)
    sets |= {"session": rows["session"], "position": np.arange(count) % 1_000, "exercise_id": rows["exercise"]}
    sets |= {"kind": kinds, "reps": rows["reps"], "load_g": rows["grams"]}
    sets |= {"rir_tenths": [None if tenths < 0 else tenths for tenths in rows["reserve"].tolist()]}
    workouts: dict[str, Any] = dict.fromkeys(WORKOUTS, [None] * len(session))
    workouts |= {"athlete": rows["athlete"][first], "session": session, "performed_on": days}
    exercises = [(number, str(number), "other", 1, False, 1, 0) for number in range(1, EXERCISES_HERE + 1)]
    empty = {"muscles": MUSCLES, "bodyweights": BODYWEIGHTS, "athletes": ATHLETES}
    return History(
        sets=frame(SETS, sets),
        workouts=frame(WORKOUTS, workouts),
        exercises=pl.DataFrame(exercises, schema=EXERCISES, orient="row"),
        **{name: pl.DataFrame(schema=schema) for name, schema in empty.items()},
        as_of=date(2026, 11, 23),
    )
