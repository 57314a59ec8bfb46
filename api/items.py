"""What the routes of all items share: writing, reading and paging them, with their ETags."""

import re
from typing import Any
from uuid import UUID

from litestar import Response
from msgspec import Struct

from api import cursors, once
from api.answers import DATA_VERSION, JSON, PRIVATE, Answer, Empty, Header, encoded_page, no_content, now, page
from api.deps import ApiRequest, reading, visible_athlete, writing
from api.etags import etag, expected_version, header, is_current
from models import ids
from models.db import Direct
from models.domain.items import REPRESENTATION, Noun
from models.queries import items as queries
from models.queries.visibility import VisibleAthlete
from models.services import items
from models.services.idempotency import KeptAnswer
from models.services.items import Written

_VERSION = re.compile(rb'^\{"data_version":(\d+)')


class Resource(Struct, frozen=True, kw_only=True):
    """A noun at its place under an athlete. Of a single one there is one an athlete, and its id is the athlete's."""

    noun: Noun
    segment: str
    single: bool = False

    @property
    def path(self) -> str:
        return "/athletes/{athlete_id:str}/" + self.segment

    def location(self, athlete: VisibleAthlete, item_id: UUID) -> str:
        """Where an item is read."""
        place = f"/v1/athletes/{athlete.athlete_id}/{self.segment}"
        return place if self.single else f"{place}/{item_id}"


async def create(request: ApiRequest, resource: Resource, athlete_id: str, draft: Struct) -> Answer:
    """Keep an item under an id chosen here; with an Idempotency-Key only once."""

    async def write(session: Direct, athlete: VisibleAthlete) -> KeptAnswer:
        written = await _create(session, request, resource.noun, draft, athlete=athlete, item_id=ids.new())
        return KeptAnswer(status=201, location=resource.location(athlete, written.item_id), body=written.body)

    key = header(request.scope, b"idempotency-key")
    if key is not None:
        return _answer(await once.answered(request, athlete_id, key, write))
    async with writing(request, transaction=False) as session:
        kept = await write(session, await visible_athlete(session, request, athlete_id))
    return _answer(kept)


async def put(
    request: ApiRequest, resource: Resource, athlete_id: str, draft: Struct, item_id: UUID | None = None
) -> Answer:
    """Create an item, or edit it at the version that If-Match names."""
    version = expected_version(request.scope)
    async with writing(request, transaction=version is not None) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        known = item_id or athlete.athlete_id
        if version is None:
            written = await _create(session, request, resource.noun, draft, athlete=athlete, item_id=known)
        else:
            written = await items.edit_item(
                session,
                resource.noun,
                draft,
                athlete=athlete,
                item_id=known,
                actor_id=request.user.account_id,
                now=now(),
                expected_version=version,
            )
    location = resource.location(athlete, known) if written.created else None
    return _answer(KeptAnswer(status=201 if written.created else 200, location=location, body=written.body))


async def read(request: ApiRequest, resource: Resource, athlete_id: str, item_id: UUID | None = None) -> Answer:
    """The item, or 304 where the client holds it already."""
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        stored = await queries.get_item(session, athlete, resource.noun, item_id or athlete.athlete_id)
    headers = _versioned(stored.data_version)
    if is_current(request.scope, etag(stored.data_version, REPRESENTATION)):
        return Empty(status=304, headers=headers)
    return Answer(stored.body, headers=(JSON, *headers))


async def delete(request: ApiRequest, resource: Resource, athlete_id: str, item_id: UUID) -> Response[None]:
    """Leave a tombstone."""
    version = expected_version(request.scope)
    async with writing(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        deleted = await items.delete_item(
            session,
            resource.noun,
            athlete=athlete,
            item_id=item_id,
            actor_id=request.user.account_id,
            now=now(),
            expected_version=version,
        )
    return no_content(**{DATA_VERSION.decode(): str(deleted)})


async def listed(
    request: ApiRequest, resource: Resource, athlete_id: str, cursor: str | None, limit: int, **filters: Any
) -> Answer:
    """A page of items; a filter that is null does not count."""
    after = cursors.moment(cursor)
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        rows = await queries.list_items(session, athlete, resource.noun, after=after, limit=limit + 1, filters=filters)
    shown, last = cursors.split(rows, limit)
    next_cursor = None if last is None else cursors.cursor(last.moment, last.item_id)
    return page((stored.body for stored in shown), next_cursor)


async def history(
    request: ApiRequest,
    resource: Resource,
    athlete_id: str,
    cursor: str | None,
    limit: int,
    item_id: UUID | None = None,
) -> Answer:
    """A page of an item's revisions, with what each left."""
    before = cursors.version(cursor)
    async with reading(request) as session:
        athlete = await visible_athlete(session, request, athlete_id)
        known = item_id or athlete.athlete_id
        rows = await queries.list_revisions(session, athlete, resource.noun, known, before=before, limit=limit + 1)
    shown, last = cursors.split(rows, limit)
    return encoded_page(shown, None if last is None else cursors.cursor(last.data_version))


async def _create(
    session: Direct, request: ApiRequest, noun: Noun, draft: Struct, *, athlete: VisibleAthlete, item_id: UUID
) -> Written:
    return await items.create_item(
        session,
        noun,
        draft,
        athlete=athlete,
        item_id=item_id,
        actor_id=request.user.account_id,
        now=now(),
    )


def _answer(kept: KeptAnswer) -> Answer:
    version = _VERSION.match(kept.body)
    headers = _versioned(int(version[1])) if version else ()
    location = () if kept.location is None else ((b"location", kept.location.encode()),)
    return Answer(kept.body, status=kept.status, headers=(JSON, *headers, *location))


def _versioned(data_version: int) -> tuple[Header, ...]:
    return (PRIVATE, (b"etag", etag(data_version, REPRESENTATION).encode()), (DATA_VERSION, b"%d" % data_version))
