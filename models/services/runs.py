"""Runs: requested, begun, finished and superseded, always by compare-and-set, each change raising the revision."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models import ids, outbox
from models.db import Session, raw
from models.domain.errors import Conflict, Fault, Invalid
from models.domain.events import Topic
from models.domain.runs import RunKind, RunStatus
from models.domain.workouts import local_date
from models.queries.visibility import VisibleAthlete
from models.services import pipelines, run_sql
from models.services.pipelines import PipelineStep


class Problem(Struct, frozen=True, kw_only=True):
    """Why a run or a step failed, as the API shows it."""

    type: str
    title: str
    detail: str
    step: str | None = None


class Begun(Struct, frozen=True, kw_only=True):
    """A run in progress: what it covers and which steps it consists of."""

    run_id: UUID
    data_version: int
    as_of: date
    steps: tuple[PipelineStep, ...]


class Work(Struct, frozen=True, kw_only=True):
    """What there is to do, and why; `trigger` is None when nothing is due but a run may be open."""

    data_version: int
    as_of: date
    pipeline: tuple[PipelineStep, ...]
    trigger: str | None


INTERRUPTED = Problem(type="interrupted", title="Interrupted", detail="The job was lost before this step ended.")


def workflow_id(athlete: VisibleAthlete, period: str | None = None) -> str:
    """The durable job's id: `athlete/<id>`, or `summary/<id>/<period>`."""
    return f"athlete/{athlete.athlete_id}" if period is None else f"summary/{athlete.athlete_id}/{period}"


def import_workflow_id(athlete: VisibleAthlete, import_id: UUID) -> str:
    """The id of the durable job that does everything about one import, one thing after the other."""
    return f"import/{athlete.athlete_id}/{import_id}"


def import_of(workflow_id: str) -> UUID:
    """The import that a job of this id works on."""
    return UUID(workflow_id.rsplit("/", 1)[1])


async def request_run(
    session: Session, athlete: VisibleAthlete, *, kind: RunKind, requested_by: UUID, now: datetime
) -> UUID:
    """Queue a run, or join the one that is queued already; returns its id. Raises Conflict where none can be made."""
    await (await raw(session)).execute(run_sql.CLOCK, athlete.athlete_id)
    if kind == RunKind.IMPORT:
        raise Invalid([Fault(path="$.kind", message="An import begins with its file.")])
    period = await latest_period(session, athlete) if kind == RunKind.SUMMARY else None
    if kind == RunKind.SUMMARY and period is None:
        raise Conflict("There is nothing to summarise before the first workout.")
    run_id = await (await raw(session)).fetchval(run_sql.QUEUED, athlete.athlete_id, kind.value, period)
    if run_id is None:
        run_id = await open_run(
            session, athlete, kind=kind, period=period, trigger="requested", now=now, by=requested_by
        )
    await wake(session, athlete, kind=kind, period=period, now=now)
    return run_id


async def begin_analysis(session: Session, athlete: VisibleAthlete, *, now: datetime) -> Begun | None:
    """Begin an analysis of everything recorded so far, unless nothing is due."""
    clock = await (await raw(session)).fetchrow(run_sql.CLOCK, athlete.athlete_id)
    if clock is None:
        return None
    pipeline = await pipelines.active(session, pipelines.ANALYSIS)
    today = local_date(now, clock["time_zone"])
    work = Work(
        data_version=clock["data_version"],
        as_of=today,
        pipeline=pipeline,
        trigger=_analysis_due(clock, today, pipeline),
    )
    return await _begin(session, athlete, work, kind=RunKind.ANALYSIS, period=None, now=now)


