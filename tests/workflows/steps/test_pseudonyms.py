"""Pseudonymous histories: nothing that names anybody, and everything that metrics compute from."""

from datetime import date
from typing import Any
from uuid import UUID

import polars as pl
import pytest

from analytics.frames import SCHEMAS, History
from analytics.training import training_of
from models import ids
from models.domain.bounds import FIRST_CUSTOM_EXERCISE_ID
from tests.analytics.histories import AnAthlete, AWorkout, history, progressing
from workflows.steps.pseudonyms import AS_OF, KEPT, PSEUDONYM, Person, pseudonym, pseudonymous

KEY = b"k" * 32
OWN = 12_345


def with_own(given: History) -> History:
    """The history with its first exercise as one of the athlete's own."""
    own = pl.when(pl.col("exercise_id") == 1).then(OWN).otherwise("exercise_id").cast(pl.Int32).alias("exercise_id")
    frames: dict[str, Any] = {name: getattr(given, name) for name in SCHEMAS}
    for name in ("sets", "exercises", "muscles"):
        frames[name] = frames[name].with_columns(own)
    frames["exercises"] = frames["exercises"].with_columns(
        pl.when(pl.col("exercise_id") == OWN).then(pl.lit("Anna's squat")).otherwise("name").alias("name")
    )
    return History(**frames, as_of=given.as_of)


def person(number: int = 1, *, athlete: AnAthlete = AnAthlete(birth_year=1993)) -> Person:  # noqa: B008
    told = history(*progressing(5), AWorkout(day=90, bodyweight_g=70_500), athlete=athlete)
    return Person(athlete_id=UUID(int=number), history=with_own(told))


def weeks_moved(told: Person, frames: dict[str, pl.DataFrame]) -> float:
    row = frames["athletes"].filter(pl.col(PSEUDONYM) == pseudonym(told, KEY)).row(0, named=True)
    return (told.history.as_of - row[AS_OF]).days / 7


def test_every_column_of_histories_has_been_thought_about() -> None:
    assert {name: tuple(schema) for name, schema in SCHEMAS.items()} == KEPT


def test_nothing_names_the_athlete_or_their_words() -> None:
    told = person()
    written = str({name: rows.to_dicts() for name, rows in pseudonymous([told], KEY).items()})
    workouts = told.history.workouts.get_column("workout_id").to_list()
    for secret in (str(told.athlete_id), told.athlete_id.hex, "Anna", str(OWN), *workouts):
        assert secret not in written


def test_own_exercises_get_numbers_and_names_in_their_order() -> None:
    exercises = pseudonymous([person()], KEY)["exercises"]
    own = exercises.filter(pl.col("exercise_id") >= FIRST_CUSTOM_EXERCISE_ID)
    assert own.select("exercise_id", "name").rows() == [(FIRST_CUSTOM_EXERCISE_ID, "Custom exercise 1")]


@pytest.mark.parametrize(("year", "told"), [(1993, 1990), (1995, 1995), (1999, 1995), (None, None)])
def test_of_the_birth_year_five_years_are_told(year: int | None, told: int | None) -> None:
    frames = pseudonymous([person(athlete=AnAthlete(birth_year=year))], KEY)
    assert frames["athletes"].item(0, "birth_year") == told


def test_all_dates_of_an_athlete_move_by_the_same_whole_weeks_into_the_past() -> None:
    told = person()
    frames = pseudonymous([told], KEY)
    weeks = weeks_moved(told, frames)
    assert weeks == int(weeks)
    assert 1 <= weeks <= 520
    for name, column in (("workouts", "performed_on"), ("workouts", "started_at"), ("bodyweights", "day")):
        before: pl.DataFrame = getattr(told.history, name)
        moved = before.get_column(column) - frames[name].get_column(column)
        assert moved.dt.total_days().unique().to_list() == [weeks * 7]


def test_every_athlete_moves_by_a_number_of_their_own() -> None:
    people = [person(number) for number in range(8)]
    frames = pseudonymous(people, KEY)
    assert len({weeks_moved(told, frames) for told in people}) > 4


def test_another_key_gives_other_pseudonyms_and_weeks() -> None:
    one, other = (pseudonymous([person()], key)["athletes"].row(0, named=True) for key in (KEY, b"l" * 32))
    assert one[PSEUDONYM] != other[PSEUDONYM]
    assert one[AS_OF] != other[AS_OF]


def test_what_is_computed_from_stays() -> None:
    told = person()
    frames = pseudonymous([told], KEY)
    kept = [name for name in KEPT["sets"] if name != "exercise_id"]
    assert frames["sets"].select(kept).equals(told.history.sets.select(kept))
    assert frames["bodyweights"].get_column("bodyweight_g").to_list() == [70_500]


def test_sessions_and_athletes_are_numbered_over_all() -> None:
    frames = pseudonymous([person(number) for number in range(3)], KEY)
    assert frames["workouts"].get_column("session").to_list() == list(range(18))
    assert frames["athletes"].get_column("athlete").to_list() == [0, 1, 2]
    joined = frames["sets"].join(frames["workouts"], on="session")
    assert joined.height == frames["sets"].height
    together = History(
        **{name: frames[name].select(list(schema)) for name, schema in SCHEMAS.items()}, as_of=date(2026, 1, 1)
    )
    assert training_of(together).atoms.get_column("athlete").unique().sort().to_list() == [0, 1, 2]


def test_the_order_of_the_people_tells_nothing() -> None:
    people = [Person(athlete_id=ids.new(), history=person().history) for _ in range(5)]
    frames = pseudonymous(people, KEY), pseudonymous(people[::-1], KEY)
    assert all(frames[0][name].equals(frames[1][name]) for name in SCHEMAS)
