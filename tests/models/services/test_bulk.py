"""Copying many workouts at once stores what recording them one by one stores."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.db import raw
from models.domain import workouts as rules
from models.domain.workouts import WorkoutDraft
from models.queries.visibility import VisibleAthlete
from models.services import bulk, workouts
from tests.factories import NOW, a_full_set, a_set, a_workout, an_athlete
from tests.models.services.importing import rows


def a_draft() -> WorkoutDraft:
    return a_workout(sets=(a_set(), a_full_set()))


async def copy(
    session: AsyncSession, athlete: VisibleAthlete, count: int, *, first: int = 1, import_id: UUID | None = None
) -> None:
    records = [rules.record(a_draft(), workout_id=ids.new()) for _ in range(count)]
    await bulk.copy_records(
        await raw(session), records, first_version=first, athlete=athlete, actor_id=athlete.athlete_id, now=NOW,
        import_id=import_id,
    )  # fmt: skip


async def test_each_workout_has_its_own_version_and_revision(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    await copy(session, athlete, 3, first=5)
    history = await rows(session, athlete, "data_version, action", "workout_revisions")
    assert history == [(5, "create"), (6, "create"), (7, "create")]
    versions = await rows(session, athlete, "data_version, import_version, import_id", "workouts")
    assert versions == [(5, None, None), (6, None, None), (7, None, None)]
    assert len(await rows(session, athlete, "workout_id, position", "set_entries")) == 6


async def test_an_imported_workout_knows_its_import(session: AsyncSession) -> None:
    athlete, import_id = await an_athlete(session), ids.new()
    await copy(session, athlete, 2, import_id=import_id)
    versions = await rows(session, athlete, "data_version, import_version, import_id", "workouts")
    assert versions == [(1, 1, import_id), (2, 2, import_id)]


async def test_bulk_and_single_recording_store_the_same(session: AsyncSession) -> None:
    one, many = await an_athlete(session), await an_athlete(session)
    await copy(session, many, 1)
    await workouts.record_workout(
        session, a_draft(), athlete=one, workout_id=ids.new(), actor_id=one.athlete_id, now=NOW
    )
    assert await sets(session, one) == await sets(session, many)


async def sets(session: AsyncSession, athlete: VisibleAthlete) -> list[Any]:
    statement = """
    SELECT to_jsonb(entry) - 'athlete_id' - 'workout_id' AS entry, load_text, note, extras
    FROM set_entries entry LEFT JOIN set_details USING (athlete_id, workout_id, position)
    WHERE entry.athlete_id = $1 ORDER BY position
    """
    return [tuple(row) for row in await (await raw(session)).fetch(statement, athlete.athlete_id)]
