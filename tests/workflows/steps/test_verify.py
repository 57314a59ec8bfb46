"""Verifying: what is on record comes out again, or it is told why not, and nothing is written."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from msgspec import structs

from analytics.progress import ProgressParams
from models import db
from models.queries import recorded
from models.queries.visibility import VisibleAthlete
from tests.factories import a_set, a_workout
from tests.workflows.stage import Stage, now
from tests.workflows.steps.test_diff import one_kilogram_more
from workflows import build
from workflows.steps import STEPS, verify, workbench
from workflows.steps.progress import progress_v3
from workflows.steps.step import Step
from workflows.steps.verify import Verdict, Verified

LOCK = build.this_build("test").lock_digest


async def analysed(stage: Stage, workouts: int = 1) -> VisibleAthlete:
    """An athlete with one analysis by the real steps for each workout."""
    athlete = await stage.athlete()
    async with stage.working(STEPS):
        for number in range(workouts):
            started_at = now() - timedelta(days=workouts - number)
            draft = a_workout(started_at=started_at, sets=(a_set(), a_set(reps=3, load=110 + number)))
            await stage.record(athlete, draft)
            await stage.ended(athlete, number + 1)
        await stage.ended(athlete, 1, "summary")
    return athlete


async def verified(
    stage: Stage, athlete: VisibleAthlete, steps: Sequence[Step] = STEPS, *, lock_digest: str = LOCK
) -> dict[str, list[Verified]]:
    """The verdicts by step, of the oldest version of the data first."""
    async with db.direct(stage.database, transaction=True) as session:
        await workbench.only_read(session)
        results = await recorded.sample(session, 100, athlete)
        with ThreadPoolExecutor(2) as pool:
            found = [one async for one in verify.verify(session, results, steps, lock_digest=lock_digest, pool=pool)]
    names = {one.result.step for one in found}
    return {name: [one for one in found if one.result.step == name] for name in names}


async def test_what_is_on_record_comes_out_again(stage: Stage) -> None:
    found = await verified(stage, await analysed(stage))
    assert found.keys() == {step.name for step in STEPS}
    assert {one.verdict for results in found.values() for one in results} == {Verdict.EQUAL}


async def test_so_does_what_was_computed_from_an_earlier_version_of_the_data(stage: Stage) -> None:
    found = await verified(stage, await analysed(stage, workouts=3))
    assert [one.result.data_version for one in found["progress"]] == [1, 2, 3]
    assert [one.verdict for one in found["progress"]] == [Verdict.EQUAL] * 3


async def test_an_athlete_who_has_moved_since_changes_no_number(stage: Stage) -> None:
    athlete = await analysed(stage)
    await stage.execute("UPDATE accounts SET time_zone = 'Asia/Tokyo' WHERE id = $1", athlete.athlete_id)
    found = await verified(stage, athlete)
    assert {one.verdict for results in found.values() for one in results} == {Verdict.EQUAL}


async def test_an_edited_step_is_different_and_the_numbers_are_told(stage: Stage) -> None:
    athlete = await analysed(stage)
    edited = structs.replace(progress_v3, function=one_kilogram_more)
    [one] = (await verified(stage, athlete, (edited,)))["progress"]
    assert one.verdict is Verdict.DIFFERENT
    assert one.changes is not None
    assert one.changes.select("column", "before", "after").rows() == [("tonnage_kg", 830.0, 831.0)]


async def test_numbers_that_are_not_stored_any_more_are_said_to_be_so(stage: Stage) -> None:
    athlete = await analysed(stage, workouts=2)
    edited = structs.replace(progress_v3, function=one_kilogram_more)
    old, _ = (await verified(stage, athlete, (edited,)))["progress"]
    assert (old.verdict, old.changes) == (Verdict.DIFFERENT, None)
    assert "not stored any more" in old.reason


async def test_a_step_that_breaks_where_it_once_did_not_is_different(stage: Stage) -> None:
    def broken(*_: Any) -> Any:
        raise ValueError("no")

    athlete = await analysed(stage)
    [one] = (await verified(stage, athlete, (structs.replace(progress_v3, function=broken),)))["progress"]
    assert one.verdict is Verdict.DIFFERENT
    assert "ValueError: no" in one.reason


async def test_a_retired_version_is_not_runnable(stage: Stage) -> None:
    athlete = await analysed(stage)
    [one] = (await verified(stage, athlete, (structs.replace(progress_v3, version=4),)))["progress"]
    assert (one.verdict, one.reason) == (Verdict.NOT_RUNNABLE, "This worker has no step progress@3.")


async def test_results_are_computed_with_the_parameters_on_record(stage: Stage) -> None:
    athlete = await analysed(stage)
    other = structs.replace(progress_v3, params=ProgressParams(daily_days=1))
    [one] = (await verified(stage, athlete, (other,)))["progress"]
    assert one.verdict is Verdict.EQUAL


async def test_other_libraries_may_be_why_it_differs(stage: Stage) -> None:
    athlete = await analysed(stage)
    edited = structs.replace(progress_v3, function=one_kilogram_more)
    [one] = (await verified(stage, athlete, (edited,), lock_digest="other"))["progress"]
    assert one.verdict is Verdict.NOT_RUNNABLE
    assert "other libraries" in one.reason
    [same] = (await verified(stage, athlete, lock_digest="other"))["progress"]
    assert same.verdict is Verdict.EQUAL


async def test_another_estimator_is_named(stage: Stage) -> None:
    athlete = await analysed(stage)
    [recommend] = [step for step in STEPS if step.name == "recommend"]
    other = structs.replace(recommend, also_decided_by=lambda: {"estimator": {"name": "another"}})
    [one] = (await verified(stage, athlete, (other,)))["recommend"]
    assert (one.verdict, one.reason) == (Verdict.NOT_RUNNABLE, "Decided by another estimator than now.")


async def test_documents_of_another_form_are_not_runnable_and_said_to_be_so(stage: Stage) -> None:
    athlete = await analysed(stage)
    await stage.execute("UPDATE step_documents SET body = '{}' WHERE name = 'records'")
    [one] = (await verified(stage, athlete))["summarise"]
    assert (one.verdict, one.reason) == (
        Verdict.NOT_RUNNABLE,
        "The analysis on record has another form than this code reads.",
    )


async def test_a_catalogue_that_has_changed_since_is_named(stage: Stage) -> None:
    athlete = await analysed(stage)
    await stage.execute("UPDATE exercises SET name = name || '!' WHERE id = 100")
    try:
        [one] = (await verified(stage, athlete))["progress"]
    finally:
        await stage.execute("UPDATE exercises SET name = rtrim(name, '!') WHERE id = 100")
    assert one.verdict is Verdict.NOT_RUNNABLE
    assert one.reason == "Not what it was computed from any more: history."
