"""Recording, reading, editing and deleting workouts over HTTP."""

import asyncio
from typing import Any

import pytest

from api.etags import etag
from models import ids
from tests.api.conftest import Athlete, workout

PATH = "/v1/athletes/me/workouts"


async def recorded(athlete: Athlete, **fields: Any) -> Any:
    answer = await athlete("POST", PATH, workout(**fields))
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_recorded_workout_is_read_back_byte_for_byte(athlete: Athlete) -> None:
    answer = await recorded(athlete, title="Legs")
    assert answer.headers["location"] == f"/v1/athletes/{athlete.id}/workouts/{answer.json()['id']}"
    assert answer.headers["loadstone-data-version"] == str(answer.json()["data_version"]) == "1"
    read = await athlete("GET", answer.headers["location"])
    assert read.content == answer.content
    assert read.headers["etag"] == answer.headers["etag"] == etag(1)
    assert read.headers["content-type"] == "application/json"


@pytest.mark.parametrize("held_tag", [etag(1), f"W/{etag(1)}", f"{etag(0)}, {etag(1)}", "*"])
async def test_an_unchanged_workout_answers_304(athlete: Athlete, held_tag: str) -> None:
    location = (await recorded(athlete)).headers["location"]
    answer = await athlete("GET", location, if_none_match=held_tag)
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag(1))
    assert (await athlete("GET", location, if_none_match='"2-1"')).status_code == 200


async def test_pages_join_the_stored_workouts_newest_first(athlete: Athlete) -> None:
    for day in (3, 1, 2, 2):
        await recorded(athlete, started_at=f"2026-11-0{day}T10:00:00Z")
    first = (await athlete("GET", f"{PATH}?limit=3")).json()
    second = (await athlete("GET", f"{PATH}?limit=3&cursor={first['next_cursor']}")).json()
    days = [item["started_at"][:10] for item in [*first["items"], *second["items"]]]
    assert days == ["2026-11-03", "2026-11-02", "2026-11-02", "2026-11-01"]
    assert second["next_cursor"] is None
    assert len({item["id"] for item in [*first["items"], *second["items"]]}) == 4


async def test_a_put_without_if_match_only_creates(athlete: Athlete) -> None:
    location = f"{PATH}/{ids.new()}"
    created = await athlete("PUT", location, workout())
    again = await athlete("PUT", location, workout())
    other = await athlete("PUT", location, workout(title="Other"))
    assert (created.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert again.content == created.content
    assert "location" not in again.headers


async def test_replaying_the_create_after_an_edit_gives_the_current_state(athlete: Athlete) -> None:
    location = f"{PATH}/{ids.new()}"
    created = await athlete("PUT", location, workout())
    edited = await athlete("PUT", location, workout(title="Edited"), if_match=created.headers["etag"])
    again = await athlete("PUT", location, workout())
    assert (edited.status_code, again.status_code) == (200, 200)
    assert again.content == edited.content


async def test_a_stale_edit_names_both_versions(athlete: Athlete) -> None:
    location = (await recorded(athlete)).headers["location"]
    assert (await athlete("PUT", location, workout(title="Mine"), if_match='"1-1"')).status_code == 200
    stale = await athlete("PUT", location, workout(title="Yours"), if_match='"1-1"')
    assert stale.status_code == 412
    assert (stale.json()["current_version"], stale.json()["given_version"]) == (2, 1)
    assert (await athlete("GET", location)).json()["title"] == "Mine"


async def test_one_of_many_concurrent_edits_wins(athlete: Athlete) -> None:
    location = (await recorded(athlete)).headers["location"]
    edits = [athlete("PUT", location, workout(title=f"{n}"), if_match='"1-1"') for n in range(5)]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*edits))
    assert statuses == [200, 412, 412, 412, 412]


async def test_many_concurrent_creates_of_one_id_are_one_workout(athlete: Athlete) -> None:
    location = f"{PATH}/{ids.new()}"
    answers = await asyncio.gather(*(athlete("PUT", location, workout()) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    assert len({answer.content for answer in answers}) == 1
    assert (await recorded(athlete)).json()["data_version"] == 2


async def test_a_deleted_workout_is_gone_and_its_id_stays_taken(athlete: Athlete) -> None:
    location = f"{PATH}/{ids.new()}"
    await athlete("PUT", location, workout())
    deleted = await athlete("DELETE", location)
    assert (deleted.status_code, deleted.headers["loadstone-data-version"]) == (204, "2")
    for method, body in (("GET", None), ("PUT", workout()), ("DELETE", None)):
        assert (await athlete(method, location, body)).status_code == 410
    assert (await athlete("GET", PATH)).json()["items"] == []


async def test_a_delete_with_a_stale_tag_deletes_nothing(athlete: Athlete) -> None:
    location = (await recorded(athlete)).headers["location"]
    assert (await athlete("DELETE", location, if_match='"9-1"')).status_code == 412
    assert (await athlete("GET", location)).json()["data_version"] == 1
    assert (await athlete("DELETE", location, if_match='"1-1"')).status_code == 204


@pytest.mark.parametrize("tag", ["1", "*", '"x"', '"1-1", "2-1"', '"99999999999999999999-1"'])
async def test_an_if_match_that_no_workout_had_is_refused(athlete: Athlete, tag: str) -> None:
    location = (await recorded(athlete)).headers["location"]
    assert (await athlete("PUT", location, workout(), if_match=tag)).status_code == 400


async def test_an_edit_of_nothing_is_not_found(athlete: Athlete) -> None:
    assert (await athlete("PUT", f"{PATH}/{ids.new()}", workout(), if_match='"1-1"')).status_code == 404


async def test_a_page_is_bounded_in_bytes_and_the_next_goes_on(athlete: Athlete) -> None:
    sets = [{"exercise_id": 100, "note": "n" * 10_000} for _ in range(150)]
    for _ in range(4):
        await recorded(athlete, sets=sets)
    first = (await athlete("GET", PATH)).json()
    second = (await athlete("GET", f"{PATH}?cursor={first['next_cursor']}")).json()
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (2, 2, None)
