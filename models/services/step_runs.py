"""Runs of steps: begun, finished with their documents, failed. Only a run that is still running is written to."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models import ids
from models.db import Session, raw
from models.queries.visibility import VisibleAthlete
from models.services.runs import Problem

# The transaction of a statement that reads from this is on disk a moment after it is seen, unless it is `durable`: see
# `db.direct`. As a part of the statement it saves three round trips. Such a statement is committed even if its caller
# has gone while it waited for a lock: then an attempt more is counted.
_SOON = """soon AS MATERIALIZED (
    SELECT CASE WHEN {durable} THEN NULL ELSE set_config('synchronous_commit', 'off', true) END
)"""
_RUN = """run AS (
    UPDATE runs SET revision = revision + 1 WHERE athlete_id = $1 AND id = $2 AND status = 'running' RETURNING id
)"""

# A step that has succeeded is never begun again: its twin of a retried activity finds nothing to do.
BEGIN = f"""
WITH {_RUN}, {_SOON.format(durable="false")}
INSERT INTO step_runs (athlete_id, id, run_id, position, step, version, status, data_version, as_of, params,
    git_revision, lock_digest, attempts, started_at)
SELECT $1, $3, run.id, $4, $5, $6, 'running', $7, $8, $9::jsonb, $10, $11, 1, $12 FROM run CROSS JOIN soon
ON CONFLICT (athlete_id, run_id, step) DO UPDATE
SET status = 'running', attempts = least(step_runs.attempts + 1, 30000), started_at = excluded.started_at,
    ended_at = NULL, problem = NULL, params = excluded.params, git_revision = excluded.git_revision,
    lock_digest = excluded.lock_digest
WHERE step_runs.status <> 'succeeded'
RETURNING id, attempts
"""
# An older run never overwrites what a newer one has written.
FINISH = f"""
WITH {_RUN}, {_SOON.format(durable="$12::boolean")}, step AS (
    UPDATE step_runs SET status = 'succeeded', data_version = $4, inputs = $5::jsonb, output_digest = $6,
        documents = $7::jsonb, ended_at = $8
    FROM run WHERE step_runs.athlete_id = $1 AND step_runs.run_id = run.id AND step_runs.id = $3
    AND step_runs.status = 'running' RETURNING step_runs.id, step_runs.as_of
), stored AS (
    INSERT INTO step_documents (athlete_id, name, step_run_id, data_version, as_of, digest, body, written_at)
    SELECT $1, document.name, step.id, $4, step.as_of, document.digest, document.body, $8
    FROM step, unnest($9::text[], $10::text[], $11::bytea[]) AS document (name, digest, body)
    ON CONFLICT (athlete_id, name) DO UPDATE
    SET step_run_id = excluded.step_run_id, data_version = excluded.data_version, as_of = excluded.as_of,
        digest = excluded.digest, written_at = excluded.written_at,
        -- Its own body put back costs nothing: PostgreSQL keeps a long value where it is.
        body = CASE step_documents.digest WHEN excluded.digest THEN step_documents.body ELSE excluded.body END
    WHERE (excluded.data_version, excluded.as_of) >= (step_documents.data_version, step_documents.as_of)
)
SELECT id FROM step CROSS JOIN soon
"""
FAIL = f"""
WITH {_RUN}
UPDATE step_runs SET status = 'failed', ended_at = $4, problem = $5::jsonb
FROM run WHERE step_runs.athlete_id = $1 AND step_runs.run_id = run.id AND step_runs.id = $3
AND step_runs.status = 'running'
"""
GOES_ON = "SELECT EXISTS (SELECT FROM runs WHERE athlete_id = $1 AND id = $2 AND status = 'running')"


class StepStart(Struct, frozen=True, kw_only=True):
    """What is known of a step's run before its inputs are read."""

    run_id: UUID
    position: int
    step: str
    version: int
    data_version: int
    as_of: date
    params: Mapping[str, Any]
    git_revision: str
    lock_digest: str


class StepBegun(Struct, frozen=True, kw_only=True):
    """A step in progress, and for how many times it has been begun."""

    id: UUID
    attempts: int


class StepResult(Struct, frozen=True, kw_only=True):
    """What a step read and made: `data_version` is the version that it actually read."""

    data_version: int
    inputs: Mapping[str, Any]
    output_digest: str
    digests: Mapping[str, str]
    documents: Mapping[str, bytes]


async def begin_step(session: Session, athlete: VisibleAthlete, start: StepStart, *, now: datetime) -> StepBegun | None:
    """Begin or retry a step; None when it has succeeded already or its run no longer goes on.

    Soon durable, with the whole of the session's transaction if there is one.
    """
    row = await (await raw(session)).fetchrow(
        BEGIN,
        athlete.athlete_id,
        start.run_id,
        ids.new(),
        start.position,
        start.step,
        start.version,
        start.data_version,
        start.as_of,
        _json(start.params),
        start.git_revision,
        start.lock_digest,
        now,
    )
    return None if row is None else StepBegun(id=row["id"], attempts=row["attempts"])


async def finish_step(
    session: Session,
    athlete: VisibleAthlete,
    result: StepResult,
    *,
    run_id: UUID,
    step_run_id: UUID,
    now: datetime,
    durable: bool = True,
) -> bool:
    """Save the step's documents with their lineage; False when a twin was faster or the run no longer goes on.

    Unless `durable` it is so soon, with the whole of the session's transaction if there is one.
    """
    names = list(result.documents)
    saved = await (await raw(session)).fetchval(
        FINISH,
        athlete.athlete_id,
        run_id,
        step_run_id,
        result.data_version,
        _json(result.inputs),
        result.output_digest,
        _json(result.digests),
        now,
        names,
        [result.digests[name] for name in names],
        [result.documents[name] for name in names],
        durable,
    )
    return saved is not None


async def fail_step(
    session: Session, athlete: VisibleAthlete, problem: Problem, *, run_id: UUID, step_run_id: UUID, now: datetime
) -> None:
    """Record why the step cannot succeed."""
    await (await raw(session)).execute(FAIL, athlete.athlete_id, run_id, step_run_id, now, _json(problem))


async def goes_on(session: Session, athlete: VisibleAthlete, *, run_id: UUID) -> bool:
    """Whether the run is still running: not superseded, cancelled or finished."""
    return await (await raw(session)).fetchval(GOES_ON, athlete.athlete_id, run_id)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
