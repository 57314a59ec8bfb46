"""Restoring: what the account lacks, each row with a version of its own, and nothing that it has or deleted."""

from typing import Any

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.db import raw
from models.domain.accounts import AccountChanges
from models.domain.errors import Invalid
from models.domain.exercises import CustomExerciseDraft
from models.domain.goals import GOAL
from models.domain.merges import MergeDraft
from models.queries import exercises as exercise_queries
from models.queries.accounts import get_account
from models.queries.merges import list_merges
from models.queries.visibility import VisibleAthlete
from models.services import accounts, exercises, items, merges
from models.services.restore import restore
from tests.factories import BENCH_PRESS, NOW, an_athlete
from tests.models.readers.test_loadstone_json import IDS, document, exercise, read

VERSIONS = """
SELECT settings_version AS version FROM accounts WHERE id = $1
UNION ALL SELECT data_version FROM exercises WHERE owner_id = $1
UNION ALL SELECT data_version FROM exercise_merges WHERE athlete_id = $1
UNION ALL SELECT data_version FROM athlete_items WHERE athlete_id = $1 ORDER BY version
"""
CLOCK = "SELECT data_version FROM athlete_clocks WHERE athlete_id = $1"
OUTBOX = "SELECT count(*) FROM outbox WHERE athlete_id = $1"


async def restored(session: AsyncSession, athlete: VisibleAthlete, **fields: Any) -> dict[int, int]:
    rest = read(document(**fields)).rest or b""
    return await restore(session, rest, athlete=athlete, actor_id=athlete.athlete_id, now=NOW)


async def values(session: AsyncSession, athlete: VisibleAthlete, statement: str) -> list[int]:
    return [row[0] for row in await (await raw(session)).fetch(statement, athlete.athlete_id)]


async def own(session: AsyncSession, athlete: VisibleAthlete, name: str, public_id: Any = None) -> int:
    draft = CustomExerciseDraft(name=name)
    made = await exercises.create_custom(session, draft, athlete=athlete, public_id=public_id or ids.new(), now=NOW)
    return made.id


async def test_every_row_has_a_version_of_its_own(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    await restored(session, athlete)
    assert await values(session, athlete, VERSIONS) == [1, 2, 3, 4]
    assert await values(session, athlete, CLOCK) == [4]
    assert await values(session, athlete, OUTBOX) == [1]


async def test_restoring_again_changes_nothing(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    first = await restored(session, athlete)
    assert first == await restored(session, athlete)
    assert await values(session, athlete, CLOCK) == [4]
    assert await values(session, athlete, OUTBOX) == [1]


async def test_an_empty_account_takes_over_the_settings(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    await restored(session, athlete)
    assert (await get_account(session, athlete)).time_zone == "Europe/Berlin"


async def test_an_account_with_settings_of_its_own_keeps_them(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    await accounts.change_account(session, athlete, AccountChanges(time_zone="Asia/Tokyo"), now=NOW)
    await restored(session, athlete)
    assert (await get_account(session, athlete)).time_zone == "Asia/Tokyo"


@pytest.mark.parametrize(("name", "public_id"), [("SLED drag", None), ("Another name", IDS[0])])
async def test_an_exercise_of_this_name_or_id_is_taken(session: AsyncSession, name: str, public_id: Any) -> None:
    athlete = await an_athlete(session)
    known = await own(session, athlete, name, public_id)
    assert await restored(session, athlete) == {10_000: known}
    assert (await exercise_queries.get_exercise(session, athlete, known)).name == name


async def test_someone_elses_exercise_stays_theirs(session: AsyncSession) -> None:
    stranger, athlete = await an_athlete(session), await an_athlete(session)
    theirs = await own(session, stranger, "Sled Drag", IDS[0])
    numbers = await restored(session, athlete, exercises=[exercise(id=theirs)], merges=[], items=[], workouts=[])
    assert numbers[theirs] != theirs
    assert (await exercise_queries.get_exercise(session, athlete, numbers[theirs])).name == "Sled Drag"


async def test_what_was_deleted_or_undone_stays_so(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    numbers = await restored(session, athlete)
    actor_id = athlete.athlete_id
    await merges.undo(session, numbers[10_000], athlete=athlete, now=NOW)
    await items.delete_item(
        session, GOAL, athlete=athlete, item_id=msgspec.convert(IDS[2], type(actor_id)), actor_id=actor_id, now=NOW
    )
    before = await values(session, athlete, CLOCK)
    await restored(session, athlete)
    assert await list_merges(session, athlete) == []
    assert before == await values(session, athlete, CLOCK)


async def test_a_merge_that_would_go_round_is_left_out(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    sled, other = await own(session, athlete, "Sled Drag"), await own(session, athlete, "Other")
    await merges.merge(session, MergeDraft(exercise_id=other, target_id=sled), athlete=athlete, now=NOW)
    merged = [{"exercise_id": 10_000, "target_id": 10_001, "merged_at": "2026-11-20T18:00:00Z"}]
    both = [exercise(), exercise(id=10_001, public_id=IDS[4], name="Other")]
    await restored(session, athlete, exercises=both, merges=merged)
    assert [(found.exercise_id, found.target_id) for found in await list_merges(session, athlete)] == [(other, sled)]


async def test_a_chain_of_merges_is_restored_in_one_go(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    chain = [
        {"exercise_id": 10_000, "target_id": 10_001, "merged_at": "2026-11-20T18:00:00Z"},
        {"exercise_id": 10_001, "target_id": BENCH_PRESS, "merged_at": "2026-11-20T18:00:00Z"},
    ]
    both = [exercise(), exercise(id=10_001, public_id=IDS[4], name="Other")]
    numbers = await restored(session, athlete, exercises=both, merges=chain)
    found = {merge.exercise_id: merge.target_id for merge in await list_merges(session, athlete)}
    assert found == {numbers[10_000]: numbers[10_001], numbers[10_001]: BENCH_PRESS}


async def test_a_measurement_of_the_future_is_refused(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    weighed = {
        "measured_at": "2031-01-01T00:00:00Z",
        "time_zone": "UTC",
        "kind": "bodyweight",
        "value": 80,
        "unit": "kg",
    }
    with pytest.raises(Invalid, match="future"):
        await restored(session, athlete, items=[{"kind": "measurement", "id": IDS[2], "record": weighed}])
