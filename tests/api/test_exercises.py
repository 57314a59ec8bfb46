"""Exercises: the catalogue, and the athlete's own beside it."""

from typing import Any

import pytest

from api.deps import Resources
from models import db, ids
from models.queries.visibility import Actor, visible
from models.services import exercises
from tests.api.conftest import Athlete
from tests.factories import NOW


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


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("benhc%20pres", "Bench Press (Barbell)"),
        ("squats", "Squat (Barbell)"),
        ("rdl", "Romanian Deadlift (Barbell)"),
        ("ohp", "Overhead Press (Barbell)"),
        ("kniebeuge", "Squat (Barbell)"),
    ],
)
async def test_a_misspelt_or_short_query_finds_what_was_meant_first(athlete: Athlete, typed: str, first: str) -> None:
    assert (await names(athlete, f"query={typed}"))[0] == first


async def test_your_own_exercises_are_searched_beside_the_catalogue(athlete: Athlete) -> None:
    await athlete("POST", "/v1/exercises", {"name": "Squat Zercher Style", "joint_tags": ["knee"]})
    assert (await names(athlete, "query=zercher%20sqaut%20stlye"))[0] == "Squat Zercher Style"
    assert "Squat Zercher Style" not in await names(athlete, "query=zercher&without_joint=knee")


async def test_exercises_that_load_a_joint_are_left_out(athlete: Athlete) -> None:
    path = "/v1/exercises?pattern=squat&limit=200&without_joint=spine_loading,lower_back"
    answer = await athlete("GET", path)
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert {item["pattern"] for item in items} == {"squat"}
    tags = {tag for item in items for tag in item["joint_tags"]}
    assert "knee" in tags
    assert not tags & {"spine_loading", "lower_back"}
    assert (await athlete("GET", "/v1/exercises?without_joint=soul")).status_code == 400


async def test_substitutions_are_exercises(athlete: Athlete) -> None:
    squat = (await athlete("GET", "/v1/exercises/100")).json()
    assert len(squat["substitutions"]) >= 3
    for number in squat["substitutions"]:
        assert (await athlete("GET", f"/v1/exercises/{number}")).json()["pattern"] == "squat"


async def test_pages_of_a_search_give_every_answer_once_in_one_order(athlete: Athlete) -> None:
    whole, found = await names(athlete, "query=press&limit=200"), list[str]()
    path = "/v1/exercises?query=press&limit=7"
    while True:
        page = (await athlete("GET", path)).json()
        found += [item["name"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        path = f"/v1/exercises?query=press&limit=7&cursor={page['next_cursor']}"
    assert found == whole
    assert len(set(found)) == len(found) > 20


async def test_a_cursor_of_the_list_is_none_of_a_search(athlete: Athlete) -> None:
    page = (await athlete("GET", "/v1/exercises?limit=1")).json()
    assert (await athlete("GET", f"/v1/exercises?query=press&cursor={page['next_cursor']}")).status_code == 400


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
        first = await exercises.ensure_custom(session, ["Sled", "sled", "Yoke"], athlete=subject, now=NOW)
        again = await exercises.ensure_custom(session, ["YOKE", "Tyre"], athlete=subject, now=NOW)
        assert await exercises.ensure_custom(session, [], athlete=subject, now=NOW) == {}
    assert first["Sled"] == first["sled"] != first["Yoke"] == again["YOKE"]
    assert again["Tyre"] not in first.values()


async def test_an_exercise_of_your_own_is_described_anew(athlete: Athlete, held: Resources) -> None:
    made = (await athlete("POST", "/v1/exercises", {"name": "Yoke"})).json()
    told = {"name": "Yoke walk", "muscles": [{"muscle": "traps", "share": 1}], "equipment": ["other"]}
    edited = await athlete("PUT", f"/v1/exercises/{made['id']}", told)
    again = await athlete("PUT", f"/v1/exercises/{made['id']}", told)
    assert (edited.status_code, edited.content) == (200, again.content)
    assert {**made, **{name: edited.json()[name] for name in told}, "data_version": 2} == edited.json()
    assert (await athlete("GET", f"/v1/exercises/{made['id']}")).json() == edited.json()
    async with db.direct(held.database, transaction=False) as session:
        statement = "SELECT action, record->>'name' FROM exercise_revisions WHERE athlete_id = $1 ORDER BY data_version"
        rows = await session.driver.fetch(statement, athlete.id)
    assert [tuple(row) for row in rows] == [("create", "Yoke"), ("edit", "Yoke walk")]


async def test_only_your_own_exercise_is_described_anew(athlete: Athlete, stranger: Athlete) -> None:
    theirs = (await stranger("POST", "/v1/exercises", {"name": "Theirs"})).json()["id"]
    for number in (theirs, 100, 2**40):
        assert (await athlete("PUT", f"/v1/exercises/{number}", {"name": "Mine"})).status_code == 404
    first = (await athlete("POST", "/v1/exercises", {"name": "First"})).json()["id"]
    await athlete("POST", "/v1/exercises", {"name": "Second"})
    assert (await athlete("PUT", f"/v1/exercises/{first}", {"name": "second"})).status_code == 409


async def test_a_stale_description_names_both_versions(athlete: Athlete) -> None:
    made = await athlete("POST", "/v1/exercises", {"name": "Yoke"})
    path = f"/v1/exercises/{made.json()['id']}"
    held_tag = (await athlete("GET", path)).headers["etag"]
    assert (await athlete("PUT", path, {"name": "Yoke", "unilateral": True}, if_match=held_tag)).status_code == 200
    stale = await athlete("PUT", path, {"name": "Sled"}, if_match=held_tag)
    assert (stale.status_code, stale.json()["given_version"], stale.json()["current_version"]) == (412, 1, 2)


async def test_a_replayed_create_gives_the_exercise_as_it_is_and_another_body_is_refused(athlete: Athlete) -> None:
    body = {"name": "Yoke", "public_id": str(ids.new())}
    made = (await athlete("POST", "/v1/exercises", body)).json()
    await athlete("PUT", f"/v1/exercises/{made['id']}", {"name": "Yoke walk"})
    assert (await athlete("POST", "/v1/exercises", body)).json()["name"] == "Yoke walk"
    assert (await athlete("POST", "/v1/exercises", {**body, "unilateral": True})).status_code == 409


async def test_describing_an_exercise_anew_asks_for_an_analysis(athlete: Athlete, held: Resources) -> None:
    made = (await athlete("POST", "/v1/exercises", {"name": "Yoke"})).json()
    await athlete("PUT", f"/v1/exercises/{made['id']}", {"name": "Yoke", "unilateral": True})
    async with db.direct(held.database, transaction=False) as session:
        topics = await session.driver.fetch("SELECT topic FROM outbox WHERE athlete_id = $1", athlete.id)
    assert [row["topic"] for row in topics] == ["athlete.changed"]
