"""What an athlete states beside workouts, over HTTP: every noun works alike."""

import asyncio
from typing import Any

import pytest

from models import ids
from tests.api.conftest import Athlete, api_config, serving
from tests.stated import EXCLUSION, GOAL, MANY, MEASUREMENT, PROFILE, STATED

HOME = "/v1/athletes/me"
EACH_OF_MANY = pytest.mark.parametrize("segment", MANY)
EACH = pytest.mark.parametrize("segment", STATED)


def place(segment: str) -> str:
    """A path to put one item at."""
    return f"{HOME}/{segment}" if segment == "profile" else f"{HOME}/{segment}/{ids.new()}"


def says(item: dict[str, Any], stated: dict[str, Any]) -> bool:
    """Whether the item says what was stated; instants come back in their zone, stacks with their nulls."""
    return all(item[name] == value for name, value in stated.items() if name not in ("measured_at", "stacks"))


@EACH
async def test_a_put_creates_and_a_get_reads_it_back_byte_for_byte(athlete: Athlete, segment: str) -> None:
    path = place(segment)
    created = await athlete("PUT", path, STATED[segment][1])
    assert created.status_code == 201, created.text
    assert created.headers["location"] == path.replace("/me/", f"/{athlete.id}/")
    assert created.headers["loadstone-data-version"] == str(created.json()["data_version"]) == "1"
    assert says(created.json(), STATED[segment][1])
    read = await athlete("GET", path)
    assert (read.status_code, read.content) == (200, created.content)
    assert read.headers["etag"] == created.headers["etag"] == '"1-1"'


@EACH
async def test_what_is_held_already_answers_304(athlete: Athlete, segment: str) -> None:
    path = place(segment)
    tag = (await athlete("PUT", path, STATED[segment][1])).headers["etag"]
    answer = await athlete("GET", path, if_none_match=tag)
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert (await athlete("GET", path, if_none_match='"9-1"')).status_code == 200


@EACH
async def test_a_put_without_if_match_only_creates(athlete: Athlete, segment: str) -> None:
    path, (_, body, other, _, _) = place(segment), STATED[segment]
    created, again = await athlete("PUT", path, body), await athlete("PUT", path, body)
    assert (again.status_code, again.content) == (200, created.content)
    assert "location" not in again.headers
    assert (await athlete("PUT", path, other)).status_code == 409
    edited = await athlete("PUT", path, other, if_match=created.headers["etag"])
    replayed = await athlete("PUT", path, body)
    assert (replayed.status_code, replayed.content) == (200, edited.content)


@EACH
async def test_a_stale_edit_names_both_versions(athlete: Athlete, segment: str) -> None:
    path, (_, body, other, _, _) = place(segment), STATED[segment]
    await athlete("PUT", path, body)
    assert (await athlete("PUT", path, other, if_match='"1-1"')).status_code == 200
    stale = await athlete("PUT", path, body, if_match='"1-1"')
    assert stale.status_code == 412
    assert (stale.json()["current_version"], stale.json()["given_version"]) == (2, 1)
    assert (await athlete("GET", path)).json()["data_version"] == 2


@EACH
async def test_of_two_edits_of_one_version_exactly_one_wins(athlete: Athlete, segment: str) -> None:
    path, (_, body, other, _, _) = place(segment), STATED[segment]
    await athlete("PUT", path, body)
    answers = await asyncio.gather(*(athlete("PUT", path, sent, if_match='"1-1"') for sent in (body, other)))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert (await athlete("GET", path)).json()["data_version"] == 2


@EACH
async def test_a_broken_rule_is_named_and_nothing_is_stored(athlete: Athlete, segment: str) -> None:
    path, (_, body, _, refused, fault) = place(segment), STATED[segment]
    for sent, expected in ((refused, fault), ({**body, "colour": "red"}, "$")):
        answer = await athlete("PUT", path, sent)
        assert answer.status_code == 422, answer.text
        assert [told["path"] for told in answer.json()["errors"]] == [expected]
    assert (await athlete("GET", path)).status_code == 404
    assert (await athlete("PUT", path, body, if_match='"1-1"')).status_code == 404
    assert (await athlete("PUT", path, body, if_match="1")).status_code == 400


@EACH_OF_MANY
async def test_a_deleted_one_is_gone(athlete: Athlete, segment: str) -> None:
    path, body = place(segment), STATED[segment][1]
    assert (await athlete("DELETE", path)).status_code == 404
    await athlete("PUT", path, body)
    assert (await athlete("DELETE", path, if_match='"7-1"')).status_code == 412
    deleted = await athlete("DELETE", path, if_match='"1-1"')
    assert (deleted.status_code, deleted.headers["loadstone-data-version"]) == (204, "2")
    for method, sent in (("GET", None), ("DELETE", None), ("PUT", body)):
        assert (await athlete(method, path, sent)).status_code == 410, method
    assert (await athlete("PUT", path, body, if_match='"2-1"')).status_code == 410
    assert (await athlete("GET", f"{HOME}/{segment}")).json() == {"items": [], "next_cursor": None}


