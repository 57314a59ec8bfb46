"""Stating, editing and deleting what an athlete keeps beside workouts: one way for every noun."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from asyncpg import UniqueViolationError
from msgspec import Struct

from models.db import Driver, Session, raw
from models.domain import items
from models.domain.bounds import FIRST_CUSTOM_EXERCISE_ID
from models.domain.catalogue import load as load_catalogue
from models.domain.errors import Conflict, Fault, Gone, Invalid, NotFound, Stale
from models.domain.items import Noun, Stamp
from models.queries import items as queries
from models.queries.visibility import VisibleAthlete
from models.services.item_sql import CREATE, DELETE, EDIT, OWN_CUSTOM


class Written(Struct, frozen=True, kw_only=True):
    """An item as the write left it; `body` is the complete response, `created` false for an edit or a replay."""

    item_id: UUID
    data_version: int
    body: bytes
    created: bool


async def create_item(
    session: Session,
    noun: Noun,
    draft: Struct,
    *,
    athlete: VisibleAthlete,
    item_id: UUID,
    actor_id: UUID,
    now: datetime,
) -> Written:
    """Keep a new item, in one round trip.

    The same body under the same id answers with the current state. Raises Invalid, Conflict (the id holds another item)
    or Gone (it was deleted).
    """
    custom = _checked(noun, draft, now)
    record = items.encode(noun, draft)
    row = await _insert(
        await raw(session),
        *(athlete.athlete_id, noun.kind, item_id, actor_id, now, noun.schema_version, record.decode(), custom),
        sha256(record).digest(),
    )
    if row is None:
        await _refuse_strange(session, noun, draft, custom, athlete=athlete)
        return await _replayed(session, noun, record, item_id, athlete=athlete)
    return _written(noun, draft, item_id, row, now, created=True)


async def edit_item(
    session: Session,
    noun: Noun,
    draft: Struct,
    *,
    athlete: VisibleAthlete,
    item_id: UUID,
    actor_id: UUID,
    now: datetime,
    expected_version: int,
) -> Written:
    """Replace an item that is still at `expected_version`; raises Invalid, NotFound, Gone or Stale."""
    custom = _checked(noun, draft, now)
    record = items.encode(noun, draft).decode()
    row = await (await raw(session)).fetchrow(
        EDIT,
        *(athlete.athlete_id, noun.kind, item_id, actor_id, now, noun.schema_version, record, custom, expected_version),
    )
    if row is None:
        await _refuse_strange(session, noun, draft, custom, athlete=athlete)
        raise await _stale(session, noun, item_id, expected_version, athlete=athlete)
    return _written(noun, draft, item_id, row, now, created=False)


async def delete_item(
    session: Session,
    noun: Noun,
    *,
    athlete: VisibleAthlete,
    item_id: UUID,
    actor_id: UUID,
    now: datetime,
    expected_version: int | None = None,
) -> int:
    """Leave a tombstone and return its version; raises NotFound, Gone or Stale."""
    row = await (await raw(session)).fetchrow(
        DELETE,
        *(athlete.athlete_id, noun.kind, item_id, actor_id, now, noun.schema_version, None, [], expected_version),
    )
    if row is None:
        raise await _stale(session, noun, item_id, expected_version or 0, athlete=athlete)
    return row["data_version"]


async def _insert(connection: Driver, *values: Any) -> Any:
    """The new item's row, or None where something forbids the write: the caller asks what."""
    try:
        async with _savepoint(connection):
            return await connection.fetchrow(CREATE, *values)
    except UniqueViolationError:
        # Two creates of one id raced; the other has committed, so its state is there to compare with.
        return None


@asynccontextmanager
async def _savepoint(connection: Driver) -> AsyncGenerator[None]:
    if connection.is_in_transaction():
        async with connection.transaction():
            yield
    else:
        yield


async def _replayed(session: Session, noun: Noun, record: bytes, item_id: UUID, *, athlete: VisibleAthlete) -> Written:
    row = await _current(session, noun, item_id, athlete=athlete)
    if row["create_digest"] != sha256(record).digest():
        raise Conflict(f"This id already holds another {noun.kind}. Send If-Match to edit it.")
    return Written(item_id=item_id, data_version=row["data_version"], body=queries.response(noun, row), created=False)


async def _stale(session: Session, noun: Noun, item_id: UUID, given: int, *, athlete: VisibleAthlete) -> Stale:
    row = await _current(session, noun, item_id, athlete=athlete)
    message = f"The {noun.kind} has changed since the version you edited."
    return Stale(message, current_version=row["data_version"], given_version=given)


async def _current(session: Session, noun: Noun, item_id: UUID, *, athlete: VisibleAthlete) -> Any:
    """The live row; raises NotFound or Gone."""
    row = await (await raw(session)).fetchrow(queries.ONE, athlete.athlete_id, noun.kind, item_id)
    if row is None:
        raise NotFound(f"There is no such {noun.kind}.")
    if row["deleted_at"] is not None:
        raise Gone(f"This {noun.kind} was deleted.")
    return row


def _checked(noun: Noun, draft: Struct, now: datetime) -> list[int]:
    """The distinct custom exercises of a draft that keeps the rules; raises Invalid."""
    items.check(noun, draft, now=now)
    used = {exercise_id for _, exercise_id in noun.exercises(draft)}
    custom = {number for number in used if number >= FIRST_CUSTOM_EXERCISE_ID}
    if unknown := used - custom - load_catalogue().by_id.keys():
        raise _unknown_exercises(noun, draft, unknown)
    return sorted(custom)


async def _refuse_strange(
    session: Session, noun: Noun, draft: Struct, custom: Sequence[int], *, athlete: VisibleAthlete
) -> None:
    """Raise Invalid for custom exercises that are not the athlete's own."""
    rows = await (await raw(session)).fetch(OWN_CUSTOM, athlete.athlete_id, custom) if custom else []
    if strange := set(custom) - {row["id"] for row in rows}:
        raise _unknown_exercises(noun, draft, strange)


def _unknown_exercises(noun: Noun, draft: Struct, unknown: set[int]) -> Invalid:
    named = (path for path, exercise_id in noun.exercises(draft) if exercise_id in unknown)
    return Invalid([Fault(path=path, message="There is no such exercise.") for path in named])


def _written(noun: Noun, draft: Struct, item_id: UUID, row: Any, now: datetime, *, created: bool) -> Written:
    version = row["data_version"]
    stamp = Stamp(data_version=version, id=item_id, created_at=row["created_at"], updated_at=now)
    return Written(
        item_id=item_id, data_version=version, body=items.body(noun, noun.to_record(draft), stamp), created=created
    )
