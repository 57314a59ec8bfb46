"""The history at an earlier version is what a load read then, whatever was changed since."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.domain.errors import NotFound
from models.domain.merges import MergeDraft
from models.queries.history import StoredHistory, stored_history
from models.queries.history_at import history_at
from models.queries.visibility import VisibleAthlete, system
from models.services import exercises, merges
from models.services.workouts import record_workout
from tests.factories import BACK_SQUAT, NOW, a_set, a_workout, an_athlete
from tests.lives import Life, a_life


def plain(stored: StoredHistory) -> StoredHistory:
    """Bodyweights in an order of their own, and muscles as what their JSON says."""
    weighed = sorted(zip(*stored.weighed.values(), strict=True))
    columns = {name: [row[at] for row in weighed] for at, name in enumerate(stored.weighed)}
    muscles = [msgspec.json.decode(text) for text in stored.exercises["muscles"]]
    return msgspec.structs.replace(stored, weighed=columns, exercises={**stored.exercises, "muscles": muscles})


async def seen(life: Life) -> StoredHistory:
    return plain(await stored_history(life.session, life.athlete))


@pytest.mark.parametrize("seed", range(6))
async def test_each_version_is_what_a_load_read_then(session: AsyncSession, seed: int) -> None:
    life = await a_life(session, seed)
    # Merging again what was merged before is the one change that the past cannot be told from.
    life.happenings = tuple(each for each in life.happenings if each not in (life.merge, life.unmerge))
    read = [await seen(life)]
    for number in range(40):
        await life.go_on()
        if number == 20:
            await life.merge()
        if number == 30:
            await life.unmerge()
        read.append(await seen(life))
    assert len({each.data_version for each in read}) > 20
    for each in read:
        then = plain(await history_at(session, life.athlete, each.data_version))
        assert msgspec.structs.replace(then, merges={}) == msgspec.structs.replace(each, merges={})


@pytest.mark.parametrize("seed", range(6, 12))
async def test_the_current_version_is_what_a_load_reads(session: AsyncSession, seed: int) -> None:
    life = await a_life(session, seed)
    for _ in range(20):
        await life.go_on(3)
        now = await seen(life)
        assert plain(await history_at(session, life.athlete, now.data_version)) == now


async def test_a_workout_may_last_half_a_second_more(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    for length in (0.4, 0.5, 1.5, 2.5, 3600.499999):
        started_at = NOW - timedelta(days=2, seconds=length * 60)
        draft = a_workout(started_at=started_at, ended_at=started_at + timedelta(seconds=length))
        await record_workout(
            session, draft, athlete=athlete, workout_id=ids.new(), actor_id=athlete.athlete_id, now=NOW
        )
    now = await stored_history(session, athlete)
    assert sorted(now.workouts["duration_s"]) == [0, 1, 2, 3, 3600]
    assert (await history_at(session, athlete, now.data_version)).workouts == now.workouts


async def merged_and_undone(session: AsyncSession, athlete: VisibleAthlete) -> int:
    """Sets of an own exercise, merged and undone with nothing between; the version before the merge."""
    draft = exercises.CustomExerciseDraft(name="Mine")
    own = await exercises.create_custom(session, draft, athlete=athlete, public_id=ids.new(), now=NOW)
    recorded = await record_workout(
        session, a_workout(sets=(a_set(own.id),)), athlete=athlete, workout_id=ids.new(),
        actor_id=athlete.athlete_id, now=NOW + timedelta(minutes=1),
    )  # fmt: skip
    merge = MergeDraft(exercise_id=own.id, target_id=BACK_SQUAT)
    await merges.merge(session, merge, athlete=athlete, now=NOW + timedelta(minutes=2))
    await merges.undo(session, own.id, athlete=athlete, now=NOW + timedelta(minutes=3))
    return recorded.data_version


async def test_a_merge_that_was_undone_since_was_in_force_between(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    before = await merged_and_undone(session, athlete)
    used = [(await history_at(session, athlete, before + later)).exercises["exercise_id"] for later in range(3)]
    assert [exercise_ids == [BACK_SQUAT] for exercise_ids in used] == [False, True, False]


async def test_there_is_nothing_before_the_first_write(session: AsyncSession) -> None:
    life = await a_life(session, 1)
    nothing = await history_at(session, life.athlete, 0)
    assert (nothing.data_version, nothing.workouts["workout_id"], nothing.sets["reps"]) == (0, [], [])


@pytest.mark.parametrize("later", [1, 1000])
async def test_the_future_has_no_history(session: AsyncSession, later: int) -> None:
    life = await a_life(session, 1)
    with pytest.raises(NotFound):
        await history_at(session, life.athlete, (await seen(life)).data_version + later)
    with pytest.raises(NotFound):
        await history_at(session, system(ids.new()), 0)
