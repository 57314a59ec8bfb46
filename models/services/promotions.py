"""Which version of a step is active: diffs stored beforehand, and the pointer moved on the strength of one of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models import ids
from models.db import Session, raw
from models.domain.errors import Conflict
from models.services import pipelines, population

INSERT_DIFF = """
INSERT INTO step_diffs (id, step, from_version, to_version, to_code, git_revision, athletes, athletes_changed, figures,
    report, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11)
"""
# What a diff found of the way there is true of the way back, as long as the code at its beginning is the same. The one
# over the most athletes counts: what failed on one of many is not outdone by a diff of a few others.
PROOF = """
SELECT id, (figures ->> CASE WHEN to_version = $3 THEN 'failed_after' ELSE 'failed_before' END)::int AS failed
FROM step_diffs WHERE step = $1 AND (
    (from_version IS NOT DISTINCT FROM $2 AND to_version = $3 AND to_code = $4)
    OR (from_version = $3 AND to_version = $2 AND figures ->> 'from_code' = $4)
)
ORDER BY athletes DESC, created_at DESC, id DESC LIMIT 1
"""
STORED_FOR_OTHER_CODE = """
SELECT EXISTS (
    SELECT FROM step_diffs WHERE step = $1 AND (
        (from_version IS NOT DISTINCT FROM $2 AND to_version = $3) OR (from_version = $3 AND to_version = $2)
    )
)
"""
MOVE = """
INSERT INTO pipelines (name, position, step, version)
SELECT $1::varchar, coalesce(max(position) + 1, 0), $2, $3 FROM pipelines WHERE name = $1
ON CONFLICT (name, step) DO UPDATE SET version = excluded.version
"""
RECORD = """
INSERT INTO promotions (id, pipeline, step, from_version, to_version, diff_id, population_run_id, promoted_by,
    promoted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


class DiffDraft(Struct, frozen=True, kw_only=True):
    """A diff to be stored. The codes are digests of what ran; `figures` hold failed_before and failed_after."""

    step: str
    from_version: int | None
    to_version: int
    from_code: str | None
    to_code: str
    git_revision: str
    athletes: int
    athletes_changed: int
    figures: Mapping[str, Any]
    report: bytes


class Candidate(Struct, frozen=True, kw_only=True):
    """The version to become active: `code` is what this process would run as it, `reanalyse` the steps it concerns."""

    pipeline: str
    step: str
    version: int
    code: str
    reanalyse: Sequence[str]


class Promoted(Struct, frozen=True, kw_only=True):
    """What was active before, and the reanalysis begun; none where the pipeline is not that of the analysis."""

    from_version: int | None
    diff_id: UUID
    population_run_id: UUID | None


async def store_diff(session: Session, draft: DiffDraft, *, now: datetime) -> UUID:
    """Keep a diff, so that its version may be promoted; raises Conflict where it compared nobody."""
    if draft.athletes == 0:
        raise Conflict("A diff over no athlete shows nothing, and is not stored.")
    diff_id = ids.new()
    figures = {**draft.figures, "from_code": draft.from_code}
    await (await raw(session)).execute(
        INSERT_DIFF,
        *(diff_id, draft.step, draft.from_version, draft.to_version, draft.to_code, draft.git_revision),
        *(draft.athletes, draft.athletes_changed, msgspec.json.encode(figures).decode(), draft.report, now),
    )
    return diff_id


async def active_version(session: Session, pipeline: str, step: str) -> int | None:
    """The version of the step that analyses begin with; None where the pipeline lacks the step."""
    return {each.name: each.version for each in await pipelines.active(session, pipeline)}.get(step)


async def promote(session: Session, candidate: Candidate, *, promoted_by: str, now: datetime) -> Promoted:
    """Make the version the active one and begin the reanalysis; a step that the pipeline lacks goes to its end.

    Raises Conflict where it is active already, or no stored diff shows what it changes. What runs meanwhile ends with
    the version that it began with. In a transaction; ring the doorbell afterwards.
    """
    await (await raw(session)).execute(pipelines.LOCK)
    before = await active_version(session, candidate.pipeline, candidate.step)
    if before == candidate.version:
        raise Conflict(f"{candidate.step}@{candidate.version} is active already.")
    diff_id = await _proof(session, candidate, before)
    await (await raw(session)).execute(MOVE, candidate.pipeline, candidate.step, candidate.version)
    run_id = await _reanalysis(session, candidate, promoted_by=promoted_by, now=now)
    await (await raw(session)).execute(
        RECORD,
        *(ids.new(), candidate.pipeline, candidate.step, before, candidate.version, diff_id, run_id),
        *(promoted_by, now),
    )
    return Promoted(from_version=before, diff_id=diff_id, population_run_id=run_id)


async def _proof(session: Session, candidate: Candidate, before: int | None) -> UUID:
    """The stored diff between the two versions of the same code, over the most athletes."""
    step, version = candidate.step, candidate.version
    row = await (await raw(session)).fetchrow(PROOF, step, before, version, candidate.code)
    if row is None:
        other = await (await raw(session)).fetchval(STORED_FOR_OTHER_CODE, step, before, version)
        raise Conflict(_unproven(candidate, before, other_code=other))
    if row["failed"]:
        raise Conflict(f"By its diff {step}@{version} cannot be computed for {row['failed']} of the athletes.")
    return row["id"]


def _unproven(candidate: Candidate, before: int | None, *, other_code: bool) -> str:
    step = f"{candidate.step}@{candidate.version}"
    now = f"{candidate.step}@{before}, the active version," if before is not None else "nothing"
    missing = f"There is no stored diff from {now} to {step}"
    reason = "; there is one of other code or parameters" if other_code else ""
    return f"{missing}{reason}. Make one: loadstone steps diff {step} --sample 40 --store"


async def _reanalysis(session: Session, candidate: Candidate, *, promoted_by: str, now: datetime) -> UUID | None:
    if candidate.pipeline != pipelines.ANALYSIS:
        return None
    return await population.request_reanalysis(
        session, steps=candidate.reanalyse, athletes=None, trigger="promoted", requested_by=promoted_by, now=now
    )
