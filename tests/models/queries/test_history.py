"""An athlete's history as columns: sorted, dense, without what was deleted, at exactly the version stated."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.domain.errors import NotFound
from models.domain.field_profiles import Level
from models.domain.items import Noun
from models.domain.measurements import MEASUREMENT, MeasurementKind, MeasurementUnit
from models.domain.profile import PROFILE, Sex
from models.domain.units import MassUnit
from models.domain.workouts import SET_KIND_CODES, SetKind
from models.queries.history import stored_history
from models.queries.stated import Told
from models.queries.visibility import VisibleAthlete, system
from models.services import items
from models.services.items import Written
from models.services.workouts import delete_workout, record_workout
from tests.factories import BACK_SQUAT, BENCH_PRESS, NOW, a_set, a_workout, an_athlete


async def record(session: AsyncSession, athlete: VisibleAthlete, **fields: object) -> tuple[str, int]:
    workout_id, draft = ids.new(), a_workout(**fields)
    recorded = await record_workout(
        session, draft, athlete=athlete, workout_id=workout_id, actor_id=athlete.athlete_id, now=NOW
    )
    return str(workout_id), recorded.data_version


async def test_sessions_are_numbered_by_when_they_began(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    later, _ = await record(session, athlete, started_at=NOW - timedelta(hours=1), sets=(a_set(BENCH_PRESS),))
    earlier, version = await record(
        session, athlete, started_at=NOW - timedelta(days=1), sets=(a_set(), a_set(reps=None))
    )
    history = await stored_history(session, athlete)
    assert history.data_version == version
    assert history.workouts["workout_id"] == [earlier, later]
    assert history.sets["session"] == [0, 0, 1]
    assert history.sets["position"] == [0, 1, 0]
    assert history.sets["reps"] == [5, None, 5]
    assert history.exercises["exercise_id"] == sorted((BACK_SQUAT, BENCH_PRESS))


async def test_a_set_keeps_every_column(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    full = a_set(kind=SetKind.TOP, load=225, load_unit=MassUnit.LB, reps=3, rpe=8.5, duration_s=12.5, distance_m=1.25)
    await record(
        session, athlete, sets=(full,), ended_at=NOW, bodyweight=80, bodyweight_unit=MassUnit.KG, session_rpe=7.5
    )
    history = await stored_history(session, athlete)
    row = {name: values[0] for name, values in history.sets.items()}
    assert (row["kind"], row["load_g"], row["rpe_tenths"]) == (SET_KIND_CODES[SetKind.TOP], 102058, 85)
    assert (row["duration_ms"], row["distance_mm"], row["rir_tenths"], row["side"]) == (12500, 1250, None, None)
    workout = {name: values[0] for name, values in history.workouts.items()}
    assert (workout["duration_s"], workout["session_rpe_tenths"], workout["bodyweight_g"]) == (3600, 75, 80_000)


async def test_a_deleted_workout_is_not_history(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    workout_id, version = await record(session, athlete)
    await delete_workout(
        session,
        athlete=athlete,
        workout_id=UUID(workout_id),
        actor_id=athlete.athlete_id,
        now=NOW,
        expected_version=None,
    )
    history = await stored_history(session, athlete)
    assert history.data_version == version + 1
    assert (history.sets["session"], history.workouts["workout_id"], history.exercises["name"]) == ([], [], [])


async def test_the_history_of_another_athlete_stays_apart(session: AsyncSession) -> None:
    athlete, other = await an_athlete(session), await an_athlete(session)
    await record(session, other)
    assert (await stored_history(session, athlete)).sets["session"] == []


async def test_nobody_has_no_history(session: AsyncSession) -> None:
    with pytest.raises(NotFound):
        await stored_history(session, system(ids.new()))


async def state(session: AsyncSession, athlete: VisibleAthlete, noun: Noun, **fields: Any) -> Written:
    item_id = athlete.athlete_id if noun is PROFILE else ids.new()
    return await items.create_item(
        session, noun, noun.draft(**fields), athlete=athlete, item_id=item_id, actor_id=athlete.athlete_id, now=NOW
    )


async def test_bodyweights_measured_are_history_and_other_measures_are_not(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    when = {"measured_at": NOW - timedelta(days=1), "time_zone": "Pacific/Auckland"}
    mass = {"kind": MeasurementKind.BODYWEIGHT, "unit": MeasurementUnit.KG, **when}
    kept = await state(session, athlete, MEASUREMENT, value=80.5, **mass)
    deleted = await state(session, athlete, MEASUREMENT, value=99, **mass)
    await items.delete_item(
        session, MEASUREMENT, athlete=athlete, item_id=deleted.item_id, actor_id=athlete.athlete_id, now=NOW
    )
    waist = {"kind": MeasurementKind.WAIST, "unit": MeasurementUnit.CM, **when}
    await state(session, athlete, MEASUREMENT, value=80.5, **waist)
    assert (await stored_history(session, athlete)).weighed == {
        "id": [str(kept.item_id)],
        "measured_on": [date(2026, 11, 20)],
        "measured_at": [NOW - timedelta(days=1)],
        "bodyweight_g": [80_500],
    }


async def test_what_the_profile_tells_is_read_with_the_history(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    assert (await stored_history(session, athlete)).told == Told()
    told = {"sex": Sex.FEMALE, "birth_year": 1990, "level": Level.ADVANCED, "show_acwr": True}
    stated = await state(session, athlete, PROFILE, **told)
    expected = Told(sex="female", birth_year=1990, level="advanced", show_acwr=True)
    assert (await stored_history(session, athlete)).told == expected
    await items.delete_item(
        session, PROFILE, athlete=athlete, item_id=stated.item_id, actor_id=athlete.athlete_id, now=NOW
    )
    assert (await stored_history(session, athlete)).told == Told()
