"""Saving what a reanalysis computed for many athletes: COPY into the ledger, upserts in portions, the clocks last.

Each athlete's run appears in its final state, so that no live job finds it open. Live work is kept waiting by the
clocks alone, for as long as one statement and the commit take.
"""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models.db import Session, raw
from models.domain.population import REANALYSIS
from models.domain.runs import RunKind, RunStatus
from models.queries.visibility import VisibleAthlete
from models.services.runs import Problem
from models.services.step_runs import StepResult, StepStart

RUN_COLUMNS = (
    *("athlete_id", "id", "kind", "trigger", "status", "workflow_id", "data_version", "as_of", "created_at"),
    "started_at",
)
STEP_COLUMNS = (
    *("athlete_id", "id", "run_id", "position", "step", "version", "status", "data_version", "as_of", "params"),
    *("inputs", "output_digest", "documents", "git_revision", "lock_digest", "attempts", "started_at", "ended_at"),
    "problem",
)
DOCUMENT_COLUMNS = (
    *("number", "athlete_id", "name", "step_run_id", "data_version", "as_of", "digest", "body", "written_at"),
)
_BODY = DOCUMENT_COLUMNS.index("body")
# What is written in one go, and the pause after it: live commits wait for the log of all that was written before them.
PORTION_BYTES, PAUSE_S = 1_000_000, 0.02
STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS staged_documents (number int, athlete_id uuid, name text, step_run_id uuid,
    data_version bigint, as_of date, digest text, body bytea STORAGE EXTERNAL, written_at timestamptz) ON COMMIT DROP
"""
CLEAR = "TRUNCATE staged_documents"
# In the order in which a live step writes its own, so that the two wait for each other and never deadlock.
UPSERT = """
INSERT INTO step_documents AS stored (athlete_id, name, step_run_id, data_version, as_of, digest, body, written_at)
SELECT athlete_id, name, step_run_id, data_version, as_of, digest, body, written_at FROM staged_documents
ORDER BY athlete_id, number
ON CONFLICT (athlete_id, name) DO UPDATE
SET step_run_id = excluded.step_run_id, data_version = excluded.data_version, as_of = excluded.as_of,
    digest = excluded.digest, written_at = excluded.written_at,
    body = CASE stored.digest WHEN excluded.digest THEN stored.body ELSE excluded.body END
WHERE (excluded.data_version, excluded.as_of) >= (stored.data_version, stored.as_of)
RETURNING new.athlete_id, old.digest IS DISTINCT FROM new.digest AS is_new
"""
CLOSE = """
UPDATE runs SET status = CASE WHEN ended.problem IS NULL THEN 'succeeded' ELSE 'failed' END, problem = ended.problem,
    ended_at = $4, revision = revision + 1
FROM unnest($1::uuid[], $2::uuid[], $3::jsonb[]) AS ended (athlete_id, id, problem)
WHERE runs.athlete_id = ended.athlete_id AND runs.id = ended.id
"""
# An account that is erased meanwhile takes its results along; one that is there stays until the commit.
HOLD_ACCOUNTS = "SELECT id FROM accounts WHERE id = ANY ($1::uuid[]) ORDER BY id FOR KEY SHARE"
HOLD_CLOCKS = """
SELECT FROM athlete_clocks WHERE athlete_id = ANY ($1::uuid[]) ORDER BY athlete_id FOR NO KEY UPDATE
"""
# A live analysis of a newer version, or of a later day, has told the clock already.
ADVANCE = """
UPDATE athlete_clocks AS clock SET attempted_version = analysed.version, analysed_on = analysed.as_of,
    analysed_pipeline = $5,
    analysed_version = CASE WHEN analysed.well THEN analysed.version ELSE clock.analysed_version END
FROM unnest($1::uuid[], $2::bigint[], $3::date[], $4::boolean[]) AS analysed (athlete_id, version, as_of, well)
WHERE clock.athlete_id = analysed.athlete_id AND clock.attempted_version <= analysed.version
AND coalesce(clock.analysed_on <= analysed.as_of, true)
"""
MOVE = """
UPDATE athlete_clocks AS clock SET analysed_pipeline = $3
FROM unnest($1::uuid[], $2::text[]) AS known (athlete_id, pipeline)
WHERE clock.athlete_id = known.athlete_id AND clock.analysed_pipeline = known.pipeline
"""


class Analysed(Struct, frozen=True, kw_only=True):
    """One athlete's run. `analysed_pipeline` is with what their documents were made before."""

    athlete: VisibleAthlete
    run_id: UUID
    data_version: int
    as_of: date
    analysed_pipeline: str | None
    started_at: datetime


class StepDone(Struct, frozen=True, kw_only=True):
    """A step as it went for one athlete: its result, or the problem that ends the run."""

    athlete: VisibleAthlete
    id: UUID
    start: StepStart
    result: StepResult | None = None
    problem: Problem | None = None
    started_at: datetime
    ended_at: datetime


