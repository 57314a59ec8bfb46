"""Stating, editing and deleting items of every noun against the real PostgreSQL."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.db import Sessions, raw, transaction
from models.domain.errors import Conflict, Gone, Invalid, NotFound, Stale
from models.domain.items import Noun
from models.domain.nouns import NOUNS_BY_KIND
from models.queries import items as queries
from models.queries.visibility import VisibleAthlete, system
from models.services import exercises, items
from models.services.items import Written
from tests.factories import NOW, an_athlete
from tests.stated import GOAL, STATED

LATER = NOW + timedelta(days=1)
EACH = pytest.mark.parametrize(
    ("noun", "body", "other"), [(NOUNS_BY_KIND[case[0]], case[1], case[2]) for case in STATED.values()], ids=STATED
)
Body = dict[str, Any]


def draft(noun: Noun, body: Body) -> Any:
    return msgspec.convert(body, noun.draft)


async def create(session: AsyncSession, athlete: VisibleAthlete, noun: Noun, body: Body, **given: Any) -> Written:
    fields: dict[str, Any] = {"item_id": ids.new(), "actor_id": athlete.athlete_id, "now": LATER, **given}
    return await items.create_item(session, noun, draft(noun, body), athlete=athlete, **fields)


async def edit(
    session: AsyncSession, athlete: VisibleAthlete, noun: Noun, body: Body, written: Written, **given: Any
) -> Written:
    fields: dict[str, Any] = {"actor_id": athlete.athlete_id, "now": LATER + timedelta(hours=1), **given}
    fields.setdefault("expected_version", written.data_version)
    return await items.edit_item(session, noun, draft(noun, body), athlete=athlete, item_id=written.item_id, **fields)


async def delete(
    session: AsyncSession, athlete: VisibleAthlete, noun: Noun, written: Written, expected: int | None = None
) -> int:
    return await items.delete_item(
        session,
        noun,
        athlete=athlete,
        item_id=written.item_id,
        actor_id=athlete.athlete_id,
        now=LATER,
        expected_version=expected,
    )


async def actions(session: AsyncSession, athlete: VisibleAthlete, noun: Noun, written: Written) -> list[str]:
    history = await queries.list_revisions(session, athlete, noun, written.item_id, before=None, limit=10)
    return [revision.action for revision in history]


async def clock(session: AsyncSession, athlete: VisibleAthlete) -> tuple[int, int]:
    """The athlete's data_version, and how many events wait."""
    statement = """SELECT data_version, (SELECT count(*) FROM outbox WHERE outbox.athlete_id = $1)
        FROM athlete_clocks AS clock WHERE clock.athlete_id = $1"""
    return tuple(await (await raw(session)).fetchrow(statement, athlete.athlete_id))


@EACH
async def test_an_item_is_read_back_as_the_write_answered(
    session: AsyncSession, noun: Noun, body: Body, other: Body
) -> None:
    athlete = await an_athlete(session)
    written = await create(session, athlete, noun, body)
    read = await queries.get_item(session, athlete, noun, written.item_id)
    assert (written.created, written.data_version, read.body) == (True, 1, written.body)
    assert await clock(session, athlete) == (1, 1)


@EACH
async def test_a_replayed_create_answers_the_current_state(
    session: AsyncSession, noun: Noun, body: Body, other: Body
) -> None:
    athlete = await an_athlete(session)
    first = await create(session, athlete, noun, body)
    again = await create(session, athlete, noun, body, item_id=first.item_id)
    assert (again.created, again.body) == (False, first.body)
    edited = await edit(session, athlete, noun, other, first)
    replayed = await create(session, athlete, noun, body, item_id=first.item_id)
    assert (replayed.body, replayed.data_version) == (edited.body, 2)
    assert await clock(session, athlete) == (2, 2)


@EACH
async def test_another_body_under_the_same_id_is_a_conflict(
    session: AsyncSession, noun: Noun, body: Body, other: Body
) -> None:
    athlete = await an_athlete(session)
    first = await create(session, athlete, noun, body)
    with pytest.raises(Conflict):
        await create(session, athlete, noun, other, item_id=first.item_id)


@EACH
async def test_a_deleted_item_is_gone_and_its_history_stays(
    session: AsyncSession, noun: Noun, body: Body, other: Body
) -> None:
    athlete = await an_athlete(session)
    first = await create(session, athlete, noun, body)
    await edit(session, athlete, noun, other, first)
    assert await delete(session, athlete, noun, first) == 3
    with pytest.raises(Gone):
        await queries.get_item(session, athlete, noun, first.item_id)
    with pytest.raises(Gone):
        await create(session, athlete, noun, body, item_id=first.item_id)
    with pytest.raises(Gone):
        await delete(session, athlete, noun, first)
    history = await queries.list_revisions(session, athlete, noun, first.item_id, before=None, limit=10)
    assert [revision.action for revision in history] == ["delete", "edit", "create"]
    assert history[0].content is None
    assert history[-1].content == msgspec.Raw(first.body)
    assert await queries.list_items(session, athlete, noun, after=None, limit=10) == []
    assert await clock(session, athlete) == (3, 3)


