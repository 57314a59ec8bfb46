"""The Idempotency-Key of a POST."""

import asyncio

import pytest

from tests.api.conftest import Athlete, workout

PATH = "/v1/athletes/me/workouts"


async def test_the_same_key_and_body_get_the_same_answer(athlete: Athlete) -> None:
    first, again = [await athlete("POST", PATH, workout(), idempotency_key="k") for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    for header in ("location", "etag", "loadstone-data-version"):
        assert first.headers[header] == again.headers[header]
    assert len((await athlete("GET", PATH)).json()["items"]) == 1


async def test_the_same_key_with_another_body_is_refused(athlete: Athlete) -> None:
    await athlete("POST", PATH, workout(), idempotency_key="k")
    answer = await athlete("POST", PATH, workout(title="Other"), idempotency_key="k")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "header.Idempotency-Key"


async def test_a_key_is_free_again_after_a_refused_body(athlete: Athlete) -> None:
    unknown = workout(sets=[{"exercise_id": 9_999}])
    assert (await athlete("POST", PATH, unknown, idempotency_key="k")).status_code == 422
    assert (await athlete("POST", PATH, workout(), idempotency_key="k")).status_code == 201


async def test_retries_in_flight_are_told_so_and_record_once(athlete: Athlete) -> None:
    answers = await asyncio.gather(*(athlete("POST", PATH, workout(), idempotency_key="k") for _ in range(4)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert len((await athlete("GET", PATH)).json()["items"]) == 1


async def test_two_athletes_may_use_one_key(athlete: Athlete, stranger: Athlete) -> None:
    mine = await athlete("POST", PATH, workout(), idempotency_key="k")
    theirs = await stranger("POST", PATH, workout(), idempotency_key="k")
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["id"] != theirs.json()["id"]


@pytest.mark.parametrize("key", ["", "k" * 256, "a key"])
async def test_a_key_of_the_wrong_form_is_refused(athlete: Athlete, key: str) -> None:
    assert (await athlete("POST", PATH, workout(), idempotency_key=key)).status_code == 400
