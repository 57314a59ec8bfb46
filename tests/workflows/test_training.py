"""Loading from what was kept gives what loading everything gives, to the last byte, whatever has happened since."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec import structs
from polars.testing import assert_frame_equal
from sqlalchemy.ext.asyncio import AsyncSession

from analytics import state as states
from analytics.training import Training
from models import ids
from models.db import raw
from models.domain.errors import NotFound
from models.domain.measurements import MEASUREMENT, MeasurementDraft, MeasurementKind, MeasurementUnit
from models.domain.workouts import record
from models.queries import training_state
from models.queries.visibility import VisibleAthlete, system
from models.services import bulk, items
from models.services.workouts import record_workout
from tests.factories import NOW, a_set, a_workout, an_athlete
from tests.lives import BODYWEIGHT_SQUAT, Life, a_life
from workflows.steps import training
from workflows.steps.step import Inputs
from workflows.steps.training import load_training, load_whole_training

AS_OF = date(2026, 11, 21)


async def keep(session: AsyncSession, athlete: VisibleAthlete, inputs: Inputs) -> None:
    if inputs.keep is not None:
        await inputs.keep(session, athlete, NOW)


def assert_same(found: Inputs, expected: Inputs) -> None:
    for field in fields(Training):
        one, other = getattr(found.value, field.name), getattr(expected.value, field.name)
        if field.name == "as_of":
            assert one == other
        else:
            assert_frame_equal(one, other)
    plain = {"value": None, "keep": None}
    assert structs.replace(found, **plain) == structs.replace(expected, **plain)


@pytest.fixture(autouse=True)
def every_state_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few sets there are."""
    monkeypatch.setattr(training, "WORTH_KEEPING_ATOMS", 0)


@pytest.mark.parametrize("seed", range(12))
async def test_a_load_from_a_kept_state_equals_a_load_of_everything(session: AsyncSession, seed: int) -> None:
    life = await a_life(session, seed)
    for _ in range(25):
        await life.go_on(life.chance.choice([1, 1, 2, 5]))
        found = await load_training(session, life.athlete, AS_OF)
        assert_same(found, await load_whole_training(session, life.athlete, AS_OF))
        if life.chance.random() < 0.7:
            await keep(session, life.athlete, found)


async def a_kept_life(session: AsyncSession) -> Life:
    life = await a_life(session, 1)
    await keep(session, life.athlete, await load_training(session, life.athlete, AS_OF))
    return life


async def rows_read(session: AsyncSession) -> dict[str, int]:
    """The rows of each table that this transaction has read."""
    rows = await (await raw(session)).fetch(
        "SELECT relname, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) AS rows FROM pg_stat_xact_user_tables"
    )
    return {row["relname"]: row["rows"] for row in rows}


async def a_trained_athlete(session: AsyncSession, workouts: int) -> VisibleAthlete:
    """One who has done twenty sets in each workout, one a day."""
    athlete = await an_athlete(session)
    records = [
        record(
            a_workout(started_at=NOW - timedelta(days=day + 2), sets=(a_set(),) * 10 + (a_set(BODYWEIGHT_SQUAT),) * 10),
            workout_id=ids.new(),
        )
        for day in range(workouts)
    ]
    connection = await raw(session)
    await bulk.copy_records(connection, records, first_version=1, athlete=athlete, actor_id=athlete.athlete_id, now=NOW)
    statement = "UPDATE athlete_clocks SET data_version = $2 WHERE athlete_id = $1"
    await connection.execute(statement, athlete.athlete_id, workouts)
    return athlete


async def test_after_one_more_workout_no_more_than_its_sets_are_read(session: AsyncSession) -> None:
    athlete = await a_trained_athlete(session, 200)
    await keep(session, athlete, await load_training(session, athlete, AS_OF))
    await record_workout(
        session, a_workout(sets=(a_set(),) * 20), athlete=athlete, workout_id=ids.new(),
        actor_id=athlete.athlete_id, now=NOW,
    )  # fmt: skip
    before = await rows_read(session)
    found = await load_training(session, athlete, AS_OF)
    after = await rows_read(session)
    assert {name: after[name] - before[name] for name in ("set_entries", "workouts")} == {
        "set_entries": 20,
        "workouts": 1,
    }
    assert_same(found, await load_whole_training(session, athlete, AS_OF))


