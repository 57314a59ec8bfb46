"""Reads of the change feed: what has changed after a version, oldest first, in one statement and so in one state."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

import msgspec
from msgspec import Struct

from models.db import Session, raw
from models.domain.changes import Changed, ChangeKind
from models.domain.errors import Conflict, NotFound
from models.domain.merges import Merge
from models.queries import accounts, exercises, items, workouts
from models.queries.visibility import VisibleAthlete

# A page ends before it is larger than this, whatever its limit; one thing always fits.
MOST_BYTES = 4 * 2**20
_COLUMNS = "data_version, kind, id, deleted, representation, body, created_at, updated_at, content"
_SOURCES = (
    """SELECT data_version, 'workout' AS kind, id::text AS id, deleted_at IS NOT NULL AS deleted, representation, body,
        created_at, updated_at, NULL AS content
    FROM workouts WHERE athlete_id = $1 AND data_version > $2 ORDER BY data_version LIMIT $3""",
    """SELECT data_version, kind, id::text, deleted_at IS NOT NULL, schema_version, NULL, created_at, updated_at,
        record::text
    FROM athlete_items WHERE athlete_id = $1 AND data_version > $2 ORDER BY data_version LIMIT $3""",
    """SELECT data_version, 'exercise', id::text, false, NULL, NULL, NULL, NULL, to_json(exercises)::text
    FROM exercises WHERE owner_id = $1 AND data_version > $2 ORDER BY data_version LIMIT $3""",
    """SELECT data_version, 'exercise_merge', exercise_id::text, undone_at IS NOT NULL, NULL, NULL, NULL, NULL,
        to_json(exercise_merges)::text
    FROM exercise_merges WHERE athlete_id = $1 AND data_version > $2 ORDER BY data_version LIMIT $3""",
    """SELECT settings_version, 'settings', id::text, false, NULL, NULL, NULL, NULL, to_json(accounts)::text
    FROM accounts WHERE id = $1 AND settings_version > $2""",
)
PAGE = f"""
WITH found AS (
    SELECT * FROM ({" UNION ALL ".join(f"({source})" for source in _SOURCES)}) AS every ORDER BY data_version LIMIT $3
), sized AS (
    SELECT *, row_number() OVER (ORDER BY data_version) AS place,
        sum(coalesce(octet_length(body), octet_length(content), 0) + 200) OVER (ORDER BY data_version) AS reached
    FROM found
)
SELECT clock.data_version AS current_version, {", ".join(f"sized.{name.strip()}" for name in _COLUMNS.split(","))}
FROM athlete_clocks AS clock LEFT JOIN sized ON place = 1 OR reached <= $4
WHERE clock.athlete_id = $1 ORDER BY sized.data_version
"""


class Changes(Struct, frozen=True, kw_only=True):
    """A page of the feed; `next_since` is where the next page begins, `more` whether it holds something already."""

    things: tuple[Changed, ...]
    next_since: int
    more: bool
    current_version: int


async def changes(session: Session, athlete: VisibleAthlete, *, since: int, limit: int) -> Changes:
    """What has changed after `since`. Raises Conflict for a version that this athlete's clock has not reached."""
    rows = await (await raw(session)).fetch(PAGE, athlete.athlete_id, since, limit, MOST_BYTES)
    if not rows:
        raise NotFound("There is no such athlete.")
    current: int = rows[0]["current_version"]
    if since > current:
        raise Conflict(f"The newest version is {current}: start again from 0, as after a loss of data.")
    things = tuple([await _thing(session, athlete, row) for row in rows if row["kind"] is not None])
    last = things[-1].data_version if things else current
    # Not all that is missing from the page is there to come: the newest version may belong to a thing changed again.
    more = bool(things) and last < current
    return Changes(things=things, next_since=last if more else current, more=more, current_version=current)


async def _thing(session: Session, athlete: VisibleAthlete, row: Any) -> Changed:
    kind = ChangeKind(row["kind"])
    content = None if row["deleted"] else msgspec.Raw(await _content(session, athlete, kind, row))
    return Changed(data_version=row["data_version"], kind=kind, id=row["id"], deleted=row["deleted"], content=content)


async def _content(session: Session, athlete: VisibleAthlete, kind: ChangeKind, row: Any) -> bytes:
    if kind is ChangeKind.WORKOUT:
        return (await workouts.stored(session, athlete, {**dict(row), "id": UUID(row["id"]), "started_at": None})).body
    if kind in _OTHERS:
        made: Any = _OTHERS[kind](msgspec.json.decode(row["content"]))
        # By way of its own type: JSON's text becomes the instants and ids that its readers know.
        return msgspec.json.encode(msgspec.convert(msgspec.to_builtins(made), cast(Any, type(made)), strict=False))
    return items.body(kind, row)


def _merge(row: dict[str, Any]) -> Merge:
    return msgspec.convert({name: row[name] for name in Merge.__struct_fields__}, Merge, strict=False)


_OTHERS: dict[ChangeKind, Callable[[dict[str, Any]], Any]] = {
    ChangeKind.EXERCISE: exercises.exercise,
    ChangeKind.EXERCISE_MERGE: _merge,
    ChangeKind.SETTINGS: accounts.account,
}