async def begin_summary(session: Session, athlete: VisibleAthlete, *, period: str, now: datetime) -> Begun | None:
    """Begin a summary of the period, unless it is no longer the latest one or nothing was analysed since the last."""
    clock = await (await raw(session)).fetchrow(run_sql.CLOCK, athlete.athlete_id)
    if clock is None or await latest_period(session, athlete) != period:
        await _supersede_open(session, athlete, kind=RunKind.SUMMARY, period=period, now=now)
        return None
    work = await _summary_work(session, athlete, clock, period=period, now=now)
    return work and await _begin(session, athlete, work, kind=RunKind.SUMMARY, period=period, now=now)


async def finish(
    session: Session, athlete: VisibleAthlete, *, run_id: UUID, pipeline: str, now: datetime, problem: Problem | None
) -> None:
    """Bring a run to its end and tell the athlete's clock. A run that was superseded meanwhile stays as it is."""
    status = RunStatus.SUCCEEDED if problem is None else RunStatus.FAILED
    encoded = None if problem is None else _json(problem)
    ended = await (await raw(session)).fetchrow(run_sql.FINISH, athlete.athlete_id, run_id, status.value, now, encoded)
    ended = ended or await (await raw(session)).fetchrow(run_sql.CANCELLED, athlete.athlete_id, run_id)
    if ended is None:
        return
    if problem is not None:
        await (await raw(session)).execute(run_sql.CLOSE_STEPS, athlete.athlete_id, [run_id], now, encoded)
    if ended["kind"] == RunKind.ANALYSIS:
        succeeded = ended["status"] == RunStatus.SUCCEEDED
        told = (ended["data_version"], ended["as_of"], pipeline, succeeded, pipelines.ANALYSIS)
        if await (await raw(session)).fetchval(run_sql.ADVANCE, athlete.athlete_id, *told):
            # Another version of a step became active meanwhile, and a reanalysis may have passed already.
            await wake(session, athlete, kind=RunKind.ANALYSIS, period=None, now=now)
        # Who asked for a summary is answered even so: it was waiting for the end of this analysis.
        waited_for = succeeded or await (await raw(session)).fetchval(run_sql.SUMMARY_QUEUED, athlete.athlete_id)
        if waited_for:
            await wake_summary(session, athlete, now=now)


async def supersede(session: Session, athlete: VisibleAthlete, *, run_ids: Sequence[UUID], now: datetime) -> None:
    """Close open runs in favour of a newer one, with the steps that they left running."""
    await (await raw(session)).execute(run_sql.SUPERSEDE, athlete.athlete_id, run_ids, now)
    await (await raw(session)).execute(run_sql.CLOSE_STEPS, athlete.athlete_id, run_ids, now, _json(INTERRUPTED))


async def wake(session: Session, athlete: VisibleAthlete, *, kind: RunKind, period: str | None, now: datetime) -> None:
    if kind == RunKind.SUMMARY:
        payload = {"period": period}
        await outbox.add(session, athlete.athlete_id, topic=Topic.SUMMARY_REQUESTED, now=now, payload=payload)
    else:
        await outbox.add(session, athlete.athlete_id, topic=Topic.ANALYSIS_REQUESTED, now=now)


async def wake_import(session: Session, athlete: VisibleAthlete, import_id: UUID, *, now: datetime) -> None:
    """Have the job of an import look for what there is to do."""
    payload = {"import_id": str(import_id)}
    await outbox.add(session, athlete.athlete_id, topic=Topic.IMPORT_REQUESTED, now=now, payload=payload)


async def wake_summary(session: Session, athlete: VisibleAthlete, *, now: datetime) -> None:
    """Have the latest period summarised; without any workout left there is nothing that a summary could state."""
    period = await latest_period(session, athlete)
    if period is None:
        # First the runs, which waits for one that is just saving; only then what it has saved can be seen.
        open_runs = await (await raw(session)).fetch(run_sql.OPEN_SUMMARIES, athlete.athlete_id)
        await supersede(session, athlete, run_ids=[run["id"] for run in open_runs], now=now)
        await (await raw(session)).execute(run_sql.FORGET_SUMMARY, athlete.athlete_id)
    else:
        await wake(session, athlete, kind=RunKind.SUMMARY, period=period, now=now)