async def remaining(session: Session, athletes: Sequence[UUID]) -> set[UUID]:
    """Those athletes who are still there, and will be until the transaction ends."""
    return {row["id"] for row in await (await raw(session)).fetch(HOLD_ACCOUNTS, athletes)}


async def open_runs(session: Session, analysed: Sequence[Analysed], *, workflow_id: str) -> None:
    """Write the runs, to be closed in the same transaction."""
    rows = (
        (
            *(each.athlete.athlete_id, each.run_id, RunKind.ANALYSIS.value, REANALYSIS, RunStatus.RUNNING.value),
            *(workflow_id, each.data_version, each.as_of, each.started_at, each.started_at),
        )
        for each in analysed
    )
    await (await raw(session)).copy_records_to_table("runs", columns=RUN_COLUMNS, records=rows)


async def save(session: Session, done: Sequence[StepDone], *, now: datetime, pause_s: float = PAUSE_S) -> set[UUID]:
    """Write steps with their documents; the athletes of whom a document is new or differs.

    What is newer already stays. In the transaction of the runs. After each portion it pauses for live work's sake.
    """
    connection = await raw(session)
    steps = [_step(step) for step in done]
    await connection.copy_records_to_table("step_runs", columns=STEP_COLUMNS, records=steps)
    await connection.execute(STAGE)
    changed: set[UUID] = set()
    for rows in _portions(_documents(done, now)):
        await connection.execute(CLEAR)
        await connection.copy_records_to_table("staged_documents", columns=DOCUMENT_COLUMNS, records=rows)
        changed |= {row["athlete_id"] for row in await connection.fetch(UPSERT) if row["is_new"]}
        await asyncio.sleep(pause_s)
    return changed


async def close_runs(
    session: Session, analysed: Sequence[Analysed], problems: Mapping[UUID, Problem], *, now: datetime
) -> None:
    """End the runs, badly where the athlete has a problem."""
    told = [problems.get(each.athlete.athlete_id) for each in analysed]
    await (await raw(session)).execute(
        CLOSE,
        [each.athlete.athlete_id for each in analysed],
        [each.run_id for each in analysed],
        [None if problem is None else _json(problem) for problem in told],
        now,
    )


async def advance_clocks(
    session: Session, analysed: Sequence[Analysed], problems: Collection[UUID], *, pipeline: str
) -> None:
    """Tell the clocks of whole analyses, so that nothing is due. Last of all in a transaction."""
    people = await _hold_clocks(session, analysed)
    versions, days = [each.data_version for each in analysed], [each.as_of for each in analysed]
    well = [athlete_id not in problems for athlete_id in people]
    await (await raw(session)).execute(ADVANCE, people, versions, days, well, pipeline)


async def move_pipelines(session: Session, analysed: Sequence[Analysed], *, pipeline: str) -> None:
    """Tell the clocks of athletes whose other documents are of that pipeline already. Last of all in a transaction."""
    people = await _hold_clocks(session, analysed)
    known = [each.analysed_pipeline for each in analysed]
    await (await raw(session)).execute(MOVE, people, known, pipeline)


async def _hold_clocks(session: Session, analysed: Sequence[Analysed]) -> list[UUID]:
    people = [each.athlete.athlete_id for each in analysed]
    await (await raw(session)).execute(HOLD_CLOCKS, people)
    return people


def _step(step: StepDone) -> tuple[Any, ...]:
    start, result = step.start, step.result
    status = "succeeded" if result is not None else "failed"
    made = (None, None, None) if result is None else (_json(result.inputs), result.output_digest, _json(result.digests))
    version = start.data_version if result is None else result.data_version
    return (
        *(step.athlete.athlete_id, step.id, start.run_id, start.position, start.step, start.version, status),
        *(version, start.as_of, _json(start.params), *made, start.git_revision, start.lock_digest),
        *(1, step.started_at, step.ended_at, None if step.problem is None else _json(step.problem)),
    )


def _portions(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows in their order, so many at a time that their documents are about a portion."""
    portion: list[tuple[Any, ...]] = []
    size = 0
    for row in rows:
        portion.append(row)
        size += len(row[_BODY])
        if size >= PORTION_BYTES:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _documents(done: Iterable[StepDone], now: datetime) -> Iterator[tuple[Any, ...]]:
    """The athletes in order, as everybody locks them."""
    number = 0
    for step in sorted(done, key=lambda step: step.athlete.athlete_id):
        if step.result is None:
            continue
        for name, body in step.result.documents.items():
            number += 1
            key = (number, step.athlete.athlete_id, name, step.id, step.result.data_version, step.start.as_of)
            yield (*key, step.result.digests[name], body, now)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
