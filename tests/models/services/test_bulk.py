"""Recording many workouts at once: each exactly once, in one version order, with one event."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.db import raw
from models.domain.workouts import WorkoutSource
from models.queries import workouts as queries
from models.queries.visibility import VisibleAthlete
from models.services import bulk, workouts
from models.services.bulk import Item, RecordedBatch
from tests.factories import NOW, a_full_set, a_set, a_workout, an_athlete


def items(count: int, *, first: int = 0) -> list[Item]:
    draft = a_workout(sets=(a_set(), a_full_set()))
    return [(ids.new(), draft, WorkoutSource(app="strong", key=str(first + at))) for at in range(count)]


async def record(session: AsyncSession, athlete: VisibleAthlete, batch: list[Item]) -> RecordedBatch:
    return await bulk.record_workouts(session, batch, athlete=athlete, actor_id=athlete.athlete_id, now=NOW)


async def count(session: AsyncSession, athlete: VisibleAthlete, table: str) -> Any:
    return await (await raw(session)).fetchval(
        f"SELECT count(*) FROM {table} WHERE athlete_id = $1", athlete.athlete_id
    )


async def test_each_workout_has_its_own_version_and_revision(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    recorded = await record(session, athlete, items(bulk.CHUNK + 3))
    versions = await (await raw(session)).fetch(
        "SELECT data_version FROM workout_revisions WHERE athlete_id = $1 ORDER BY 1", athlete.athlete_id
    )
    assert [row["data_version"] for row in versions] == list(range(1, bulk.CHUNK + 4))
    assert recorded.data_version == bulk.CHUNK + 3
    assert await count(session, athlete, "set_entries") == 2 * (bulk.CHUNK + 3)
    assert await count(session, athlete, "outbox") == 1


async def test_the_same_batch_again_adds_nothing(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    await record(session, athlete, items(3))
    again = await record(session, athlete, items(4))
    assert (again.recorded, again.already_present, again.data_version) == (1, 3, 4)


async def test_a_workout_repeated_within_a_batch_is_recorded_once(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    recorded = await record(session, athlete, items(2) + items(2))
    assert (recorded.recorded, recorded.already_present) == (2, 2)


async def test_what_the_athlete_deleted_stays_deleted(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    batch = items(1)
    await record(session, athlete, batch)
    await workouts.delete_workout(
        session, athlete=athlete, workout_id=batch[0][0], actor_id=athlete.athlete_id, now=NOW
    )
    assert (await record(session, athlete, items(1))).recorded == 0
    assert await queries.list_workouts(session, athlete, after=None, limit=5) == []


async def test_bulk_and_single_recording_store_the_same(session: AsyncSession) -> None:
    one, many = await an_athlete(session), await an_athlete(session)
    await record(session, many, items(1))
    draft = items(1)[0][1]
    await workouts.record_workout(session, draft, athlete=one, workout_id=ids.new(), actor_id=one.athlete_id, now=NOW)
    assert await sets(session, one) == await sets(session, many)


async def sets(session: AsyncSession, athlete: VisibleAthlete) -> list[Any]:
    statement = """
    SELECT to_jsonb(entry) - 'athlete_id' - 'workout_id' AS entry, load_text, note
    FROM set_entries entry LEFT JOIN set_details USING (athlete_id, workout_id, position)
    WHERE entry.athlete_id = $1 ORDER BY position
    """
    return [tuple(row) for row in await (await raw(session)).fetch(statement, athlete.athlete_id)]
