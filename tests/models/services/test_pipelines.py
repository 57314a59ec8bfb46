"""Pipelines are data: seeded once, read in order, never overwritten."""

from models.db import Session, raw
from models.services import pipelines
from models.services.pipelines import FIRST, PipelineStep


async def test_seeding_again_adds_nothing(session: Session) -> None:
    assert await pipelines.seed(session) == 0
    assert {name: await pipelines.active(session, name) for name in FIRST} == FIRST


async def test_seeding_keeps_a_promoted_version(session: Session) -> None:
    await (await raw(session)).execute("UPDATE pipelines SET version = 4 WHERE step = 'progress'")
    await pipelines.seed(session)
    assert (await pipelines.active(session, "analysis"))[0] == PipelineStep("progress", 4)


async def test_a_version_that_this_code_no_longer_has_is_moved_up(session: Session) -> None:
    await (await raw(session)).execute("UPDATE pipelines SET version = 1 WHERE step = 'progress'")
    assert await pipelines.seed(session) == 1
    assert {name: await pipelines.active(session, name) for name in FIRST} == FIRST


async def test_an_unknown_pipeline_has_no_steps(session: Session) -> None:
    assert await pipelines.active(session, "nothing") == ()
