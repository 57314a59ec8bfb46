"""Reruns: what the steps before have made is taken over by digest, or the reason why not is told."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.db import raw
from models.domain.errors import Conflict, NotFound
from models.domain.runs import RunKind
from models.queries.visibility import VisibleAthlete
from models.services import pipelines, reruns, runs
from models.services.pipelines import ANALYSIS
from models.services.runs import Begun
from tests.factories import NOW
from tests.models.services.test_runs import PROBLEM, an_athlete_who_trained, begin, do_step, finish, train

FIRST, SECOND, *_ = (step.name for step in pipelines.FIRST[ANALYSIS])


async def analysed(session: AsyncSession, athlete: VisibleAthlete) -> Begun:
    begun = await begin(session, athlete)
    for position in range(len(begun.steps)):
        await do_step(session, athlete, begun, position)
    await finish(session, athlete, begun)
    return begun


async def rerun(session: AsyncSession, athlete: VisibleAthlete, run_id: UUID, first: str = SECOND) -> UUID:
    return await reruns.request_rerun(session, athlete, run_id=run_id, first=first, requested_by=None, now=NOW)


async def test_the_steps_before_are_taken_over_and_the_rest_is_computed(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    earlier = await analysed(session, athlete)
    new_id = await rerun(session, athlete, earlier.run_id)
    begun = await begin(session, athlete)
    assert begun.run_id == new_id
    assert await do_step(session, athlete, begun, 0) is None
    assert await do_step(session, athlete, begun, 1) is not None


async def test_what_is_taken_over_names_the_run_of_the_step_that_made_it(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    earlier = await analysed(session, athlete)
    again = await rerun(session, athlete, earlier.run_id)
    await begin(session, athlete)
    statement = (
        "SELECT id, step, attempts, inputs::text, output_digest FROM step_runs WHERE run_id = $1 ORDER BY position"
    )
    [first, *_] = await (await raw(session)).fetch(statement, earlier.run_id)
    [taken] = await (await raw(session)).fetch(statement, again)
    assert (taken["step"], taken["attempts"], taken["output_digest"]) == (FIRST, 0, first["output_digest"])
    assert msgspec.json.decode(taken["inputs"])["reused"] == str(first["id"])


async def test_the_first_step_takes_nothing_over(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    earlier = await analysed(session, athlete)
    new_id = await rerun(session, athlete, earlier.run_id, FIRST)
    begun = await begin(session, athlete)
    assert begun.run_id == new_id
    assert await do_step(session, athlete, begun, 0) is not None


async def test_a_run_that_failed_at_the_step_goes_on_from_there(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    begun = await begin(session, athlete)
    await do_step(session, athlete, begun, 0)
    await finish(session, athlete, begun, PROBLEM)
    assert await rerun(session, athlete, begun.run_id) != begun.run_id


async def test_a_document_that_a_newer_run_has_replaced_is_not_taken_over(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    earlier = await analysed(session, athlete)
    await (await raw(session)).execute("UPDATE step_documents SET digest = 'other' WHERE name = $1", FIRST)
    with pytest.raises(Conflict, match="only the newest document is kept"):
        await rerun(session, athlete, earlier.run_id)


async def test_data_recorded_since_is_told(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    earlier = await analysed(session, athlete)
    await train(session, athlete)
    with pytest.raises(Conflict, match="is of version 1 of the data, which is at 2 now"):
        await rerun(session, athlete, earlier.run_id)


async def test_another_day_is_told(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    earlier = await analysed(session, athlete)
    with pytest.raises(Conflict, match="is as of 2026-11-20, and it is 2026-11-21 now"):
        await reruns.request_rerun(
            session, athlete, run_id=earlier.run_id, first=SECOND, requested_by=None, now=NOW + timedelta(days=1)
        )


async def test_another_active_version_is_told(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    earlier = await analysed(session, athlete)
    await (await raw(session)).execute("UPDATE pipelines SET version = version + 1 WHERE step = $1", FIRST)
    with pytest.raises(Conflict, match="not the active version any more"):
        await rerun(session, athlete, earlier.run_id)


async def test_a_workout_recorded_before_the_rerun_begins_makes_it_a_whole_analysis(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    earlier = await analysed(session, athlete)
    new_id = await rerun(session, athlete, earlier.run_id)
    await train(session, athlete)
    begun = await begin(session, athlete)
    assert begun.run_id != new_id
    assert await do_step(session, athlete, begun, 0) is not None
    [row] = await (await raw(session)).fetch("SELECT status FROM runs WHERE id = $1", new_id)
    assert row["status"] == "superseded"


async def test_a_promotion_before_the_rerun_begins_makes_it_a_whole_analysis(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    earlier = await analysed(session, athlete)
    new_id = await rerun(session, athlete, earlier.run_id)
    await (await raw(session)).execute("UPDATE pipelines SET version = version + 1 WHERE step = $1", FIRST)
    begun = await begin(session, athlete)
    assert begun.run_id != new_id


async def test_runs_that_cannot_be_run_again_say_why(session: AsyncSession) -> None:
    athlete = await an_athlete_who_trained(session)
    begun = await begin(session, athlete)
    with pytest.raises(Conflict, match="has not ended yet"):
        await rerun(session, athlete, begun.run_id)
    await finish(session, athlete, begun)
    with pytest.raises(Conflict, match=f"no result of {FIRST}, which comes before {SECOND}"):
        await rerun(session, athlete, begun.run_id)
    with pytest.raises(NotFound, match="The analysis has no step summarise"):
        await rerun(session, athlete, begun.run_id, "summarise")
    with pytest.raises(NotFound, match="There is no run"):
        await rerun(session, athlete, ids.new())
    summary = await runs.request_run(session, athlete, kind=RunKind.SUMMARY, requested_by=athlete.athlete_id, now=NOW)
    with pytest.raises(Conflict, match="Only an analysis"):
        await rerun(session, athlete, summary)


async def test_another_athletes_run_is_not_there(session: AsyncSession) -> None:
    athlete, stranger = await an_athlete_who_trained(session), await an_athlete_who_trained(session)
    earlier = await analysed(session, athlete)
    with pytest.raises(NotFound):
        await rerun(session, stranger, earlier.run_id)
