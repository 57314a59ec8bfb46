"""Diffs: both versions on the same inputs, results on record, and failures that spoil nothing but their athlete."""

from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from msgspec import structs

from analytics.progress import ProgressParams
from analytics.training import Training
from models import db
from models.db import Session
from models.queries.visibility import VisibleAthlete
from tests.factories import a_set, a_workout
from tests.lifters import train
from tests.workflows.stage import Stage, now
from workflows.steps import STEPS, diff, snapshot, workbench
from workflows.steps.changes import Compared
from workflows.steps.diff import Found
from workflows.steps.history import load_history
from workflows.steps.progress import progress_v3
from workflows.steps.pseudonyms import Person
from workflows.steps.step import Step

SHORTER = structs.replace(progress_v3, version=4, params=ProgressParams(daily_days=7))


async def compared(found: AsyncIterator[Found], before: Step | None, after: Step) -> list[Compared]:
    with ThreadPoolExecutor(2) as pool:
        return [one async for one in diff.compared(found, before, after, pool)]


async def on_database(
    stage: Stage, athletes: Sequence[VisibleAthlete], before: Step | None, after: Step
) -> list[Compared]:
    async with db.direct(stage.database, transaction=True) as session:
        return await compared(diff.of_database(session, before, after, athletes, now=now()), before, after)


async def trained(stage: Stage, count: int = 1) -> list[VisibleAthlete]:
    athletes = [await stage.athlete() for _ in range(count)]
    for number, athlete in enumerate(athletes):
        async with db.transaction(db.sessions(stage.database)) as session:
            await train(session, athlete, number)
    await stage.execute("DELETE FROM outbox")
    return athletes


def tables(one: Compared) -> set[str]:
    return set(one.changes.get_column("table"))


async def test_a_version_does_not_differ_from_itself(stage: Stage) -> None:
    [one] = await on_database(stage, await trained(stage), progress_v3, structs.replace(progress_v3, version=4))
    assert (one.same, one.documents) == (True, 3)


async def test_other_parameters_change_what_they_decide_and_nothing_else(stage: Stage) -> None:
    athletes = await trained(stage, 2)
    found = await on_database(stage, athletes, progress_v3, SHORTER)
    assert [one.athlete for one in found] == [str(athlete.athlete_id) for athlete in athletes]
    assert [one.identical for one in found] == [2, 2]
    assert tables(found[0]) == {"progress", "progress.daily.by_day"}
    assert set(found[0].changes.get_column("change")) == {"changed", "removed"}


async def test_a_new_step_is_nothing_but_additions(stage: Stage) -> None:
    [one] = await on_database(stage, await trained(stage), None, progress_v3)
    assert set(one.changes.get_column("change")) == {"added"}
    assert {"progress", "e1rm", "records"} <= tables(one)


async def test_a_step_that_fails_on_an_athlete_is_told_and_the_others_are_compared(stage: Stage) -> None:
    def fragile(training: Training, params: Any) -> Any:
        if training.workouts.height == 1:
            raise ValueError("one is not enough")
        return progress_v3.function(training, params)

    short, long = await stage.athlete(), (await trained(stage))[0]
    await stage.record(short, a_workout(sets=(a_set(),)))
    await stage.execute("DELETE FROM outbox")
    fragile_v4 = structs.replace(progress_v3, version=4, function=fragile)
    broken, whole = await on_database(stage, [short, long], progress_v3, fragile_v4)
    assert (broken.failed_before, broken.failed_after) == (False, True)
    assert broken.problem == "progress@4: ValueError: one is not enough"
    assert whole.same


async def test_a_step_with_another_loader_gets_its_own_inputs(stage: Stage) -> None:
    def from_history(history: Any, params: Any) -> Any:
        return progress_v3.function(workbench.OF_HISTORY[progress_v3.load](history), params)

    other = structs.replace(progress_v3, version=4, load=load_history, function=from_history)
    [one] = await on_database(stage, await trained(stage), progress_v3, other)
    assert one.same


async def test_a_snapshot_is_compared_without_a_database(stage: Stage, tmp_path: Path) -> None:
    athletes = await trained(stage, 2)
    async with db.direct(stage.database, transaction=True) as session:
        people: list[Person] = await workbench.people(session, athletes, now=now())
    snapshot.write(tmp_path / "snapshot", people, key=b"key", year=2026)
    found = await compared(
        diff.of_snapshot(tmp_path / "snapshot", progress_v3, SHORTER, count=None), progress_v3, SHORTER
    )
    assert [one.problem for one in found] == [None, None]
    assert tables(found[0]) == {"progress", "progress.daily.by_day"}


async def test_the_working_tree_is_compared_with_what_is_on_record(stage: Stage) -> None:
    athlete = await stage.athlete()
    async with stage.working(STEPS):
        await stage.record(athlete, a_workout(sets=(a_set(), a_set(reps=3, load=110))))
        await stage.ended(athlete, 1)
    edited = structs.replace(progress_v3, function=one_kilogram_more)
    async with db.direct(stage.database, transaction=True) as session:
        [same] = await _recorded(session, progress_v3, athlete)
        [other] = await _recorded(session, edited, athlete)
    assert same.same
    assert other.changes.select("table", "row", "column", "before", "after").rows() == [
        ("progress.weekly", other.changes["row"][0], "tonnage_kg", 830.0, 831.0)
    ]


async def test_an_athlete_without_results_on_record_is_told(stage: Stage) -> None:
    [athlete] = await trained(stage)
    async with db.direct(stage.database, transaction=True) as session:
        [one] = await _recorded(session, progress_v3, athlete)
    assert one.problem == "progress has recorded nothing yet."


async def _recorded(session: Session, step: Step, athlete: VisibleAthlete) -> list[Compared]:
    return await compared(diff.of_recorded(session, step, [athlete]), None, step)


def one_kilogram_more(training: Training, params: Any) -> Any:
    made: Any = progress_v3.function(training, params)
    weekly = tuple(structs.replace(week, tonnage_kg=week.tonnage_kg + 1) for week in made["progress"].weekly)
    return {**made, "progress": structs.replace(made["progress"], weekly=weekly)}
