"""What the sweep looks for, over all athletes."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.db import raw
from models.queries import lagging
from models.services import runs
from models.services.workouts import record_workout
from tests.factories import NOW, a_workout, an_athlete

SOON = NOW + timedelta(minutes=1)


async def test_changed_and_never_attempted_athletes_lag(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    await record_workout(
        session, a_workout(), athlete=athlete, workout_id=ids.new(), actor_id=athlete.athlete_id, now=NOW
    )
    waiting = await lagging.lagging(session, before=SOON, limit=10)
    assert athlete.athlete_id not in waiting, "its event is still in the outbox"
    await (await raw(session)).execute("DELETE FROM outbox WHERE athlete_id = $1", athlete.athlete_id)
    assert athlete.athlete_id in await lagging.lagging(session, before=SOON, limit=10)
    assert athlete.athlete_id not in await lagging.lagging(session, before=NOW, limit=10)
    begun = await runs.begin_analysis(session, athlete, now=NOW)
    assert begun is not None
    assert athlete.athlete_id in [run.athlete_id for run in await lagging.open_runs(session, before=SOON, limit=10)]
    await runs.finish(session, athlete, run_id=begun.run_id, pipeline="x", now=NOW, problem=None)
    assert athlete.athlete_id not in await lagging.lagging(session, before=SOON, limit=10)
    assert athlete.athlete_id not in [run.athlete_id for run in await lagging.open_runs(session, before=SOON, limit=10)]


async def test_the_time_zones_are_those_that_accounts_live_in(session: AsyncSession) -> None:
    await an_athlete(session, time_zone="Pacific/Chatham")
    assert "Pacific/Chatham" in await lagging.time_zones(session)
