"""Bad input: a problem with the path of the fault, nothing stored, never a 500."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.conftest import Athlete, workout

PATH = "/v1/athletes/me/workouts"
SET = {"exercise_id": 100}


def sets(**fields: Any) -> dict[str, Any]:
    return workout(sets=[SET, {**SET, **fields}])


INVALID: list[tuple[Any, str]] = [
    (workout(started_at="2026-11-20T17:00:00"), "$.started_at"),
    (workout(started_at=1_763_658_000), "$.started_at"),
    (workout(started_at="2126-01-01T00:00:00Z"), "$.started_at"),
    (workout(started_at="1920-01-01T00:00:00Z"), "$.started_at"),
    (workout(started_at="soon"), "$.started_at"),
    (workout(ended_at="2026-11-20T16:00:00Z"), "$.ended_at"),
    (workout(time_zone="Mars/Olympus"), "$.time_zone"),
    (workout(time_zone="UTC\0"), "$.time_zone"),
    (workout(title="a\0b"), "$.title"),
    (workout(title=""), "$.title"),
    (workout(title=7), "$.title"),
    (workout(notes="x" * 10_001), "$.notes"),
    (workout(session_rpe=11), "$.session_rpe"),
    (workout(bodyweight=80), "$.bodyweight_unit"),
    (workout(colour="red"), "$"),
    (workout(sets=[]), "$.sets"),
    (workout(sets=[SET] * 501), "$.sets"),
    (workout(sets={}), "$.sets"),
    (sets(reps="7"), "$.sets[1].reps"),
    (sets(reps=7.5), "$.sets[1].reps"),
    (sets(reps=-1), "$.sets[1].reps"),
    (sets(reps=10_001), "$.sets[1].reps"),
    (sets(reps=10**30), "$.sets[1].reps"),
    (sets(rpe=True), "$.sets[1].rpe"),
    (sets(rpe=8.25), "$.sets[1].rpe"),
    (sets(rpe=8, rir=2), "$.sets[1].rir"),
    (sets(load=100), "$.sets[1].load_unit"),
    (sets(load=1e300, load_unit="kg"), "$.sets[1].load"),
    (sets(load=100, load_unit="stone"), "$.sets[1].load_unit"),
    (sets(kind="easy"), "$.sets[1].kind"),
    (sets(note="\0"), "$.sets[1].note"),
    (sets(exercise_id=9_999), "$.sets[1].exercise_id"),
    (sets(exercise_id=2_000_000_000), "$.sets[1].exercise_id"),
    (sets(exercise_id=2**31), "$.sets[1].exercise_id"),
    (sets(exercise_id=None), "$.sets[1].exercise_id"),
    (sets(volume=5), "$.sets[1]"),
    ({}, "$"),
    ([], "$"),
    ("text", "$"),
]


async def nothing_is_stored(athlete: Athlete) -> bool:
    return (await athlete("GET", PATH)).json()["items"] == []


@pytest.mark.parametrize(("body", "path"), INVALID, ids=[f"{n}-{case[1]}" for n, case in enumerate(INVALID)])
async def test_an_invalid_workout_names_the_path_of_its_fault(athlete: Athlete, body: Any, path: str) -> None:
    answer = await athlete("POST", PATH, body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["path"] == path
    assert answer.json()["instance"] == PATH
    assert await nothing_is_stored(athlete)


async def test_faults_across_fields_are_all_told(athlete: Athlete) -> None:
    body = workout(time_zone="Mars", sets=[{**SET, "load": 1}, {**SET, "rpe": 8.25}])
    paths = [fault["path"] for fault in (await athlete("POST", PATH, body)).json()["errors"]]
    assert paths == ["$.time_zone", "$.sets[0].load_unit", "$.sets[1].rpe"]


DEEP = 100_000
UNREADABLE = {
    "empty": b"",
    "cut off": b'{"started_at":',
    "invalid utf-8": b'{"time_zone":"\xff\xfe"}',
    "lone surrogate": b'{"time_zone":"\\ud800"}',
    "not json": b"started_at=now",
    "nan": b'{"session_rpe":NaN}',
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_what_is_not_json_is_a_400(athlete: Athlete, body: bytes) -> None:
    answer = await send(athlete, body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["type"].startswith("urn:loadstone:problem:")
    assert await nothing_is_stored(athlete)


@pytest.mark.parametrize("path", [PATH, "/v1/me", "/v1/exercises", "/v1/auth/login", "/v1/athletes/me/runs"])
@pytest.mark.parametrize(
    "body",
    [b"[" * DEEP, b'{"a":' * DEEP, b'{"sets":' + b"[" * DEEP, b'{"name":' + b'{"name":' * DEEP, b'"' + b"\xff" * 9],
    ids=["arrays", "objects", "sets", "names", "utf-8"],
)
async def test_no_body_is_worth_a_500(athlete: Athlete, path: str, body: bytes) -> None:
    answer = await send(athlete, body, path=path, method="PATCH" if path == "/v1/me" else "POST")
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
async def test_another_content_type_is_a_415(athlete: Athlete, content_type: str) -> None:
    answer = await send(athlete, json.dumps(workout()).encode(), content_type=content_type)
    assert answer.status_code == 415
    assert await nothing_is_stored(athlete)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON", "application/x+json"])
async def test_json_may_be_named_in_full(athlete: Athlete, content_type: str) -> None:
    assert (await send(athlete, json.dumps(workout()).encode(), content_type=content_type)).status_code == 201


async def test_a_body_of_eleven_megabytes_is_a_413(athlete: Athlete) -> None:
    assert (await send(athlete, b" " * 11_000_000)).status_code == 413


async def test_a_body_without_a_length_is_measured_as_it_comes(athlete: Athlete) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b" " * 1_000_000

    assert (await send(athlete, chunks())).status_code == 413


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"{PATH}?offset=20", "query.offset"),
        (f"{PATH}?limit=0", "query.limit"),
        (f"{PATH}?limit=201", "query.limit"),
        (f"{PATH}?limit=ten", "query.limit"),
        (f"{PATH}?limit=1&limit=2", "query.limit"),
        (f"{PATH}?cursor=x", "query.cursor"),
        (f"{PATH}?cursor=" + "x" * 1001, "query.cursor"),
        (f"{PATH}?cursor=%00", "query.cursor"),
        (f"{PATH}?cursor=é", "query.cursor"),
        ("/v1/athletes/me/runs?limit=201", "query.limit"),
        ("/v1/exercises?query=" + "x" * 101, "query.query"),
        ("/v1/exercises?muscle=soul", "query.muscle"),
        ("/v1/exercises?name=x", "query.name"),
        ("/v1/athletes/me/progress/e1rm?exercise_id=0", "query.exercise_id"),
        ("/v1/me?verbose", "query.verbose"),
        ("/v1/health/live?x=1", "query.x"),
    ],
)
async def test_a_bad_query_parameter_is_named(athlete: Athlete, path: str, name: str) -> None:
    answer = await athlete("GET", path)
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["path"] == name


async def send(athlete: Athlete, content: Any, *, path: str = PATH, method: str = "POST", **headers: str) -> Any:
    content_type = headers.get("content_type", "application/json")
    sent = {"authorization": f"Bearer {athlete.token}", "content-type": content_type}
    return await athlete.client.request(method, path, content=content, headers=sent)
