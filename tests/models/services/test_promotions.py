"""Promotions: nothing becomes active unseen, one of two wins, and going back is the same way."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.db import Sessions, raw, transaction
from models.domain.errors import Conflict
from models.services import pipelines, promotions, runs
from models.services.pipelines import ANALYSIS, PipelineStep
from models.services.promotions import Candidate, DiffDraft, Promoted
from tests.factories import NOW
from tests.models.services.test_runs import an_athlete_who_trained, begin

ACTIVE = next(step.version for step in pipelines.FIRST[ANALYSIS] if step.name == "progress")
NEXT = ACTIVE + 1


def a_diff(**fields: Any) -> DiffDraft:
    """From the active version of progress to the next one, over three athletes, two of whom it changes."""
    defaults: dict[str, Any] = {
        "step": "progress",
        "from_version": ACTIVE,
        "to_version": NEXT,
        "from_code": f"code of {ACTIVE}",
        "to_code": f"code of {NEXT}",
        "git_revision": "test",
        "athletes": 3,
        "athletes_changed": 2,
        "figures": {"failed_before": 0, "failed_after": 0},
        "report": b"<!doctype html>",
    }
    return DiffDraft(**{**defaults, **fields})


async def promote(session: AsyncSession, version: int = NEXT, step: str = "progress", **fields: Any) -> Promoted:
    defaults: dict[str, Any] = {"pipeline": ANALYSIS, "code": f"code of {version}", "reanalyse": (step,)}
    candidate = Candidate(step=step, version=version, **{**defaults, **fields})
    return await promotions.promote(session, candidate, promoted_by="a tester", now=NOW)


async def version_of(session: AsyncSession, step: str = "progress") -> int | None:
    return await promotions.active_version(session, ANALYSIS, step)


async def test_without_a_stored_diff_a_version_is_refused_and_told_how_to_make_one(session: AsyncSession) -> None:
    with pytest.raises(Conflict, match=f"loadstone steps diff progress@{NEXT} --sample 40 --store"):
        await promote(session)
    assert await version_of(session) == ACTIVE


async def test_with_one_the_pointer_moves_and_everybody_is_reanalysed(session: AsyncSession) -> None:
    diff_id = await promotions.store_diff(session, a_diff(), now=NOW)
    promoted = await promote(session)
    assert (promoted.from_version, promoted.diff_id, await version_of(session)) == (ACTIVE, diff_id, NEXT)
    [row] = await (await raw(session)).fetch("SELECT * FROM promotions")
    assert (row["from_version"], row["to_version"], row["promoted_by"]) == (ACTIVE, NEXT, "a tester")
    [reanalysis] = await (await raw(session)).fetch("SELECT id, trigger, steps::text, athletes FROM population_runs")
    assert reanalysis["id"] == row["population_run_id"] == promoted.population_run_id
    assert (reanalysis["trigger"], reanalysis["steps"], reanalysis["athletes"]) == ("promoted", '["progress"]', None)


async def test_a_diff_of_other_code_or_parameters_does_not_count(session: AsyncSession) -> None:
    await promotions.store_diff(session, a_diff(), now=NOW)
    with pytest.raises(Conflict, match="there is one of other code or parameters"):
        await promote(session, code="edited since")


async def test_a_diff_from_a_version_that_is_not_active_does_not_count(session: AsyncSession) -> None:
    await promotions.store_diff(session, a_diff(from_version=ACTIVE - 1), now=NOW)
    with pytest.raises(Conflict, match="no stored diff"):
        await promote(session)


async def test_the_diff_there_counts_for_the_way_back(session: AsyncSession) -> None:
    diff_id = await promotions.store_diff(session, a_diff(), now=NOW)
    await promote(session)
    back = await promote(session, ACTIVE)
    assert (back.from_version, back.diff_id, await version_of(session)) == (NEXT, diff_id, ACTIVE)


async def test_the_way_back_needs_a_new_diff_when_the_code_there_has_changed(session: AsyncSession) -> None:
    await promotions.store_diff(session, a_diff(), now=NOW)
    await promote(session)
    with pytest.raises(Conflict, match=f"loadstone steps diff progress@{ACTIVE}"):
        await promote(session, ACTIVE, code="edited since")


async def test_a_version_that_fails_on_athletes_is_refused_but_may_be_left(session: AsyncSession) -> None:
    await promotions.store_diff(session, a_diff(figures={"failed_before": 0, "failed_after": 1}), now=NOW)
    with pytest.raises(Conflict, match="cannot be computed for 1 of the athletes"):
        await promote(session)
    await promotions.store_diff(session, a_diff(figures={"failed_before": 1, "failed_after": 0}), now=NOW)
    assert (await promote(session)).from_version == ACTIVE


async def test_what_failed_on_one_of_many_is_not_outdone_by_a_diff_of_a_few_others(session: AsyncSession) -> None:
    await promotions.store_diff(session, a_diff(figures={"failed_before": 0, "failed_after": 1}), now=NOW)
    await promotions.store_diff(session, a_diff(athletes=1), now=NOW)
    with pytest.raises(Conflict, match="cannot be computed"):
        await promote(session)
    await promotions.store_diff(session, a_diff(athletes=4), now=NOW)
    assert (await promote(session)).from_version == ACTIVE


async def test_what_is_active_is_not_promoted_again(session: AsyncSession) -> None:
    with pytest.raises(Conflict, match="active already"):
        await promote(session, ACTIVE)


async def test_a_new_step_goes_to_the_end_of_the_pipeline(session: AsyncSession) -> None:
    before = await pipelines.active(session, ANALYSIS)
    diff = a_diff(step="grip", from_version=None, from_code=None, to_version=1, to_code="code of 1")
    await promotions.store_diff(session, diff, now=NOW)
    promoted = await promote(session, 1, "grip")
    assert promoted.from_version is None
    assert await pipelines.active(session, ANALYSIS) == (*before, PipelineStep("grip", 1))


async def test_a_diff_over_nobody_is_not_stored(session: AsyncSession) -> None:
    with pytest.raises(Conflict, match="over no athlete"):
        await promotions.store_diff(session, a_diff(athletes=0, athletes_changed=0), now=NOW)


async def test_seeding_undoes_neither_a_promotion_nor_a_way_back(session: AsyncSession) -> None:
    older = ACTIVE - 1
    await promotions.store_diff(session, a_diff(to_version=older, to_code=f"code of {older}"), now=NOW)
    await promote(session, older)
    await pipelines.seed(session, {("progress", older), ("progress", ACTIVE)})
    assert await version_of(session) == older


async def test_an_analysis_in_flight_ends_with_its_versions_and_the_next_uses_the_new_one(
    session: AsyncSession,
) -> None:
    athlete = await an_athlete_who_trained(session)
    begun = await begin(session, athlete)
    await promotions.store_diff(session, a_diff(), now=NOW)
    await promote(session)
    signature = pipelines.signature(begun.steps)
    await runs.finish(session, athlete, run_id=begun.run_id, pipeline=signature, now=NOW, problem=None)
    assert begun.steps[0] == PipelineStep("progress", ACTIVE)
    assert (await begin(session, athlete)).steps[0] == PipelineStep("progress", NEXT)


async def test_of_two_promotions_at_once_one_wins(sessions: Sessions) -> None:
    async def attempt(version: int) -> Promoted:
        async with transaction(sessions) as session:
            return await promote(session, version)

    async with transaction(sessions) as session:
        for version in (NEXT, NEXT + 1):
            await promotions.store_diff(session, a_diff(to_version=version, to_code=f"code of {version}"), now=NOW)
    done = await asyncio.gather(attempt(NEXT), attempt(NEXT + 1), return_exceptions=True)
    [won] = [one for one in done if isinstance(one, Promoted)]
    [lost] = [one for one in done if isinstance(one, Conflict)]
    assert won.from_version == ACTIVE
    assert "no stored diff" in str(lost)
    async with transaction(sessions) as session:
        assert await version_of(session) in {NEXT, NEXT + 1}
        assert await (await raw(session)).fetchval("SELECT count(*) FROM promotions") == 1
        assert await (await raw(session)).fetchval("SELECT count(*) FROM population_runs") == 1


async def test_a_promotion_waits_for_what_is_saved_under_the_version_before(sessions: Sessions) -> None:
    async with transaction(sessions) as session:
        await promotions.store_diff(session, a_diff(), now=NOW)

    async def promoted() -> Promoted:
        async with transaction(sessions) as session:
            return await promote(session)

    async with transaction(sessions) as saving:
        assert PipelineStep("progress", ACTIVE) in await pipelines.held(saving, ANALYSIS)
        promoting = asyncio.create_task(promoted())
        _, waiting = await asyncio.wait([promoting], timeout=0.3)
        assert waiting == {promoting}
    assert (await promoting).from_version == ACTIVE