async def test_a_new_bodyweight_reads_the_workouts_that_it_weighs_in(session: AsyncSession) -> None:
    athlete = await a_trained_athlete(session, 30)
    await keep(session, athlete, await load_training(session, athlete, AS_OF))
    weighed = MeasurementDraft(
        measured_at=NOW - timedelta(days=4),
        time_zone="UTC",
        kind=MeasurementKind.BODYWEIGHT,
        value=80,
        unit=MeasurementUnit.KG,
    )
    await items.create_item(
        session, MEASUREMENT, weighed, athlete=athlete, item_id=ids.new(), actor_id=athlete.athlete_id, now=NOW
    )
    before = await rows_read(session)
    found = await load_training(session, athlete, AS_OF)
    assert (await rows_read(session))["set_entries"] - before["set_entries"] == 3 * 20
    assert found.value.bodyweights.rows() == [(0, date(2026, 11, 16), 80_000)]
    assert_same(found, await load_whole_training(session, athlete, AS_OF))


async def test_a_load_without_changes_reads_no_set_and_keeps_nothing(session: AsyncSession) -> None:
    life = await a_kept_life(session)
    before = await rows_read(session)
    found = await load_training(session, life.athlete, AS_OF)
    assert (await rows_read(session))["set_entries"] == before["set_entries"]
    assert found.keep is None
    assert_same(found, await load_whole_training(session, life.athlete, AS_OF))


DOUBTS = {
    "another layout": "layout = layout + 1",
    "bytes that cannot be read": "body = 'unreadable', digest = encode(sha256('unreadable'), 'hex')",
    "bytes that are not whole": "body = substr(body, 1, length(body) - 1)",
    "a version that is not that of the bytes": "data_version = data_version - 1",
    "a version that the data does not have": "data_version = data_version + 1000",
}


@pytest.mark.parametrize("doubt", DOUBTS.values(), ids=DOUBTS)
async def test_a_doubtful_state_is_replaced_by_a_load_of_everything(session: AsyncSession, doubt: str) -> None:
    life = await a_kept_life(session)
    await life.record()
    await (await raw(session)).execute(
        f"UPDATE training_states SET {doubt} WHERE athlete_id = $1", life.athlete.athlete_id
    )
    found = await load_training(session, life.athlete, AS_OF)
    assert_same(found, await load_whole_training(session, life.athlete, AS_OF))
    await keep(session, life.athlete, found)
    again = await training_state.kept(session, life.athlete, states.LAYOUT)
    assert again is not None
    assert (again.data_version, states.digest(again.body)) == (found.data_version, again.digest)
    state = states.decode(again.body)
    assert state is not None
    assert state.data_version == found.data_version


async def test_a_state_of_data_that_never_was_is_not_believed(session: AsyncSession) -> None:
    life = await a_kept_life(session)
    async with session.begin_nested() as savepoint:
        await life.record()
        ahead = await load_training(session, life.athlete, AS_OF)
        await savepoint.rollback()
    await keep(session, life.athlete, ahead)
    found = await load_training(session, life.athlete, AS_OF)
    assert found.data_version < ahead.data_version
    assert_same(found, await load_whole_training(session, life.athlete, AS_OF))


async def test_a_state_of_other_code_is_not_believed(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> None:
    life = await a_kept_life(session)
    kept = await training_state.kept(session, life.athlete, states.LAYOUT)
    assert kept is not None
    assert states.decode(kept.body) is not None
    monkeypatch.setattr(states, "code", lambda: "edited")
    assert states.decode(kept.body) is None


async def test_an_older_state_never_takes_the_place_of_a_newer_one(session: AsyncSession) -> None:
    life = await a_life(session, 2)
    older = await load_training(session, life.athlete, AS_OF)
    await life.record()
    await keep(session, life.athlete, await load_training(session, life.athlete, AS_OF))
    await keep(session, life.athlete, older)
    kept = await training_state.kept(session, life.athlete, states.LAYOUT)
    assert kept is not None
    assert kept.data_version > older.data_version


async def test_what_is_written_between_two_reads_of_a_load_is_no_half_of_it(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = await a_kept_life(session)
    original, recorded = training_state.sets_of, list[int]()

    async def overtaken(*given: Any) -> Any:
        await life.record()
        recorded.append(1)
        return await original(*given)

    monkeypatch.setattr(training_state, "sets_of", overtaken)
    while not recorded:
        await life.merge()
        found = await load_training(session, life.athlete, AS_OF)
        assert_same(found, await load_whole_training(session, life.athlete, AS_OF))


async def test_nobody_has_no_training(session: AsyncSession) -> None:
    with pytest.raises(NotFound):
        await load_training(session, system(ids.new()), AS_OF)


async def test_of_a_short_history_nothing_is_kept(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> None:
    athlete = await an_athlete(session)
    await record_workout(
        session, a_workout(), athlete=athlete, workout_id=ids.new(), actor_id=athlete.athlete_id, now=NOW
    )
    monkeypatch.setattr(training, "WORTH_KEEPING_ATOMS", 2)
    assert (await load_training(session, athlete, NOW.date())).keep is None
    monkeypatch.setattr(training, "WORTH_KEEPING_ATOMS", 1)
    assert (await load_training(session, athlete, NOW.date())).keep is not None
