"""Correcting the unit of an import and undoing it: all that nobody touched since, and nothing else."""

import io
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncSession

from models import readers
from models.domain.errors import Conflict
from models.domain.imports import ImportPhase, ImportStep, ImportView, Undone, UnitCorrected
from models.domain.sets import SetRecord
from models.domain.units import MassUnit
from models.domain.workouts import WorkoutRecord
from models.queries import imports as queries
from models.queries import workouts as workout_queries
from models.queries.visibility import VisibleAthlete
from models.readers.parsed import ParsedLog
from models.services import import_changes, imports, workouts
from tests.factories import NOW, a_workout, an_athlete
from tests.models.readers.test_loadstone_json import document, read
from tests.models.services.importing import do, import_log, recorded, rows

HEADER = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"


def a_log(*loads: float, unit: MassUnit | None = MassUnit.KG) -> ParsedLog:
    """A workout a day, of one set of the exercise each."""
    lines = [
        f'2024-03-{day:02} 18:00:00,"Day {day}",41m,"Squat (Barbell)",1,{load},5,0,0,,,\n'
        for day, load in enumerate(loads, start=1)
    ]
    return readers.read(io.BytesIO((HEADER + "".join(lines)).encode()), time_zone="UTC", unit=unit)


async def correct(
    session: AsyncSession, athlete: VisibleAthlete, imported: ImportView, unit: MassUnit
) -> UnitCorrected:
    run_id = await imports.correct_unit(
        session, athlete, imported.id, unit=unit, requested_by=athlete.athlete_id, now=NOW
    )
    assert await do(session, athlete, imported.id) == [ImportStep.CORRECT_UNIT]
    outcome = (await queries.get_import(session, athlete, imported.id)).outcome
    assert isinstance(outcome, UnitCorrected)
    assert outcome.run_id == run_id
    return outcome


async def undo(session: AsyncSession, athlete: VisibleAthlete, imported: ImportView) -> Undone:
    await imports.undo(session, athlete, imported.id, requested_by=athlete.athlete_id, now=NOW)
    assert await do(session, athlete, imported.id) == [ImportStep.UNDO]
    done = await queries.get_import(session, athlete, imported.id)
    assert done.phase is ImportPhase.UNDONE
    assert isinstance(done.outcome, Undone)
    return done.outcome


async def by_day(session: AsyncSession, athlete: VisibleAthlete) -> list[UUID]:
    """The workouts' ids, tombstones included, oldest first."""
    return [row[1] for row in await rows(session, athlete, "started_at, id", "workouts")]


async def edit(session: AsyncSession, athlete: VisibleAthlete, workout_id: UUID) -> None:
    version = await workout_queries.version(session, athlete, workout_id)
    await workouts.edit_workout(
        session, a_workout(), athlete=athlete, workout_id=workout_id, actor_id=athlete.athlete_id, now=NOW,
        expected_version=version or 0,
    )  # fmt: skip


async def delete(session: AsyncSession, athlete: VisibleAthlete, workout_id: UUID) -> None:
    await workouts.delete_workout(session, athlete=athlete, workout_id=workout_id, actor_id=athlete.athlete_id, now=NOW)


async def served(session: AsyncSession, athlete: VisibleAthlete, workout_id: UUID) -> dict[str, Any]:
    return msgspec.json.decode((await workout_queries.get_workout(session, athlete, workout_id)).body)


