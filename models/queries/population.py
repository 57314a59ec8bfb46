"""Reads of reanalyses over all athletes: whom they concern, how far they are, whether they are still wanted."""

from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models.db import Session, raw
from models.domain.errors import NotFound
from models.domain.population import AthleteFailure, PopulationStatus, PopulationView, Trained
from models.queries.visibility import VisibleAthlete, system

SHOWN = 10

OPEN = """
SELECT id FROM population_runs WHERE ended_at IS NULL AND (status = 'queued' OR NOT $1) ORDER BY created_at, id
"""
WANTED = """
SELECT EXISTS (SELECT FROM population_runs WHERE id = $1 AND status = 'running' AND cancel_requested_at IS NULL)
"""
NAMED = "SELECT athletes IS NOT NULL FROM population_runs WHERE id = $1"
# Of everybody those who have recorded something at some time; of those who were named, whoever is still there.
EVERYBODY = """
athlete_clocks AS clock WHERE EXISTS (SELECT FROM workouts WHERE workouts.athlete_id = clock.athlete_id)
"""
CHOSEN = """
athlete_clocks AS clock WHERE clock.athlete_id = ANY (ARRAY (
    SELECT jsonb_array_elements_text(athletes)::uuid FROM population_runs WHERE id = $1))
"""
TRAINED = """
SELECT clock.athlete_id,
    (SELECT count(*) FROM set_entries AS entry WHERE entry.athlete_id = clock.athlete_id) AS sets
FROM {meant} AND $1::uuid IS NOT NULL AND ($2::uuid IS NULL OR clock.athlete_id > $2)
ORDER BY clock.athlete_id LIMIT $3
"""
MEMBERS = """
SELECT meant.athlete_id, account.time_zone, meant.analysed_pipeline,
    (SELECT count(*) FROM set_entries AS entry WHERE entry.athlete_id = meant.athlete_id) AS sets
FROM (
    SELECT clock.athlete_id, clock.analysed_pipeline FROM {meant} AND clock.athlete_id BETWEEN
        (SELECT first_id FROM population_chunks WHERE run_id = $1 AND position = $2)
        AND (SELECT last_id FROM population_chunks WHERE run_id = $1 AND position = $2)
) AS meant JOIN accounts AS account ON account.id = meant.athlete_id
ORDER BY meant.athlete_id
"""
STEPS = "SELECT steps::text FROM population_runs WHERE id = $1"
VIEW = """
SELECT run.id, run.trigger, run.requested_by, run.steps::text, jsonb_array_length(run.athletes) AS athletes_named,
    run.status, run.revision, run.cancel_requested_at, run.problem::text, run.created_at, run.started_at, run.ended_at,
    chunk.*
FROM population_runs AS run CROSS JOIN LATERAL (
    SELECT count(*)::int AS chunks, count(*) FILTER (WHERE status <> 'queued')::int AS chunks_done,
        count(*) FILTER (WHERE status = 'failed')::int AS chunks_failed, coalesce(sum(athletes), 0)::int AS athletes,
        coalesce(sum(changed), 0)::int AS changed, coalesce(sum(unchanged), 0)::int AS unchanged,
        coalesce(sum(failed), 0)::int AS failed, coalesce(sum(sets), 0)::bigint AS sets
    FROM population_chunks WHERE run_id = run.id
) AS chunk
"""
ONE, NEWEST = f"{VIEW} WHERE run.id = $1", f"{VIEW} ORDER BY run.created_at DESC, run.id DESC LIMIT $1"
FAILURES = """
SELECT failure::text FROM population_chunks CROSS JOIN LATERAL jsonb_array_elements(problem -> 'athletes') AS failure
WHERE run_id = $1 AND problem IS NOT NULL ORDER BY position LIMIT $2
"""


class Member(Struct, frozen=True, kw_only=True):
    """An athlete of a chunk, how many sets there are, and with which pipeline the documents were made."""

    athlete: VisibleAthlete
    sets: int
    time_zone: str
    analysed_pipeline: str | None


async def open_runs(session: Session, *, queued_only: bool) -> list[UUID]:
    """The reanalyses that have not ended, or those of them that nobody has begun; the oldest first."""
    return [row["id"] for row in await (await raw(session)).fetch(OPEN, queued_only)]


async def wanted(session: Session, run_id: UUID) -> bool:
    """Whether the reanalysis goes on: neither ended nor to be cancelled."""
    return await (await raw(session)).fetchval(WANTED, run_id)


async def trained(session: Session, run_id: UUID, *, after: UUID | None, limit: int) -> list[Trained]:
    """A page of the athletes that the reanalysis is of, by id, with the number of their sets."""
    rows = await (await raw(session)).fetch(await _meant(session, run_id, TRAINED), run_id, after, limit)
    return [Trained(row["athlete_id"], row["sets"]) for row in rows]


async def members(session: Session, run_id: UUID, position: int) -> list[Member]:
    """The athletes of a chunk, by id."""
    rows = await (await raw(session)).fetch(await _meant(session, run_id, MEMBERS), run_id, position)
    return [
        Member(
            athlete=system(row["athlete_id"]),
            sets=row["sets"],
            time_zone=row["time_zone"],
            analysed_pipeline=row["analysed_pipeline"],
        )
        for row in rows
    ]


async def steps(session: Session, run_id: UUID) -> tuple[str, ...] | None:
    """The steps that the reanalysis is of; None for the whole pipeline."""
    encoded = await (await raw(session)).fetchval(STEPS, run_id)
    return None if encoded is None else msgspec.json.decode(encoded, type=tuple[str, ...])


async def get(session: Session, run_id: UUID) -> PopulationView:
    """One reanalysis. Raises NotFound."""
    row = await (await raw(session)).fetchrow(ONE, run_id)
    if row is None:
        raise NotFound(f"There is no reanalysis {run_id}.")
    failures = await (await raw(session)).fetch(FAILURES, run_id, SHOWN)
    return _view(row, tuple(msgspec.json.decode(each["failure"], type=AthleteFailure) for each in failures))


async def newest(session: Session, *, limit: int) -> list[PopulationView]:
    """The reanalyses asked for last, the newest first, without their failures."""
    return [_view(row, ()) for row in await (await raw(session)).fetch(NEWEST, limit)]


async def _meant(session: Session, run_id: UUID, statement: str) -> str:
    named = await (await raw(session)).fetchval(NAMED, run_id)
    return statement.format(meant=CHOSEN if named else EVERYBODY)


def _view(row: Any, failures: tuple[AthleteFailure, ...]) -> PopulationView:
    steps, problem = (None if row[name] is None else msgspec.json.decode(row[name]) for name in ("steps", "problem"))
    read: dict[str, Any] = {
        **row,
        "steps": None if steps is None else tuple(steps),
        "status": PopulationStatus(row["status"]),
        "problem": problem,
    }
    return PopulationView(**read, failures=failures)
