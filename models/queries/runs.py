"""Reads of the ledger of jobs: runs with their steps, and the lineage of a step."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models.db import Session, raw
from models.domain.errors import NotFound
from models.domain.runs import RunKind, RunStatus, RunView, StepRunLineage, StepRunView
from models.queries.visibility import VisibleAthlete

STEPS = """
SELECT coalesce(json_agg(json_build_object('id', id, 'step', step, 'version', version, 'status', status,
    'started_at', started_at, 'ended_at', ended_at, 'problem', problem,
    'elapsed_ms', round(extract(epoch FROM ended_at - started_at) * 1000)::int) ORDER BY position), '[]')
FROM step_runs WHERE step_runs.athlete_id = runs.athlete_id AND step_runs.run_id = runs.id
"""
COLUMNS = f"""
id, kind, trigger, requested_by, status, revision, period, data_version, as_of, waiting_for, problem,
created_at, started_at, ended_at, ({STEPS}) AS steps
"""
ONE = f"SELECT {COLUMNS} FROM runs WHERE athlete_id = $1 AND id = $2"
PAGE = f"""
SELECT {COLUMNS} FROM runs WHERE athlete_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3))
ORDER BY created_at DESC, id DESC LIMIT $4
"""
PROGRESS = "SELECT revision, status FROM runs WHERE athlete_id = $1 AND id = $2"
LINEAGE = f"SELECT {', '.join(StepRunLineage.__struct_fields__)} FROM step_runs WHERE athlete_id = $1 AND id = $2"


class RunProgress(Struct, frozen=True, kw_only=True):
    """How far a run is, at the least cost of asking."""

    revision: int
    status: RunStatus


async def get_run(session: Session, athlete: VisibleAthlete, run_id: UUID) -> RunView:
    """One run with its steps."""
    row = await (await raw(session)).fetchrow(ONE, athlete.athlete_id, run_id)
    if row is None:
        raise NotFound("There is no such run.")
    return run(row)


async def list_runs(
    session: Session, athlete: VisibleAthlete, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[RunView]:
    """A page of runs, newest first, beginning after the (created_at, id) of the page before."""
    created_at, run_id = after or (None, None)
    rows = await (await raw(session)).fetch(PAGE, athlete.athlete_id, created_at, run_id, limit)
    return [run(row) for row in rows]


async def get_progress(session: Session, athlete: VisibleAthlete, run_id: UUID) -> RunProgress:
    """The revision and status of a run."""
    row = await (await raw(session)).fetchrow(PROGRESS, athlete.athlete_id, run_id)
    if row is None:
        raise NotFound("There is no such run.")
    return RunProgress(revision=row["revision"], status=RunStatus(row["status"]))


async def get_step_run(session: Session, athlete: VisibleAthlete, step_run_id: UUID) -> StepRunLineage:
    """The lineage of one run of one step."""
    row = await (await raw(session)).fetchrow(LINEAGE, athlete.athlete_id, step_run_id)
    if row is None:
        raise NotFound("There is no such run of a step.")
    return StepRunLineage(**dict(row))


def run(row: Any) -> RunView:
    """A run from a row with COLUMNS."""
    return RunView(
        id=row["id"],
        kind=RunKind(row["kind"]),
        trigger=row["trigger"],
        requested_by=row["requested_by"],
        status=RunStatus(row["status"]),
        revision=row["revision"],
        period=row["period"],
        data_version=row["data_version"],
        as_of=row["as_of"],
        waiting_for=row["waiting_for"],
        problem=row["problem"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        steps=msgspec.convert(row["steps"], tuple[StepRunView, ...]),
    )