async def test_a_corrected_unit_keeps_the_values_as_entered(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    imported = await import_log(session, athlete, a_log(100, 44.0925))
    outcome = await correct(session, athlete, imported, MassUnit.LB)
    assert (outcome.corrected, outcome.kept_edited, outcome.kept_deleted) == (2, (), ())
    stored = await rows(session, athlete, "performed_on, load_g, load_unit", "set_entries")
    assert [row[1:] for row in stored] == [(45_359, 2), (20_000, 2)]
    for workout_id, load in zip(await by_day(session, athlete), (100, 44.0925), strict=True):
        found = await served(session, athlete, workout_id)
        assert (found["sets"][0]["load"], found["sets"][0]["load_unit"]) == (load, "lb")
    history = await rows(session, athlete, "data_version, action", "workout_revisions")
    assert history == [(1, "create"), (2, "create"), (3, "edit"), (4, "edit")]
    assert await rows(session, athlete, "data_version, changed_at", "athlete_clocks") == [(4, NOW)]


async def test_a_unit_corrected_back_and_forth_is_as_it_was(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    imported = await import_log(session, athlete, a_log(100, 61.23492))
    before = await rows(session, athlete, "performed_on, load_g, load_unit", "set_entries")
    for unit in (MassUnit.LB, MassUnit.KG):
        assert (await correct(session, athlete, imported, unit)).corrected == 2
    assert before == await rows(session, athlete, "performed_on, load_g, load_unit", "set_entries")


async def test_what_was_edited_deleted_or_would_be_too_heavy_is_kept_and_named(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    imported = await import_log(session, athlete, a_log(100, 110, 1300, 120, unit=MassUnit.LB))
    first, second, third, _ = await by_day(session, athlete)
    await edit(session, athlete, first)
    await delete(session, athlete, second)
    outcome = await correct(session, athlete, imported, MassUnit.KG)
    assert outcome.corrected == 1
    assert (outcome.kept_edited, outcome.kept_deleted, outcome.kept_too_heavy) == ((first,), (second,), (third,))
    assert (await served(session, athlete, third))["sets"][0]["load_unit"] == "lb"


async def test_the_same_wish_again_is_the_same_run_and_an_idle_wish_is_refused(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    imported = await import_log(session, athlete, a_log(100))

    async def wish(unit: MassUnit) -> UUID:
        return await imports.correct_unit(
            session, athlete, imported.id, unit=unit, requested_by=athlete.athlete_id, now=NOW
        )

    with pytest.raises(Conflict, match="in kg"):
        await wish(MassUnit.KG)
    queued = await wish(MassUnit.LB)
    assert queued == await wish(MassUnit.LB)
    await do(session, athlete, imported.id)
    assert queued == await wish(MassUnit.LB)
    assert await do(session, athlete, imported.id) == []


async def test_units_that_the_file_states_are_not_corrected_as_a_whole(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    log = structs.replace(a_log(100), unit=structs.replace(a_log(100).unit, evidence="The file states kg."))
    imported = await import_log(session, athlete, log)
    with pytest.raises(Conflict, match="states"):
        await correct(session, athlete, imported, MassUnit.LB)


async def test_an_undone_import_leaves_tombstones_and_may_come_again(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    imported = await import_log(session, athlete, a_log(100, 110, 120))
    first, second, third = await by_day(session, athlete)
    await edit(session, athlete, first)
    await delete(session, athlete, second)
    outcome = await undo(session, athlete, imported)
    assert (outcome.removed, outcome.kept_edited, outcome.kept_deleted) == (1, (first,), (second,))
    history = await rows(session, athlete, "data_version, action, workout_id", "workout_revisions")
    assert history[-1] == (6, "delete", third)
    again = await recorded(session, athlete, a_log(100, 110, 120))
    assert (again.workouts, again.workouts_already_present) == (1, 2)
    assert len(await rows(session, athlete, "workout_id, position", "set_entries")) == 3


async def test_an_undone_export_of_loadstone_may_come_again_once(session: AsyncSession) -> None:
    athlete, export = await an_athlete(session), read(document())
    await undo(session, athlete, await import_log(session, athlete, export))
    assert [(await recorded(session, athlete, export)).workouts for _ in range(2)] == [1, 0]


async def test_undoing_twice_is_one_run_and_nothing_is_corrected_after(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    imported = await import_log(session, athlete, a_log(100))
    by = athlete.athlete_id
    runs = {await imports.undo(session, athlete, imported.id, requested_by=by, now=NOW) for _ in range(2)}
    await do(session, athlete, imported.id)
    runs.add(await imports.undo(session, athlete, imported.id, requested_by=by, now=NOW))
    assert len(runs) == 1
    with pytest.raises(Conflict):
        await imports.correct_unit(session, athlete, imported.id, unit=MassUnit.LB, requested_by=by, now=NOW)


async def test_an_import_that_is_not_published_cannot_be_changed(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    imported = await import_log(session, athlete, a_log(100, unit=None))
    assert imported.phase is ImportPhase.ASKING
    with pytest.raises(Conflict):
        await imports.undo(session, athlete, imported.id, requested_by=athlete.athlete_id, now=NOW)


def test_a_bodyweight_in_the_units_of_the_file_is_corrected_with_the_loads() -> None:
    record = WorkoutRecord(
        schema_version=1, workout_id=UUID(int=1), started_at=NOW, time_zone="UTC", performed_on=NOW.date(),
        bodyweight_g=80_000, bodyweight_unit=MassUnit.KG,
        sets=(SetRecord(exercise_id=1, load_g=45_359, load_unit=MassUnit.LB), SetRecord(exercise_id=1)),
    )  # fmt: skip
    found = import_changes.in_unit(record, MassUnit.KG, MassUnit.LB)
    assert (found.bodyweight_g, found.bodyweight_unit, found.sets) == (36_287, MassUnit.LB, record.sets)


async def test_a_workout_restored_from_an_undone_import_comes_no_second_time(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    imported = await import_log(session, athlete, a_log(100, 110))
    first, _ = await by_day(session, athlete)
    await undo(session, athlete, imported)
    await restore_first_state(session, athlete, first)
    again = await recorded(session, athlete, a_log(100, 110))
    assert (again.workouts, again.workouts_already_present) == (1, 1)


async def test_a_workout_that_was_imported_again_is_not_restored_beside_its_twin(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    imported = await import_log(session, athlete, a_log(100))
    (first,) = await by_day(session, athlete)
    await undo(session, athlete, imported)
    await recorded(session, athlete, a_log(100))
    with pytest.raises(Conflict):
        await restore_first_state(session, athlete, first)


async def restore_first_state(session: AsyncSession, athlete: VisibleAthlete, workout_id: UUID) -> None:
    history = await rows(session, athlete, "data_version, workout_id", "workout_revisions")
    await workouts.restore_workout(
        session,
        athlete=athlete,
        workout_id=workout_id,
        revision=min(version for version, found in history if found == workout_id),
        actor_id=athlete.athlete_id,
        now=NOW,
    )
