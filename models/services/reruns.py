"""A run of its own that begins in the middle: what the steps before have made is taken over from an earlier run."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models import ids
from models.db import Session, raw
from models.domain.errors import Conflict, NotFound
from models.domain.runs import RunKind
from models.domain.workouts import local_date
from models.queries import steps as queries
from models.queries.visibility import VisibleAthlete
from models.services import pipelines, run_sql, runs

RERUN = "rerun"
RUN = "SELECT kind, ended_at IS NOT NULL AS ended FROM runs WHERE athlete_id = $1 AND id = $2"
MADE = """
SELECT id, position, step, version, status, data_version, as_of, params::text, inputs::text, output_digest,
    documents::text, git_revision, lock_digest
FROM step_runs WHERE athlete_id = $1 AND run_id = $2 ORDER BY position
"""
# No attempt: nothing is computed in the new run. When its job meets the step, it has succeeded already.
TAKE_OVER = """
INSERT INTO step_runs (athlete_id, id, run_id, position, step, version, status, data_version, as_of, params, inputs,
    output_digest, documents, git_revision, lock_digest, attempts, started_at, ended_at)
SELECT athlete_id, $4, $3, position, step, version, status, data_version, as_of, params,
    inputs || jsonb_build_object('reused', coalesce(inputs ->> 'reused', id::text)), output_digest, documents,
    git_revision, lock_digest, 0, $5, $5
FROM step_runs WHERE athlete_id = $1 AND id = $2
"""


class Made(Struct, frozen=True, kw_only=True):
    """What a step of the earlier run has made."""

    id: UUID
    position: int
    step: str
    version: int
    status: str
    data_version: int
    as_of: date
    digests: Mapping[str, str]


async def request_rerun(
    session: Session, athlete: VisibleAthlete, *, run_id: UUID, first: str, requested_by: UUID | None, now: datetime
) -> UUID:
    """Queue an analysis that computes the step `first` and those after it; returns its id. In a transaction.

    Raises Conflict where the steps before have not made what a new analysis would begin with: other data, another day,
    other versions, or documents that a newer run has replaced. Ring the doorbell afterwards.
    """
    clock = await (await raw(session)).fetchrow(run_sql.CLOCK, athlete.athlete_id)
    earlier = await _earlier(session, athlete, run_id, first)
    active = {step.name: step.version for step in await pipelines.active(session, pipelines.ANALYSIS)}
    today = local_date(now, clock["time_zone"])
    for made in earlier:
        _still_current(made, active=active, data_version=clock["data_version"], today=today)
    await _still_stored(session, athlete, earlier)
    new_id = await runs.open_run(
        session, athlete, kind=RunKind.ANALYSIS, period=None, trigger=RERUN, now=now, by=requested_by
    )
    for made in earlier:
        await (await raw(session)).execute(TAKE_OVER, athlete.athlete_id, made.id, new_id, ids.new(), now)
    await runs.wake(session, athlete, kind=RunKind.ANALYSIS, period=None, now=now)
    return new_id


async def _earlier(session: Session, athlete: VisibleAthlete, run_id: UUID, first: str) -> Sequence[Made]:
    """The steps of the pipeline before `first`, as the earlier run has made them."""
    run = await (await raw(session)).fetchrow(RUN, athlete.athlete_id, run_id)
    if run is None:
        raise NotFound(f"There is no run {run_id}.")
    if run["kind"] != RunKind.ANALYSIS:
        raise Conflict(f"Only an analysis is run again from a step; this is a run of kind {run['kind']}.")
    if not run["ended"]:
        raise Conflict("This run has not ended yet.")
    names = [step.name for step in await pipelines.active(session, pipelines.ANALYSIS)]
    if first not in names:
        raise NotFound(f"The analysis has no step {first}. It has: {', '.join(names)}.")
    made = {row["step"]: _made(row) for row in await (await raw(session)).fetch(MADE, athlete.athlete_id, run_id)}
    before = names[: names.index(first)]
    for name in before:
        if name not in made or made[name].status != "succeeded":
            raise Conflict(f"That run has no result of {name}, which comes before {first}.")
    return [made[name] for name in before]


def _still_current(made: Made, *, active: Mapping[str, int], data_version: int, today: date) -> None:
    """Beside what is computed now, the result taken over must be of the same data, day and version."""
    what = f"{made.step}@{made.version} of that run"
    if active[made.step] != made.version:
        raise Conflict(f"{what} is not the active version any more: request a new analysis instead.")
    if made.data_version != data_version:
        raise Conflict(
            f"{what} is of version {made.data_version} of the data, which is at {data_version} now: "
            "request a new analysis instead."
        )
    if made.as_of != today:
        raise Conflict(f"{what} is as of {made.as_of}, and it is {today} now: request a new analysis instead.")


async def _still_stored(session: Session, athlete: VisibleAthlete, earlier: Sequence[Made]) -> None:
    names = [name for made in earlier for name in made.digests]
    stored = await queries.documents(session, athlete, names)
    for made in earlier:
        for name, digest in made.digests.items():
            if name not in stored or stored[name].digest != digest:
                raise Conflict(
                    f"What {made.step} made in that run is not stored any more: only the newest document is kept, "
                    f"and {name} is another one now. Request a new analysis instead."
                )


def _made(row: Any) -> Made:
    return Made(
        id=row["id"],
        position=row["position"],
        step=row["step"],
        version=row["version"],
        status=row["status"],
        data_version=row["data_version"],
        as_of=row["as_of"],
        digests={} if row["documents"] is None else msgspec.json.decode(row["documents"]),
    )