@EACH
async def test_history_tells_what_each_write_left(athlete: Athlete, segment: str) -> None:
    path, (_, body, other, _, _) = place(segment), STATED[segment]
    assert (await athlete("GET", f"{path}/revisions")).status_code == 404
    created = (await athlete("PUT", path, body)).json()
    edited = (await athlete("PUT", path, other, if_match='"1-1"')).json()
    first = (await athlete("GET", f"{path}/revisions?limit=1")).json()
    second = (await athlete("GET", f"{path}/revisions?cursor={first['next_cursor']}")).json()
    told = [(one["data_version"], one["action"], one["content"]) for one in [*first["items"], *second["items"]]]
    assert told == [(2, "edit", edited), (1, "create", created)]
    assert second["next_cursor"] is None
    assert first["items"][0]["actor_id"] == str(athlete.id)


@EACH_OF_MANY
async def test_a_post_chooses_the_id_and_a_key_makes_it_once(athlete: Athlete, segment: str) -> None:
    path, (_, body, other, _, _) = f"{HOME}/{segment}", STATED[segment]
    first, again = [await athlete("POST", path, body, idempotency_key="k") for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    for header in ("location", "etag", "loadstone-data-version"):
        assert first.headers[header] == again.headers[header]
    assert first.content == again.content == (await athlete("GET", first.headers["location"])).content
    assert (await athlete("POST", path, other, idempotency_key="k")).status_code == 422
    assert (await athlete("POST", path, body, idempotency_key="")).status_code == 400
    assert (await athlete("POST", path, body)).json()["id"] != first.json()["id"]
    assert len((await athlete("GET", path)).json()["items"]) == 2


async def test_a_key_belongs_to_one_operation(athlete: Athlete) -> None:
    body = {"target": {"kind": "frequency", "sessions_per_week": 3}, "start_on": "2026-11-01"}
    assert (await athlete("POST", f"{HOME}/goals", body, idempotency_key="k")).status_code == 201
    other = await athlete("POST", f"{HOME}/equipment", {"name": "Home"}, idempotency_key="k")
    assert other.status_code == 422


@EACH_OF_MANY
async def test_pages_hold_every_item_once(athlete: Athlete, segment: str) -> None:
    path = f"{HOME}/{segment}"
    made = [(await athlete("POST", path, STATED[segment][1])).json()["id"] for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = (await athlete("GET", f"{path}?limit=2{cursor and '&cursor=' + cursor}")).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == made[::-1]


@EACH_OF_MANY
@pytest.mark.parametrize(("query", "name"), [("offset=1", "offset"), ("limit=0", "limit"), ("cursor=x", "cursor")])
async def test_a_bad_query_parameter_is_named(athlete: Athlete, segment: str, query: str, name: str) -> None:
    answer = await athlete("GET", f"{HOME}/{segment}?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] == f"query.{name}"


@EACH_OF_MANY
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"[" * 100_000, b'{"target":' * 100_000, b'{"note":"\xff"}', b'{"a":NaN}']
)
async def test_no_body_is_worth_a_500(athlete: Athlete, segment: str, body: bytes) -> None:
    sent = {"authorization": f"Bearer {athlete.token}", "content-type": "application/json"}
    answer = await athlete.client.request("POST", f"{HOME}/{segment}", content=body, headers=sent)
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "fields",
    [
        {"measured_at": "0001-01-01T00:00:00+14:00"},
        {"measured_at": "9999-12-31T23:59:59-12:00"},
        {"measured_at": "2026-11-20T10:00:00"},
        {"value": 1e-300},
        {"value": 1e300},
        {"note": "\0"},
    ],
)
async def test_no_extreme_is_worth_a_500(athlete: Athlete, fields: dict[str, Any]) -> None:
    answer = await athlete("POST", f"{HOME}/measurements", {**MEASUREMENT, **fields})
    assert answer.status_code == 422


