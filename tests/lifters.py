"""Lifters in a database of their own: people with names, notes, exercises of their own, and training over weeks."""

from datetime import date, timedelta
from uuid import UUID

from models import db, ids
from models.db import DatabaseConfig
from models.domain.exercises import CustomExerciseDraft, Muscle, MuscleShare, Pattern
from models.domain.profile import PROFILE, ProfileDraft, Sex
from models.domain.units import MassUnit
from models.queries.visibility import VisibleAthlete
from models.services import exercises, items, workouts
from tests.databases import run
from tests.factories import BACK_SQUAT, BENCH_PRESS, NOW, a_set, a_workout, an_athlete

BENT_OVER_ROW = 1600
OWN = "Zercher squat as Anna does it"
TITLE = "Anna's evening"
NOTE = "Knee hurts, see Dr. Okafor"
AS_OF = date(2026, 11, 20)


def lifters(dsn: str, count: int = 2) -> list[UUID]:
    """Make them; each trains every third day for six weeks, up to NOW."""
    made: list[UUID] = []

    async def make() -> None:
        engine = db.engine(DatabaseConfig(dsn=dsn, pool_size=1))
        async with db.transaction(db.sessions(engine)) as session:
            for number in range(count):
                athlete = await an_athlete(session, time_zone="Europe/Berlin")
                await train(session, athlete, number)
                made.append(athlete.athlete_id)
        await engine.dispose()

    run(make())
    return made


async def train(session: db.Session, athlete: VisibleAthlete, number: int = 0) -> None:
    """Fourteen workouts, an exercise of the athlete's own, and a profile."""
    quads = MuscleShare(muscle=Muscle.QUADS, share=1)
    squat = CustomExerciseDraft(name=OWN, muscles=(quads,), pattern=Pattern.SQUAT)
    own = await exercises.create_custom(session, squat, athlete=athlete, public_id=ids.new(), now=NOW)
    profile = ProfileDraft(sex=Sex.FEMALE, birth_year=1993)
    owner = athlete.athlete_id
    await items.create_item(session, PROFILE, profile, athlete=athlete, item_id=owner, actor_id=owner, now=NOW)
    for day in range(0, 42, 3):
        sets = (
            a_set(BACK_SQUAT, load=80 + day + number),
            a_set(BENCH_PRESS, load=60 + day, reps=8, note=NOTE),
            a_set(BENCH_PRESS, load=60 + day, reps=6),
            a_set(BENT_OVER_ROW, load=50 + day, reps=10, rpe=8.0),
            a_set(own.id, load=70, reps=5 + number),
        )
        at = NOW - timedelta(days=41 - day, hours=1)
        draft = a_workout(started_at=at, sets=sets, title=TITLE, bodyweight=70.5, bodyweight_unit=MassUnit.KG)
        await workouts.record_workout(
            session, draft, athlete=athlete, workout_id=ids.new(), actor_id=owner, now=at + timedelta(hours=1)
        )
