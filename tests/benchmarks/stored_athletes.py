"""Athletes as recording leaves them: twenty sets a workout, one every other day, with all that a row holds."""

from datetime import UTC, datetime, timedelta

from models import ids
from models.db import Session, raw
from models.domain.sets import SetDraft
from models.domain.units import MassUnit
from models.domain.workouts import WorkoutDraft, WorkoutRecord, record
from models.queries.visibility import VisibleAthlete, system
from models.services import bulk
from tests.benchmarks.database import new_athletes

SETS_A_WORKOUT = 20
# Two of them move the body.
EXERCISES = (100, 1000, 1600, 119, 1900)
LAST = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
# Everybody else trains as the first one does, in workouts of their own.
WORKOUTS_OF_OTHERS = """
INSERT INTO workouts (athlete_id, id, {0})
SELECT other, md5(other::text || known.id)::uuid, {0} FROM unnest($2::uuid[]) AS other CROSS JOIN LATERAL (
    SELECT * FROM workouts WHERE athlete_id = $1 AND other IS NOT NULL ORDER BY started_at
) AS known
""".format(
    "started_at, ended_at, performed_on, time_zone, session_rpe_tenths, bodyweight_unit, bodyweight_g, data_version,"
    " create_digest, created_at, updated_at, representation, body"
)
SETS_OF_OTHERS = """
INSERT INTO set_entries (athlete_id, workout_id, {0})
SELECT other, md5(other::text || known.workout_id)::uuid, {0} FROM unnest($2::uuid[]) AS other CROSS JOIN LATERAL (
    SELECT * FROM set_entries WHERE athlete_id = $1 AND other IS NOT NULL ORDER BY performed_on, position
) AS known
""".format(
    "position, kind, performed_on, exercise_id, load_g, duration_ms, distance_mm, rest_s, load_unit, load_mode, reps,"
    " rpe_tenths, rir_tenths, superset, side"
)
CLOCK = "UPDATE athlete_clocks SET data_version = $2 WHERE athlete_id = ANY ($1::uuid[])"


def a_workout(number: int, *, of: int) -> WorkoutDraft:
    """The workout of that number among so many, the last one days ago."""
    started_at = LAST - timedelta(days=2 * (of - number))
    return WorkoutDraft(
        started_at=started_at,
        time_zone="UTC",
        ended_at=started_at + timedelta(minutes=65),
        session_rpe=7,
        bodyweight=80 + number % 7 if number % 5 == 0 else None,
        bodyweight_unit=MassUnit.KG if number % 5 == 0 else None,
        sets=tuple(_set(number, position) for position in range(SETS_A_WORKOUT)),
    )


def _set(number: int, position: int) -> SetDraft:
    exercise_id = EXERCISES[(number + position // 4) % len(EXERCISES)]
    load = 40 + 2.5 * ((number + position) % 23)
    return SetDraft(
        exercise_id=exercise_id, load=load, load_unit=MassUnit.KG, reps=3 + (number * position) % 8, rpe=8, rest_s=120
    )


async def train(session: Session, athlete: VisibleAthlete, workouts: int) -> None:
    """Record so many workouts of a new athlete. In a transaction."""
    connection, now = await raw(session), LAST + timedelta(days=1)
    records = [_record(number, workouts) for number in range(workouts)]
    await bulk.copy_records(connection, records, first_version=1, athlete=athlete, actor_id=athlete.athlete_id, now=now)
    await connection.execute(CLOCK, [athlete.athlete_id], workouts)


def _record(number: int, workouts: int) -> WorkoutRecord:
    return record(a_workout(number, of=workouts), workout_id=ids.new())


async def trained_population(session: Session, dsn: str, *, athletes: int, workouts: int) -> list[VisibleAthlete]:
    """So many athletes, each with so many workouts. In a transaction."""
    first, *others = await new_athletes(dsn, athletes)
    await train(session, system(first), workouts)
    connection = await raw(session)
    for statement in (WORKOUTS_OF_OTHERS, SETS_OF_OTHERS):
        await connection.execute(statement, first, others)
    await connection.execute(CLOCK, others, workouts)
    return [system(athlete_id) for athlete_id in (first, *others)]