async def test_measurements_are_found_by_kind_and_day(athlete: Athlete) -> None:
    path = f"{HOME}/measurements"
    for day in ("2026-11-18", "2026-11-19", "2026-11-20"):
        await athlete("POST", path, {**MEASUREMENT, "measured_at": f"{day}T16:00:00Z"})
    await athlete("POST", path, {**MEASUREMENT, "kind": "waist", "value": 32.5, "unit": "in"})
    for query, expected in (
        ("kind=bodyweight", ["2026-11-21", "2026-11-20", "2026-11-19"]),
        ("kind=waist", ["2026-11-21"]),
        ("kind=bodyweight&from_on=2026-11-20", ["2026-11-21", "2026-11-20"]),
        ("from_on=2026-11-19&until_on=2026-11-20", ["2026-11-20", "2026-11-19"]),
    ):
        items = (await athlete("GET", f"{path}?{query}")).json()["items"]
        assert [item["measured_on"] for item in items] == expected, query
    for query in ("kind=soul", "from_on=yesterday"):
        assert (await athlete("GET", f"{path}?{query}")).status_code == 400


async def test_goals_are_found_by_status(athlete: Athlete) -> None:
    path = f"{HOME}/goals"
    for status in ("active", "achieved"):
        await athlete("POST", path, {**GOAL, "status": status})
    await athlete("POST", path, GOAL)
    counts = {
        status: len((await athlete("GET", f"{path}?status={status}")).json()["items"])
        for status in ("active", "achieved", "abandoned")
    }
    assert counts == {"active": 2, "achieved": 1, "abandoned": 0}


async def test_exclusions_are_found_by_day_and_kind(athlete: Athlete) -> None:
    path = f"{HOME}/exclusions"
    await athlete("POST", path, EXCLUSION)
    await athlete("POST", path, {"kind": "preference", "from_on": "2026-12-01", "patterns": ["jump"]})
    for query, expected in (
        ("on=2026-10-31", []),
        ("on=2026-11-01", ["injury"]),
        ("on=2026-12-24", ["preference", "injury"]),
        ("on=2026-12-25", ["preference"]),
        ("kind=injury", ["injury"]),
    ):
        items = (await athlete("GET", f"{path}?{query}")).json()["items"]
        assert [item["kind"] for item in items] == expected, query


async def test_another_athletes_items_under_your_own_id_are_not_found(athlete: Athlete, stranger: Athlete) -> None:
    for segment in MANY:
        path = place(segment)
        await athlete("PUT", path, STATED[segment][1])
        for method, suffix in (("GET", ""), ("GET", "/revisions"), ("DELETE", "")):
            assert (await stranger(method, path + suffix)).status_code == 404
        assert (await stranger("PUT", path, STATED[segment][1])).status_code == 201


@EACH
async def test_a_stranger_finds_nothing_where_it_lies(athlete: Athlete, stranger: Athlete, segment: str) -> None:
    path, (_, body, other, _, _) = place(segment), STATED[segment]
    created = await athlete("PUT", path, body)
    theirs = created.headers["location"]
    for method, suffix, sent in (("GET", "", None), ("GET", "/revisions", None), ("PUT", "", body)):
        assert (await stranger(method, theirs + suffix, sent)).status_code == 404
    assert (await stranger("PUT", theirs, other, if_match='"1-1"')).status_code == 404
    if segment in MANY:
        assert (await stranger("DELETE", theirs)).status_code == 404
        assert (await stranger("GET", theirs.rsplit("/", 1)[0])).status_code == 404
    assert (await athlete("GET", path)).content == created.content


async def test_a_write_reaches_the_change_feed(athlete: Athlete) -> None:
    created = [(await athlete("PUT", place(segment), STATED[segment][1])).json() for segment in STATED]
    feed = (await athlete("GET", f"{HOME}/changes?since=0")).json()
    told = [(change["kind"], change["content"]) for change in feed["items"] if change["kind"] != "settings"]
    assert told == [(STATED[segment][0], item) for segment, item in zip(STATED, created, strict=True)]


async def test_the_profiles_id_is_the_athletes(athlete: Athlete) -> None:
    assert (await athlete("GET", f"{HOME}/profile")).status_code == 404
    assert (await athlete("PUT", f"{HOME}/profile", PROFILE)).json()["id"] == str(athlete.id)


async def test_without_the_database_a_write_is_a_503(api_dsn: str, athlete: Athlete) -> None:
    async with serving(api_config("postgresql://127.0.0.1:1/none")) as client:
        cut_off = Athlete(client, athlete.id, athlete.token)
        assert (await cut_off("POST", f"{HOME}/goals", GOAL)).status_code == 503


async def test_a_measurement_with_a_wide_offset_is_listed_like_any_other(athlete: Athlete) -> None:
    body = {**MEASUREMENT, "measured_at": "2026-11-01T00:00:00+16:00"}
    made = await athlete("POST", "/v1/athletes/me/measurements", body)
    assert made.status_code == 201, made.text
    assert (await athlete("GET", "/v1/athletes/me/measurements")).json()["items"] == [made.json()]