@EACH
async def test_an_edit_from_an_old_version_is_stale_and_changes_nothing(
    session: AsyncSession, noun: Noun, body: Body, other: Body
) -> None:
    athlete = await an_athlete(session)
    first = await create(session, athlete, noun, body)
    edited = await edit(session, athlete, noun, other, first)
    for refused in (edit(session, athlete, noun, body, first), delete(session, athlete, noun, first, expected=1)):
        async with session.begin_nested():
            with pytest.raises(Stale) as stale:
                await refused
            assert (stale.value.given_version, stale.value.current_version) == (1, 2)
    assert (await queries.get_item(session, athlete, noun, first.item_id)).body == edited.body
    assert await actions(session, athlete, noun, first) == ["edit", "create"]


@EACH
async def test_what_is_not_there_is_not_found(session: AsyncSession, noun: Noun, body: Body, other: Body) -> None:
    athlete, stranger = await an_athlete(session), await an_athlete(session)
    theirs = await create(session, stranger, noun, body)
    with pytest.raises(NotFound):
        await queries.get_item(session, athlete, noun, theirs.item_id)
    with pytest.raises(NotFound):
        await edit(session, athlete, noun, other, theirs)
    with pytest.raises(NotFound):
        await delete(session, athlete, noun, theirs)
    with pytest.raises(NotFound):
        await queries.list_revisions(session, athlete, noun, theirs.item_id, before=None, limit=10)


async def test_two_nouns_may_share_an_id(session: AsyncSession) -> None:
    athlete, shared = await an_athlete(session), ids.new()
    written = [
        await create(session, athlete, NOUNS_BY_KIND[kind], body, item_id=shared) for kind, body, *_ in STATED.values()
    ]
    assert [one.data_version for one in written] == [1, 2, 3, 4, 5]


async def test_an_exercise_is_of_the_catalogue_or_the_athletes_own(session: AsyncSession) -> None:
    athlete, stranger = await an_athlete(session), await an_athlete(session)
    noun = NOUNS_BY_KIND["goal"]
    own, theirs = [await own_exercise(session, owner) for owner in (athlete, stranger)]
    kept = await create(session, athlete, noun, lift(own))
    for unknown in (9_999, 2_000_000, theirs):
        for refused in (
            create(session, athlete, noun, lift(unknown)),
            edit(session, athlete, noun, lift(unknown), kept),
        ):
            with pytest.raises(Invalid) as raised:
                await refused
            assert [fault.path for fault in raised.value.faults] == ["$.target.exercise_id"]
    assert await actions(session, athlete, noun, kept) == ["create"]


async def test_of_concurrent_edits_exactly_one_wins(sessions: Sessions) -> None:
    noun, body = NOUNS_BY_KIND["goal"], STATED["goals"][1]
    async with transaction(sessions) as session:
        athlete = await an_athlete(session)
        first = await create(session, athlete, noun, body)

    async def attempt(note: str) -> bool:
        try:
            async with transaction(sessions) as session:
                await edit(session, athlete, noun, {**body, "note": note}, first)
        except Stale:
            return False
        return True

    won = await asyncio.gather(*(attempt(f"{n}") for n in range(4)))
    async with transaction(sessions) as session:
        assert sum(won) == 1
        assert await actions(session, athlete, noun, first) == ["edit", "create"]
        assert await clock(session, athlete) == (2, 2)


async def test_of_concurrent_creates_of_one_id_all_see_the_first(sessions: Sessions) -> None:
    noun, body = NOUNS_BY_KIND["goal"], STATED["goals"][1]
    async with transaction(sessions) as session:
        athlete = await an_athlete(session)
    item_id = ids.new()

    async def attempt() -> Written:
        async with transaction(sessions) as session:
            return await create(session, athlete, noun, body, item_id=item_id)

    written = await asyncio.gather(*(attempt() for _ in range(4)))
    assert sorted(one.created for one in written) == [False, False, False, True]
    assert len({one.body for one in written}) == 1
    async with transaction(sessions) as session:
        assert await clock(session, system(athlete.athlete_id)) == (1, 1)


async def test_pages_of_measurements_follow_when_they_were_taken(session: AsyncSession) -> None:
    athlete, noun = await an_athlete(session), NOUNS_BY_KIND["measurement"]
    body = STATED["measurements"][1]
    for day in (3, 1, 4, 2, 2):
        await create(session, athlete, noun, {**body, "measured_at": f"2026-11-0{day}T10:00:00+09:00"})
    seen: list[str] = []
    after = None
    while rows := await queries.list_items(session, athlete, noun, after=after, limit=2):
        after = (rows[-1].moment, rows[-1].item_id)
        seen += [msgspec.json.decode(row.body)["measured_on"][-1] for row in rows]
    assert seen == ["4", "3", "2", "2", "1"]


async def own_exercise(session: AsyncSession, athlete: VisibleAthlete) -> int:
    made = await exercises.create_custom(
        session, exercises.CustomExerciseDraft(name="Mine"), athlete=athlete, public_id=ids.new(), now=NOW
    )
    return made.id


def lift(exercise_id: int) -> Body:
    return {**GOAL, "target": {**GOAL["target"], "exercise_id": exercise_id}}
