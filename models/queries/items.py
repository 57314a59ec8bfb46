"""Reads of what an athlete states beside workouts: one item, pages of a noun, and the history of an item."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models.db import Session, raw
from models.domain import items
from models.domain.errors import Gone, NotFound
from models.domain.field_profiles import FieldProfile, effective
from models.domain.items import Noun, Stamp
from models.domain.nouns import NOUNS_BY_KIND
from models.domain.profile import PROFILE, ProfileRecord
from models.queries.visibility import VisibleAthlete

COLUMNS = "id, data_version, schema_version, record::text AS record, created_at, updated_at, deleted_at, create_digest"
ONE = f"SELECT {COLUMNS} FROM athlete_items WHERE athlete_id = $1 AND kind = $2 AND id = $3"
REVISIONS = """
SELECT item_id AS id, data_version, action, schema_version, record::text AS record, recorded_at AS updated_at, actor_id,
    (SELECT created_at FROM athlete_items AS item WHERE item.athlete_id = $1 AND item.kind = $2 AND item.id = $3)
FROM athlete_item_revisions
WHERE athlete_id = $1 AND kind = $2 AND item_id = $3 AND ($4::bigint IS NULL OR data_version < $4)
ORDER BY data_version DESC LIMIT $5
"""


class Listing(Struct, frozen=True, kw_only=True):
    """The instant that a noun's list is ordered by, newest first, and what it may be filtered by."""

    moment: str = "created_at"
    filters: Mapping[str, str] = {}


LISTINGS = {
    "measurement": Listing(
        moment="(record->>'measured_at')::timestamptz",
        filters={
            "kind": "record->>'kind' = $%d::text",
            "from_on": "(record->>'measured_on')::date >= $%d::date",
            "until_on": "(record->>'measured_on')::date <= $%d::date",
        },
    ),
    # Records leave defaults out: a goal without a status is an active one.
    "goal": Listing(filters={"status": "coalesce(record->>'status', 'active') = $%d::text"}),
    "exclusion": Listing(
        filters={
            "kind": "record->>'kind' = $%d::text",
            "on": "$%d::date BETWEEN (record->>'from_on')::date"
            " AND coalesce((record->>'until_on')::date, 'infinity'::date)",
        }
    ),
}
BY_CREATION = Listing()


class StoredItem(Struct, frozen=True, kw_only=True):
    """An item: `body` is the complete response JSON, `moment` its place in the list."""

    item_id: UUID
    data_version: int
    moment: datetime
    body: bytes


class ItemRevision(Struct, frozen=True, kw_only=True):
    """What an item was after a write: `action` is create, edit or delete, which leaves no content."""

    data_version: int
    action: str
    recorded_at: datetime
    actor_id: UUID
    content: msgspec.Raw | None


async def get_item(session: Session, athlete: VisibleAthlete, noun: Noun, item_id: UUID) -> StoredItem:
    """One item; raises NotFound, or Gone where a tombstone lies."""
    row = await (await raw(session)).fetchrow(ONE, athlete.athlete_id, noun.kind, item_id)
    if row is None:
        raise NotFound(f"There is no such {noun.kind}.")
    if row["deleted_at"] is not None:
        raise Gone(f"This {noun.kind} was deleted.")
    return _stored(noun, row, row["created_at"])


async def field_profile(session: Session, athlete: VisibleAthlete) -> FieldProfile:
    """Which fields the athlete is shown, and so which generation may use; without a profile, as a beginner."""
    row = await (await raw(session)).fetchrow(ONE, athlete.athlete_id, PROFILE.kind, athlete.athlete_id)
    stated = ProfileRecord()
    if row is not None and row["record"] is not None:
        stated = items.decode(PROFILE, row["record"], row["schema_version"])
    return effective(stated.level, stated.field_overrides)


async def list_items(
    session: Session,
    athlete: VisibleAthlete,
    noun: Noun,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
    filters: Mapping[str, Any] | None = None,
) -> list[StoredItem]:
    """A page of items, newest first, beginning after the (moment, id) of the page before; null filters do not count."""
    moment, item_id = after or (None, None)
    given = {name: value for name, value in (filters or {}).items() if value is not None}
    statement = _page(noun.kind, tuple(given))
    rows = await (await raw(session)).fetch(
        statement, athlete.athlete_id, noun.kind, moment, item_id, limit, *given.values()
    )
    return [_stored(noun, row, row["moment"]) for row in rows]


async def list_revisions(
    session: Session, athlete: VisibleAthlete, noun: Noun, item_id: UUID, *, before: int | None, limit: int
) -> list[ItemRevision]:
    """The writes of an item with what each left, newest first; raises NotFound for an item that never was."""
    rows = await (await raw(session)).fetch(REVISIONS, athlete.athlete_id, noun.kind, item_id, before, limit)
    if not rows and before is None:
        raise NotFound(f"There is no such {noun.kind}.")
    return [_revision(noun, row) for row in rows]


def response(noun: Noun, row: Any) -> bytes:
    """The complete response of a row that is no tombstone."""
    stamp = Stamp(**{name: row[name] for name in Stamp.__struct_fields__})
    return items.body(noun, items.decode(noun, row["record"], row["schema_version"]), stamp)


def body(kind: str, row: Any) -> bytes:
    """The complete response of a row of the change feed, which calls a few columns by names that suit all kinds."""
    named = {"id": UUID(row["id"]), "record": row["content"], "schema_version": row["representation"]}
    return response(NOUNS_BY_KIND[kind], {**dict(row), **named})


def _page(kind: str, filters: tuple[str, ...]) -> str:
    listing = LISTINGS.get(kind, BY_CREATION)
    conditions = "".join(f" AND {listing.filters[name] % number}" for number, name in enumerate(filters, start=6))
    return f"""
SELECT {COLUMNS}, {listing.moment} AS moment FROM athlete_items
WHERE athlete_id = $1 AND kind = $2 AND deleted_at IS NULL
    AND ($3::timestamptz IS NULL OR ({listing.moment}, id) < ($3, $4)){conditions}
ORDER BY moment DESC, id DESC LIMIT $5
"""


def _stored(noun: Noun, row: Any, moment: datetime) -> StoredItem:
    return StoredItem(item_id=row["id"], data_version=row["data_version"], moment=moment, body=response(noun, row))


def _revision(noun: Noun, row: Any) -> ItemRevision:
    return ItemRevision(
        data_version=row["data_version"],
        action=row["action"],
        recorded_at=row["updated_at"],
        actor_id=row["actor_id"],
        content=None if row["record"] is None else msgspec.Raw(response(noun, row)),
    )