async def latest_period(session: Session, athlete: VisibleAthlete) -> str | None:
    """The ISO week of the athlete's last workout, such as 2026-W47."""
    day: date | None = await (await raw(session)).fetchval(run_sql.LAST_TRAINED, athlete.athlete_id)
    return None if day is None else f"{day.isocalendar().year}-W{day.isocalendar().week:02d}"


def _analysis_due(clock: Any, today: date, pipeline: tuple[PipelineStep, ...]) -> str | None:
    if clock["data_version"] > clock["attempted_version"]:
        return "recorded"
    if clock["analysed_on"] != today:
        return "day_rolled"
    return "pipeline" if clock["analysed_pipeline"] != pipelines.signature(pipeline) else None


async def _summary_work(
    session: Session, athlete: VisibleAthlete, clock: Any, *, period: str, now: datetime
) -> Work | None:
    """What a summary would cover; null while an analysis is owed, which asks for the summary when it ends.

    Before that the documents are of the time before, perhaps of another week. Without any analysis it shall fail.
    """
    if clock["attempted_version"] < clock["data_version"]:
        return None
    pipeline = await pipelines.active(session, pipelines.SUMMARY)
    analysed = await (await raw(session)).fetchrow(run_sql.ANALYSED, athlete.athlete_id)
    if analysed is None:
        today = local_date(now, clock["time_zone"])
        return Work(data_version=clock["data_version"], as_of=today, pipeline=pipeline, trigger=None)
    version, as_of = analysed["data_version"], analysed["as_of"]
    done = await (await raw(session)).fetchval(run_sql.SUMMARISED, athlete.athlete_id, period, version, as_of)
    return Work(data_version=version, as_of=as_of, pipeline=pipeline, trigger=None if done else "analysed")


async def _begin(
    session: Session, athlete: VisibleAthlete, work: Work, *, kind: RunKind, period: str | None, now: datetime
) -> Begun | None:
    """Carry on an open run that has no steps yet (requested, or begun by an attempt of this very call), or open one.

    Other open runs are left-overs of lost jobs: superseded, and what they owed is due.
    """
    runs = await (await raw(session)).fetch(
        run_sql.OPEN, athlete.athlete_id, kind.value, period, work.data_version, work.as_of
    )
    if work.trigger is None and not runs:
        return None
    run_id: UUID | None = next((run["id"] for run in runs if not run["has_steps"]), None)
    if stale := [run["id"] for run in runs if run["id"] != run_id]:
        await supersede(session, athlete, run_ids=stale, now=now)
    if run_id is None:
        trigger = work.trigger or runs[0]["trigger"]
        run_id = await open_run(session, athlete, kind=kind, period=period, trigger=trigger, now=now, by=None)
    await (await raw(session)).execute(run_sql.START, athlete.athlete_id, run_id, work.data_version, work.as_of, now)
    return Begun(run_id=run_id, data_version=work.data_version, as_of=work.as_of, steps=work.pipeline)


async def open_run(
    session: Session,
    athlete: VisibleAthlete,
    *,
    kind: RunKind,
    period: str | None,
    trigger: str,
    now: datetime,
    by: UUID | None,
) -> UUID:
    """Queue a run of its own, whatever else is queued; returns its id."""
    run_id = ids.new()
    name = workflow_id(athlete, period)
    await (await raw(session)).execute(
        run_sql.INSERT, athlete.athlete_id, run_id, kind.value, trigger, by, name, period, now
    )
    return run_id


async def _supersede_open(
    session: Session, athlete: VisibleAthlete, *, kind: RunKind, period: str, now: datetime
) -> None:
    runs = await (await raw(session)).fetch(run_sql.OPEN, athlete.athlete_id, kind.value, period, None, None)
    await supersede(session, athlete, run_ids=[run["id"] for run in runs], now=now)


def _json(problem: Problem) -> str:
    return msgspec.json.encode(problem).decode()
