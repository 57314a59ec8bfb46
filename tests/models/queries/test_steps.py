"""Stored documents and their lineage."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.domain.errors import NotFound
from models.queries import steps
from models.services import runs, step_runs
from models.services.step_runs import StepResult, StepStart
from tests.factories import NOW, an_athlete


async def test_a_document_leads_to_what_decided_it(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    begun = await runs.begin_analysis(session, athlete, now=NOW)
    assert begun is not None
    start = StepStart(
        run_id=begun.run_id, position=0, step="progress", version=1, data_version=0, as_of=begun.as_of,
        params={"days": 7}, git_revision="test", lock_digest="test",
    )  # fmt: skip
    started = await step_runs.begin_step(session, athlete, start, now=NOW)
    assert started is not None
    result = StepResult(
        data_version=0, inputs={"digests": {"history": "h"}}, output_digest="o", digests={"progress": "d"},
        documents={"progress": b"{}"},
    )  # fmt: skip
    assert await step_runs.finish_step(session, athlete, result, run_id=begun.run_id, step_run_id=started.id, now=NOW)
    found = await steps.documents(session, athlete, ("progress", "records"))
    assert {name: (document.body, document.digest) for name, document in found.items()} == {"progress": (b"{}", "d")}
    origin = await steps.origin(session, athlete, found["progress"].step_run_id)
    assert (origin.step, origin.version, origin.params) == ("progress", 1, {"days": 7})
    assert origin.inputs == {"digests": {"history": "h"}}


async def test_an_unknown_origin_is_not_found(session: AsyncSession) -> None:
    with pytest.raises(NotFound):
        await steps.origin(session, await an_athlete(session), ids.new())
