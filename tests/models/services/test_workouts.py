"""Recording, editing and deleting one workout against the real PostgreSQL."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.db import Sessions, raw, transaction
from models.domain import revisions
from models.domain.errors import Conflict, Gone, Invalid, NotFound, Stale
from models.domain.workouts import WorkoutDraft
from models.queries import workouts as queries
from models.queries.visibility import VisibleAthlete
from models.services import workouts
from models.services.workouts import Recorded
from tests.factories import NOW, a_full_set, a_set, a_workout, an_athlete


async def record(session: AsyncSession, athlete: VisibleAthlete, draft: WorkoutDraft, **given: Any) -> Recorded:
    fields: dict[str, Any] = {"workout_id": ids.new(), "actor_id": athlete.athlete_id, "now": NOW, **given}
    return await workouts.record_workout(session, draft, athlete=athlete, **fields)


async def edit(session: AsyncSession, athlete: VisibleAthlete, draft: WorkoutDraft, recorded: Recorded) -> Recorded:
    return await workouts.edit_workout(
        session,
        draft,
        athlete=athlete,
        workout_id=recorded.workout_id,
        actor_id=athlete.athlete_id,
        now=NOW + timedelta(hours=1),
        expected_version=recorded.data_version,
    )


async def delete(session: AsyncSession, athlete: VisibleAthlete, recorded: Recorded) -> int:
    return await workouts.delete_workout(
        session, athlete=athlete, workout_id=recorded.workout_id, actor_id=athlete.athlete_id, now=NOW
    )


async def test_what_was_entered_comes_back_exactly(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    draft = a_workout(sets=(a_full_set(), a_set(load=44.0925), a_set(load=None, load_unit=None, reps=0)))
    recorded = await record(session, athlete, draft)
    stored = msgspec.json.decode((await queries.get_workout(session, athlete, recorded.workout_id)).body)
    entered = [msgspec.to_builtins(entry) for entry in draft.sets]
    assert stored["sets"] == entered
    assert stored["data_version"] == 1


async def test_the_same_body_under_the_same_id_is_the_same_write(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    first = await record(session, athlete, a_workout())
    again = await record(session, athlete, a_workout(), workout_id=first.workout_id)
    assert (again.created, again.body, again.data_version) == (False, first.body, first.data_version)


async def test_a_replayed_create_answers_the_current_state_after_an_edit(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    first = await record(session, athlete, a_workout())
    edited = await edit(session, athlete, a_workout(title="Legs"), first)
    again = await record(session, athlete, a_workout(), workout_id=first.workout_id)
    assert again.body == edited.body


async def test_another_body_under_the_same_id_is_a_conflict(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    first = await record(session, athlete, a_workout())
    with pytest.raises(Conflict):
        await record(session, athlete, a_workout(title="Other"), workout_id=first.workout_id)


async def test_a_deleted_workout_is_gone_and_its_history_stays(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    first = await record(session, athlete, a_workout())
    assert await delete(session, athlete, first) == 2
    with pytest.raises(Gone):
        await queries.get_workout(session, athlete, first.workout_id)
    with pytest.raises(Gone):
        await record(session, athlete, a_workout(), workout_id=first.workout_id)
    rows = await history(session, athlete)
    assert [row["action"] for row in rows] == ["create", "delete"]
    assert revisions.decode(rows[0]["record"], rows[0]["schema_version"]).workout_id == first.workout_id


async def test_an_edit_from_an_old_version_is_stale_and_changes_nothing(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    first = await record(session, athlete, a_workout())
    edited = await edit(session, athlete, a_workout(title="Legs"), first)
    async with session.begin_nested():
        with pytest.raises(Stale) as stale:
            await edit(session, athlete, a_workout(title="Late"), first)
    assert (stale.value.given_version, stale.value.current_version) == (1, 2)
    assert (await queries.get_workout(session, athlete, first.workout_id)).body == edited.body


async def test_an_edit_replaces_the_sets(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    first = await record(session, athlete, a_workout(sets=(a_full_set(), a_set(), a_set())))
    await edit(session, athlete, a_workout(sets=(a_set(reps=1),)), first)
    rows = await (await raw(session)).fetch("SELECT reps FROM set_entries WHERE athlete_id = $1", athlete.athlete_id)
    assert [row["reps"] for row in rows] == [1]


async def test_an_unknown_exercise_is_named_by_its_path_and_nothing_is_stored(session: AsyncSession) -> None:
    athlete, stranger = await an_athlete(session), await an_athlete(session)
    theirs = await own_exercise(session, stranger)
    for unknown in (9_999, 2_000_000, theirs):
        with pytest.raises(Invalid) as refused:
            await record(session, athlete, a_workout(sets=(a_set(), a_set(unknown))))
        assert [fault.path for fault in refused.value.faults] == ["$.sets[1].exercise_id"]
    assert await history(session, athlete) == []


async def test_an_athletes_own_exercise_is_recorded(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    recorded = await record(session, athlete, a_workout(sets=(a_set(await own_exercise(session, athlete)),)))
    assert recorded.created


async def test_every_write_raises_the_clock_by_one(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    first = await record(session, athlete, a_workout())
    second = await record(session, athlete, a_workout())
    edited = await edit(session, athlete, a_workout(title="Legs"), first)
    assert [first.data_version, second.data_version, edited.data_version] == [1, 2, 3]
    assert await delete(session, athlete, second) == 4


async def test_a_stranger_finds_nothing(session: AsyncSession) -> None:
    athlete, stranger = await an_athlete(session), await an_athlete(session)
    recorded = await record(session, athlete, a_workout())
    with pytest.raises(NotFound):
        await queries.get_workout(session, stranger, recorded.workout_id)
    with pytest.raises(NotFound):
        await delete(session, stranger, recorded)


async def test_history_refuses_to_be_changed(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    await record(session, athlete, a_workout())
    connection = await raw(session)
    for statement in ("UPDATE workout_revisions SET action = 'edit'", "DELETE FROM workout_revisions"):
        with pytest.raises(Exception, match="append-only"):
            async with connection.transaction():
                await connection.execute(statement)


async def test_a_stale_representation_is_rebuilt_from_history(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    recorded = await record(session, athlete, a_workout())
    await (await raw(session)).execute("UPDATE workouts SET representation = 0, body = '{}'")
    assert (await queries.get_workout(session, athlete, recorded.workout_id)).body == recorded.body


async def test_raw_statements_roll_back_with_their_session(sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        athlete = await an_athlete(session)
    with suppress(ZeroDivisionError):
        async with transaction(sessions) as session:
            await record(session, athlete, a_workout())
            raise ZeroDivisionError
    async with transaction(sessions) as session:
        assert await history(session, athlete) == []


async def test_two_devices_creating_one_workout_at_once_make_one(sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        athlete = await an_athlete(session)
    workout_id = ids.new()

    async def create() -> Recorded:
        async with transaction(sessions) as session:
            recorded = await record(session, athlete, a_workout(), workout_id=workout_id)
            await asyncio.sleep(0.05)
            return recorded

    answers = await asyncio.gather(*(create() for _ in range(4)))
    assert sorted(answer.created for answer in answers) == [False, False, False, True]
    assert len({answer.body for answer in answers}) == 1
    async with transaction(sessions) as session:
        clock = await (await raw(session)).fetchval("SELECT data_version FROM athlete_clocks")
    assert clock == 1


async def history(session: AsyncSession, athlete: VisibleAthlete) -> list[Any]:
    statement = """
    SELECT action, record::text AS record, schema_version FROM workout_revisions
    WHERE athlete_id = $1 ORDER BY data_version
    """
    return await (await raw(session)).fetch(statement, athlete.athlete_id)


async def own_exercise(session: AsyncSession, athlete: VisibleAthlete) -> int:
    statement = """
    INSERT INTO exercises (id, owner_id, public_id, name, aliases, muscles, pattern, equipment, load_mode, unilateral,
        implements, bodyweight_permille)
    VALUES (nextval('custom_exercise_ids'), $1, $2, 'My lift', '{}', '[]', 'other', '{}', 1, false, 1, 0) RETURNING id
    """
    return await (await raw(session)).fetchval(statement, athlete.athlete_id, ids.new())


async def test_a_delete_beside_an_edit_leaves_no_sets_under_the_tombstone(sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        athlete = await an_athlete(session)
        first = await record(session, athlete, a_workout())

    async def edit_slowly() -> None:
        async with transaction(sessions) as session:
            await edit(session, athlete, a_workout(sets=(a_set(), a_set(), a_set())), first)
            await asyncio.sleep(0.2)

    async def delete_meanwhile() -> None:
        await asyncio.sleep(0.05)
        async with transaction(sessions) as session:
            await delete(session, athlete, first)

    await asyncio.gather(edit_slowly(), delete_meanwhile())
    async with transaction(sessions) as session:
        assert await (await raw(session)).fetchval("SELECT count(*) FROM set_entries") == 0
