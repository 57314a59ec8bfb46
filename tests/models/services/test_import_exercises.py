"""Names of a file become the athlete's own exercises where those exist, then the catalogue's, then new ones."""

import io

from sqlalchemy.ext.asyncio import AsyncSession

from models import readers
from models.domain.bounds import FIRST_CUSTOM_EXERCISE_ID
from models.domain.receipts import ExerciseMatch, Match
from models.domain.units import MassUnit
from models.queries import exercises as queries
from models.services import exercises
from models.services.import_exercises import identify
from tests.factories import NOW, an_athlete
from tests.models.services.importing import recorded

HEADER = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"


async def test_spellings_of_one_name_are_one_exercise_however_often_they_come(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    first = await identify(session, {"Yoke Walk", "yoke-walks", "Squats", "🏋️"}, athlete=athlete, now=NOW)
    assert first["Yoke Walk"] == first["yoke-walks"] >= FIRST_CUSTOM_EXERCISE_ID
    assert first["Squats"] == 100
    assert first["🏋️"] not in (first["Yoke Walk"], 100)
    again = await identify(session, ["YOKE  WALK", "Yoke Walk", "🏋️"], athlete=athlete, now=NOW)
    assert again == {"YOKE  WALK": first["Yoke Walk"], "Yoke Walk": first["Yoke Walk"], "🏋️": first["🏋️"]}


async def test_the_athletes_own_exercise_of_a_name_comes_before_the_catalogues(session: AsyncSession) -> None:
    athlete, stranger = await an_athlete(session), await an_athlete(session)
    made = await exercises.ensure_custom(session, ["Box Squats"], athlete=athlete, now=NOW)
    assert await identify(session, ["Box Squat"], athlete=athlete, now=NOW) == {"Box Squat": made["Box Squats"]}
    assert await identify(session, ["Box Squat"], athlete=stranger, now=NOW) == {"Box Squat": 103}
    assert await queries.own_names(session, stranger) == {}


async def test_the_receipt_says_what_was_matched_and_suggests_the_rest(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    await exercises.ensure_custom(session, ["Box Squats"], athlete=athlete, now=NOW)
    names = ("Box Squat", "Incline Hummer Curl", "Decline Arnold Press", "Bench Press")
    lines = (f'2024-03-01 18:00:00,"A",41m,"{name}",1,60,5,0,0,,,\n' for name in names)
    log = readers.read(io.BytesIO((HEADER + "".join(lines)).encode()), time_zone="UTC", unit=MassUnit.KG)
    told = {item.name: item for item in (await recorded(session, athlete, log)).exercises}
    assert told["Box Squat"] == ExerciseMatch(name="Box Squat", sets=1, exercise=None, match=Match.CUSTOM, score=None)
    assert (told["Incline Hummer Curl"].match, told["Incline Hummer Curl"].exercise) == (
        Match.SIMILAR,
        "Incline Hammer Curl (Dumbbell)",
    )
    assert (told["Bench Press"].match, told["Bench Press"].score) == (Match.ALIAS, 1.0)
    unmatched = told["Decline Arnold Press"]
    assert (unmatched.match, unmatched.exercise) == (Match.CUSTOM, None)
    assert unmatched.suggestion is not None
