"""Looking for durable work that was lost or is owed, over all athletes: what the sweep repairs."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from models.db import Session, raw
from models.domain.events import Topic

_SILENT = "NOT EXISTS (SELECT FROM outbox WHERE outbox.athlete_id = clock.athlete_id AND outbox.topic = $2)"

LAGGING = f"""
SELECT clock.athlete_id FROM athlete_clocks AS clock
WHERE clock.attempted_version < clock.data_version AND clock.changed_at < $1 AND {_SILENT}
ORDER BY clock.changed_at LIMIT $3
"""
# Analysed, but the summary that should follow never began: its event or its workflow was lost.
UNSUMMARISED = """
SELECT document.athlete_id FROM step_documents AS document
JOIN athlete_clocks AS clock ON clock.athlete_id = document.athlete_id
WHERE document.name = 'progress' AND document.written_at BETWEEN $1 AND $2
AND clock.analysed_version >= document.data_version
AND EXISTS (SELECT FROM workouts WHERE workouts.athlete_id = document.athlete_id AND workouts.deleted_at IS NULL)
AND NOT EXISTS (SELECT FROM outbox WHERE outbox.athlete_id = document.athlete_id AND outbox.topic = $3)
AND NOT EXISTS (
    SELECT FROM runs WHERE runs.athlete_id = document.athlete_id AND runs.kind = 'summary'
    AND runs.status <> 'superseded'
    AND (runs.status = 'queued' OR (runs.data_version, runs.as_of) >= (document.data_version, document.as_of))
)
LIMIT $4
"""
# Drawn at random: long-lived runs in good health must not hide the others for ever.
OPEN = """
SELECT athlete_id, kind, workflow_id, period FROM runs
WHERE ended_at IS NULL AND status <> 'waiting' AND coalesce(started_at, created_at) < $1 ORDER BY random() LIMIT $2
"""
ZONES = "SELECT DISTINCT time_zone FROM accounts"
ROLLED = f"""
SELECT clock.athlete_id FROM athlete_clocks AS clock JOIN accounts AS account ON account.id = clock.athlete_id
JOIN unnest($4::text[], $5::date[]) AS zone (name, today) ON zone.name = account.time_zone
WHERE clock.last_recorded_at > $1 AND clock.analysed_on < zone.today AND {_SILENT}
AND ($6::uuid IS NULL OR clock.athlete_id > $6)
ORDER BY clock.athlete_id LIMIT $3
"""


class OpenRun(Struct, frozen=True, kw_only=True):
    """A run that is not in a final state, and the durable job that should bring it there."""

    athlete_id: UUID
    kind: str
    workflow_id: str
    period: str | None


async def lagging(session: Session, *, before: datetime, limit: int) -> list[UUID]:
    """Athletes whose data changed before that instant and whose newest version nobody has tried to analyse."""
    rows = await (await raw(session)).fetch(LAGGING, before, Topic.ATHLETE_CHANGED.value, limit)
    return [row["athlete_id"] for row in rows]


async def unsummarised(session: Session, *, after: datetime, before: datetime, limit: int) -> list[UUID]:
    """Athletes analysed in that span whose summary never began."""
    rows = await (await raw(session)).fetch(UNSUMMARISED, after, before, Topic.SUMMARY_REQUESTED.value, limit)
    return [row["athlete_id"] for row in rows]


async def open_runs(session: Session, *, before: datetime, limit: int) -> list[OpenRun]:
    """A sample of the runs that were queued or started before that instant and have not ended."""
    rows = await (await raw(session)).fetch(OPEN, before, limit)
    return [OpenRun(**row) for row in rows]


async def time_zones(session: Session) -> list[str]:
    """Every time zone that an account lives in."""
    return [row["time_zone"] for row in await (await raw(session)).fetch(ZONES)]


async def rolled_over(
    session: Session, *, active_since: datetime, today: Mapping[str, date], after: UUID | None, limit: int
) -> list[UUID]:
    """A page of active athletes whose newest analysis is of an earlier day than today in their time zone."""
    topic, zones, days = Topic.DAY_ROLLED.value, list(today), list(today.values())
    rows = await (await raw(session)).fetch(ROLLED, active_since, topic, limit, zones, days, after)
    return [row["athlete_id"] for row in rows]
