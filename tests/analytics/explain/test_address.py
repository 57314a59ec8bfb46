"""Addresses: rows named by what they say, in lists, in columns and in series of days."""

from typing import Any

import pytest

from analytics.explain.address import find, parse
from analytics.explain.errors import CannotExplain

DOCUMENT: dict[str, Any] = {
    "as_of": "2026-11-20",
    "best": None,
    "weekly": [{"week_start": "2026-11-09", "sets": 3}, {"week_start": "2026-11-16", "sets": 5}],
    "feed": [
        {"exercise_id": 1, "exercise": "Squat, high/low = deep", "kind": "e1rm", "reps": None, "value_kg": 120.5},
        {"exercise_id": 1, "exercise": "Squat, high/low = deep", "kind": "load", "reps": 5, "value_kg": 100.0},
        {"exercise_id": 2, "exercise": "Row", "kind": "load", "reps": 5, "value_kg": 60.0},
    ],
    "twins": [{"code": "a", "n": 1}, {"code": "a", "n": 1}],
    "series": {"performed_on": ["2026-11-01", "2026-11-01"], "workout_id": ["w1", "w2"], "sets": [4, 6]},
    "daily": {"first_day": "2026-11-19", "load": [300.0, 0.0], "source": ["recorded", "rest"]},
    "grid": {"first_week_start": "2026-11-09", "hard_sets": [1.5, 2.0]},
    "trend": {"first_day": "2026-11-01", "performed_on": ["2026-11-01", "2026-11-08"], "e1rm_kg": [100.0, 101.0]},
    "one=two": 7,
}


def at(way: str) -> Any:
    return find(DOCUMENT, parse(f"document/{way}"))


@pytest.mark.parametrize(
    ("way", "value"),
    [
        ("as_of", "2026-11-20"),
        ("best", None),
        ("weekly/week_start=2026-11-16/sets", 5),
        ("feed/exercise_id=1,reps=5/value_kg", 100.0),
        ("feed/exercise_id=1,reps=null/value_kg", 120.5),
        ("feed/value_kg=60.0/exercise", "Row"),
        ("feed/exercise=Squat%2C%20high%2Flow%20%3D%20deep,kind=e1rm/value_kg", 120.5),
        ("series/workout_id=w2/sets", 6),
        ("series/performed_on=2026-11-01,workout_id=w1/sets", 4),
        ("daily/day=2026-11-20/source", "rest"),
        ("daily/first_day", "2026-11-19"),
        ("grid/week_start=2026-11-16/hard_sets", 2.0),
        ("trend/performed_on=2026-11-08/e1rm_kg", 101.0),
        ("one%3Dtwo", 7),
    ],
)
def test_an_address_leads_to_one_value(way: str, value: Any) -> None:
    assert at(way) == value


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("weekly", "is no single number: name one of its rows by field=value"),
        ("weekly/0/sets", "name one of its rows by field=value"),
        ("weekly/week_start=2026-11-16", "is no single number: there is week_start, sets"),
        ("weekly/week_start=2026-11-17/sets", "there is week_start=2026-11-09, week_start=2026-11-16"),
        ("weekly/week_start=2026-11-16/reps", "has no `reps`: there is week_start, sets"),
        ("feed/exercise_id=1/value_kg", "has 2 rows with `exercise_id=1`: they differ in kind, reps, value_kg"),
        ("twins/code=a/n", "they are alike"),
        ("series/performed_on=2026-11-01/sets", "has 2 entries"),
        ("series/day=2026-11-01/sets", "has no column `day`: there is performed_on, sets, workout_id"),
        ("daily/day=2026-11-21/load", "has 0 entries with `day=2026-11-21`: there is day=2026-11-19, day=2026-11-20"),
        ("trend/day=2026-11-02/e1rm_kg", "has no column `day`"),
        ("as_of/day", "has no `day`: there is 2026-11-20"),
        ("best/sets", "has no `sets`: there is null"),
    ],
)
def test_what_is_not_there_is_named_beside_what_is(way: str, said: str) -> None:
    with pytest.raises(CannotExplain) as refused:
        at(way)
    assert said in str(refused.value)


@pytest.mark.parametrize("text", ["", "progress", "progress/", "/sets", "progress//sets"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(CannotExplain, match="is no address"):
        parse(text)


@pytest.mark.parametrize("text", ["progress/a=1,b/sets", "progress/=1/sets", "progress/a=1=2/sets"])
def test_a_part_that_names_no_row_is_refused(text: str) -> None:
    with pytest.raises(CannotExplain, match="names no row"):
        parse(text)
