"""Exercises: the catalogue, and the athlete's own beside it."""

from typing import Any

import pytest

from api.deps import Resources
from models import db, ids
from models.queries.visibility import Actor, visible
from models.services import exercises
from tests.api.conftest import Athlete


async def names(athlete: Athlete, query: str) -> list[str]:
    answer = await athlete("GET", f"/v1/exercises?{query}")
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


async def test_the_catalogue_is_found_by_name_alias_muscle_and_equipment(athlete: Athlete) -> None:
    assert "Squat (Barbell)" in await names(athlete, "query=barbell%20full%20squat")
    assert "Squat (Barbell)" in await names(athlete, "query=SQUAT&muscle=quads&equipment=barbell")
    assert "Squat (Barbell)" not in await names(athlete, "query=squat&equipment=kettlebell")
    assert await names(athlete, "query=no-such-thing") == []
    assert await names(athlete, "query=%25") == []


async def test_pages_give_every_exercise_once(athlete: Athlete) -> None:
    found: list[str] = []
    path = "/v1/exercises?limit=37"
    while True:
        page = (await athlete("GET", path)).json()
        found += [item["name"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        path = f"/v1/exercises?limit=37&cursor={page['next_cursor']}"
    assert found == sorted(found, key=str.lower)
    assert len(found) == len(set(found)) >= 80


async def test_an_exercise_of_your_own_is_yours_alone(athlete: Athlete, stranger: Athlete) -> None:
    body = {"name": "Zercher carry", "muscles": [{"muscle": "abs", "share": 0.5}], "equipment": ["barbell"]}
    made = await athlete("POST", "/v1/exercises", body)
    assert made.status_code == 201
    assert made.json()["custom"] is True
    location = made.headers["location"]
    assert (await athlete("GET", location)).json() == made.json()
    assert await names(athlete, "query=zercher%20c") == ["Zercher carry"]
    assert (await stranger("GET", location)).status_code == 404
    assert "Zercher carry" not in await names(stranger, "query=zercher")


async def test_a_retry_with_the_clients_id_is_the_same_write(athlete: Athlete) -> None:
    body = {"name": "Sled push", "public_id": str(ids.new())}
    first, again = [await athlete("POST", "/v1/exercises", body) for _ in range(2)]
    assert first.json() == again.json()
    assert (await athlete("POST", "/v1/exercises", {**body, "name": "Sled pull"})).status_code == 409
    assert (await athlete("POST", "/v1/exercises", {"name": "SLED PUSH"})).status_code == 409


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "$"),
        ({"name": ""}, "$.name"),
        ({"name": "a\0"}, "$.name"),
        ({"name": "x", "muscles": [{"muscle": "soul", "share": 1}]}, "$.muscles[0].muscle"),
        ({"name": "x", "muscles": [{"muscle": "abs", "share": 0}]}, "$.muscles[0].share"),
        ({"name": "x", "implements": "2"}, "$.implements"),
        ({"name": "x", "owner_id": "y"}, "$"),
    ],
)
async def test_a_bad_exercise_names_its_fault(athlete: Athlete, body: dict[str, Any], path: str) -> None:
    answer = await athlete("POST", "/v1/exercises", body)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, path)


@pytest.mark.parametrize("path", ["0", "-1", "99999999999999999999", "abc", "10000"])
async def test_what_is_no_exercise_is_not_found(athlete: Athlete, path: str) -> None:
    assert (await athlete("GET", f"/v1/exercises/{path}")).status_code == 404


async def test_imported_names_get_one_exercise_each_however_often(athlete: Athlete, held: Resources) -> None:
    actor = Actor(account_id=athlete.id, role="athlete")
    async with db.direct(held.database, transaction=True) as session:
        subject = await visible(session, actor, athlete.id)
        first = await exercises.ensure_custom(session, subject, ["Sled", "sled", "Yoke"])
        again = await exercises.ensure_custom(session, subject, ["YOKE", "Tyre"])
        assert await exercises.ensure_custom(session, subject, []) == {}
    assert first["Sled"] == first["sled"] != first["Yoke"] == again["YOKE"]
    assert again["Tyre"] not in first.values()
