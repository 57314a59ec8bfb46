"""Many athletes loaded at once: each is what the own load gives."""

from datetime import date, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.domain.errors import NotFound
from models.queries.visibility import system
from models.services.workouts import record_workout
from tests.factories import NOW, a_set, a_workout, an_athlete
from tests.lives import a_life
from tests.workflows.test_training import assert_same
from workflows.steps.population_training import load_population
from workflows.steps.training import load_training, load_whole_training

AS_OF = date(2026, 11, 21)


@pytest.mark.parametrize("seed", range(3))
async def test_each_of_many_is_what_the_own_load_gives(session: AsyncSession, seed: int) -> None:
    lives = [await a_life(session, 10 * seed + number) for number in range(5)]
    for life in lives[1:]:
        await life.go_on(60)
    nobody_yet = await an_athlete(session, time_zone="Pacific/Auckland")
    people = {life.athlete: AS_OF + timedelta(days=at) for at, life in enumerate(lives)} | {nobody_yet: AS_OF}
    loaded = await load_population(session, people)
    assert list(loaded) == [athlete.athlete_id for athlete in people]
    for athlete, as_of in people.items():
        alone = await load_whole_training(session, athlete, as_of)
        found = loaded[athlete.athlete_id]
        assert found.keep is None
        assert_same(found, alone)


async def test_workouts_of_two_athletes_may_have_the_same_id(session: AsyncSession) -> None:
    athletes, workout_id = [await an_athlete(session) for _ in range(3)], ids.new()
    for number, athlete in enumerate(athletes):
        for one, reps in ((workout_id, 3 + number), (ids.new(), 9)):
            await record_workout(
                session, a_workout(sets=(a_set(reps=reps),)), athlete=athlete, workout_id=one,
                actor_id=athlete.athlete_id, now=NOW,
            )  # fmt: skip
    loaded = await load_population(session, dict.fromkeys(athletes, AS_OF))
    for athlete in athletes:
        assert_same(loaded[athlete.athlete_id], await load_whole_training(session, athlete, AS_OF))


async def test_somebody_who_is_gone_has_no_training(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    with pytest.raises(NotFound):
        await load_population(session, {athlete: AS_OF, system(ids.new()): AS_OF})
    assert await load_population(session, {}) == {}


async def test_halves_of_seconds_are_rounded_as_postgresql_rounds_them(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    for length_s in (0, 0.4, 0.5, 1.5, 2.5, 3600.499999, None):
        started_at = NOW - timedelta(days=2, seconds=60 * (length_s or 9))
        ended_at = None if length_s is None else started_at + timedelta(seconds=length_s)
        await record_workout(
            session, a_workout(started_at=started_at, ended_at=ended_at), athlete=athlete, workout_id=ids.new(),
            actor_id=athlete.athlete_id, now=NOW,
        )  # fmt: skip
    loaded = await load_population(session, {athlete: AS_OF})
    assert_same(loaded[athlete.athlete_id], await load_whole_training(session, athlete, AS_OF))


async def test_nobody_may_have_trained_yet(session: AsyncSession) -> None:
    athletes = [await an_athlete(session) for _ in range(2)]
    loaded = await load_population(session, dict.fromkeys(athletes, AS_OF))
    for athlete in athletes:
        assert_same(loaded[athlete.athlete_id], await load_whole_training(session, athlete, AS_OF))
        assert_same(await load_training(session, athlete, AS_OF), loaded[athlete.athlete_id])
