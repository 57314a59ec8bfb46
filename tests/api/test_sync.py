"""Batches and the change feed over HTTP."""

import asyncio
from typing import Any

import pytest

from api.deps import Resources
from models import db, ids
from models.services import batches
from tests.api.conftest import Athlete, workout

PATH = "/v1/athletes/me/workouts"
BATCH = f"{PATH}/batch"
CHANGES = "/v1/athletes/me/changes"


async def sent(athlete: Athlete, *items: Any) -> list[dict[str, Any]]:
    answer = await athlete("POST", BATCH, {"items": list(items)})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


def a_put(**fields: Any) -> dict[str, Any]:
    return {"operation": "put", "id": str(ids.new()), "workout": workout(), **fields}


async def changed(athlete: Athlete, since: int = 0) -> dict[str, Any]:
    return (await athlete("GET", f"{CHANGES}?since={since}")).json()


async def test_two_hundred_new_workouts_are_written_in_a_handful_of_statements(athlete: Athlete) -> None:
    items = [a_put() for _ in range(200)]
    results = await sent(athlete, *items)
    assert {result["status"] for result in results} == {201}
    assert [result["id"] for result in results] == [item["id"] for item in items]
    assert sorted(result["data_version"] for result in results) == list(range(1, 201))
    read = await athlete("GET", f"{PATH}/{items[7]['id']}")
    assert read.json() == results[7]["workout"]


async def test_more_than_two_hundred_are_refused_and_none_is_written(athlete: Athlete) -> None:
    answer = await athlete("POST", BATCH, {"items": [a_put() for _ in range(201)]})
    assert answer.status_code == 422
    assert (await athlete("GET", PATH)).json()["items"] == []


async def test_a_bad_item_spoils_no_other(athlete: Athlete) -> None:
    nowhere = workout(sets=[{"exercise_id": 9_998}])
    results = await sent(
        athlete,
        a_put(),
        a_put(workout=workout(sets=[])),
        {"id": "no", "operation": "put"},
        a_put(workout=nowhere),
        {"operation": "delete", "id": str(ids.new())},
        a_put(workout=None),
        a_put(if_match=3),
        17,
        a_put(workout=workout(title="\0")),
    )
    assert [result["status"] for result in results] == [201, 422, 422, 422, 404, 422, 404, 422, 422]
    assert results[1]["problem"]["errors"][0]["path"] == "$.workout.sets"
    assert results[3]["problem"]["errors"][0]["path"] == "$.sets[0].exercise_id"
    assert len((await athlete("GET", PATH)).json()["items"]) == 1


async def test_repeating_a_batch_changes_nothing(athlete: Athlete) -> None:
    items = [a_put(), a_put(), a_put(), a_put()]
    first = await sent(athlete, *items)
    again = await sent(athlete, *items)
    assert [result["status"] for result in again] == [200] * 4
    assert [result["workout"] for result in again] == [result["workout"] for result in first]
    assert (await changed(athlete))["data_version"] == 4


async def test_items_of_one_workout_are_written_in_their_order(athlete: Athlete) -> None:
    one = a_put()
    others = [a_put(), a_put(), a_put()]
    results = await sent(
        athlete,
        one,
        *others,
        {**one, "workout": workout(title="Other")},
        {"operation": "delete", "id": one["id"]},
        one,
    )
    assert [result["status"] for result in results] == [201, 201, 201, 201, 409, 204, 410]
    assert results[4]["workout"]["title"] is None


async def test_a_stale_edit_names_both_versions_and_brings_the_current_state(athlete: Athlete) -> None:
    item = a_put()
    await sent(athlete, item)
    edited = await sent(athlete, {**item, "if_match": 1, "workout": workout(title="Mine")})
    lost = await sent(athlete, {**item, "if_match": 1, "workout": workout(title="Theirs")})
    assert (edited[0]["status"], lost[0]["status"]) == (200, 412)
    problem = lost[0]["problem"]
    assert (problem["given_version"], problem["current_version"]) == (1, 2)
    assert lost[0]["workout"]["title"] == "Mine"
    assert lost[0]["data_version"] == 2


async def test_a_refused_edit_raises_no_clock(athlete: Athlete) -> None:
    item = a_put()
    await sent(athlete, item)
    await sent(athlete, {**item, "if_match": 7}, {"operation": "delete", "id": item["id"], "if_match": 9})
    assert (await changed(athlete))["data_version"] == 1


async def test_a_failure_in_the_middle_writes_nothing_of_the_batch(
    athlete: Athlete, held: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> Any:
        raise OSError("the connection is gone")

    monkeypatch.setattr(batches, "_one", broken)
    known = a_put()
    await athlete("PUT", f"{PATH}/{known['id']}", workout())
    answer = await athlete("POST", BATCH, {"items": [*(a_put() for _ in range(5)), known]})
    assert answer.status_code == 503
    assert len((await athlete("GET", PATH)).json()["items"]) == 1


async def test_the_feed_names_each_thing_once_as_it_is_now_in_the_clocks_order(athlete: Athlete) -> None:
    items = [a_put(), a_put(), a_put()]
    await sent(athlete, *items)
    await sent(athlete, {**items[0], "if_match": 1, "workout": workout(title="Edited")})
    await sent(athlete, {"operation": "delete", "id": items[1]["id"]})
    page = await changed(athlete)
    assert [(item["data_version"], item["id"], item["deleted"]) for item in page["items"]] == [
        (3, items[2]["id"], False),
        (4, items[0]["id"], False),
        (5, items[1]["id"], True),
    ]
    assert page["items"][1]["content"]["title"] == "Edited"
    assert page["items"][1]["content"] == (await athlete("GET", f"{PATH}/{items[0]['id']}")).json()
    assert page["items"][2]["content"] is None
    assert (page["next_since"], page["more"], page["data_version"]) == (5, False, 5)


async def test_pages_of_the_feed_join_without_a_gap(athlete: Athlete) -> None:
    await sent(athlete, *(a_put() for _ in range(7)))
    since, seen = 0, list[int]()
    while True:
        page = (await athlete("GET", f"{CHANGES}?since={since}&limit=3")).json()
        seen += [item["data_version"] for item in page["items"]]
        since = page["next_since"]
        if not page["more"]:
            break
    assert seen == list(range(1, 8))


async def test_a_page_is_bounded_in_bytes(athlete: Athlete) -> None:
    note = "n" * 10_000
    big = workout(sets=[{"exercise_id": 100, "note": note} for _ in range(200)])
    await sent(athlete, a_put(workout=big), a_put(workout=big), a_put(workout=big), a_put(workout=big))
    first = await athlete("GET", f"{CHANGES}?since=0")
    assert len(first.content) < 5 * 2**20
    assert first.json()["more"]
    assert len(first.json()["items"]) == 2


async def test_exercises_settings_and_merges_are_in_the_feed(athlete: Athlete) -> None:
    made = (await athlete("POST", "/v1/exercises", {"name": "Stone to shoulder"})).json()
    await athlete("PATCH", "/v1/me", {"mass_unit": "lb"})
    await athlete("PUT", f"/v1/athletes/me/exercise-merges/{made['id']}", {"target_id": 100})
    await athlete("DELETE", f"/v1/athletes/me/exercise-merges/{made['id']}")
    page = await changed(athlete)
    assert [(item["kind"], item["deleted"]) for item in page["items"]] == [
        ("exercise", False),
        ("settings", False),
        ("exercise_merge", True),
    ]
    assert page["items"][0]["content"] == made
    assert page["items"][1]["content"] == (await athlete("GET", "/v1/me")).json()


async def test_polling_without_news_is_a_304(athlete: Athlete) -> None:
    await sent(athlete, a_put())
    answer = await athlete("GET", f"{CHANGES}?since=1")
    assert answer.json()["items"] == []
    again = await athlete("GET", f"{CHANGES}?since=1", if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    first = await athlete("GET", f"{CHANGES}?since=0", if_none_match=answer.headers["etag"])
    assert first.status_code == 200


async def test_a_version_ahead_of_the_clock_is_a_conflict(athlete: Athlete) -> None:
    answer = await athlete("GET", f"{CHANGES}?since=5")
    assert answer.status_code == 409
    assert "start again from 0" in answer.json()["detail"]


async def test_batches_beside_single_writes_keep_the_versions_gapless(athlete: Athlete) -> None:
    writes = [sent(athlete, *(a_put() for _ in range(20))) for _ in range(4)]
    singles = [athlete("PUT", f"{PATH}/{ids.new()}", workout()) for _ in range(20)]
    await asyncio.gather(*writes, *singles)
    versions = [item["data_version"] for item in (await changed(athlete))["items"]]
    assert versions == list(range(1, 101))


async def test_a_batch_asks_for_an_analysis(athlete: Athlete, held: Resources) -> None:
    await sent(athlete, a_put(), a_put(), a_put(), a_put())
    async with db.direct(held.database, transaction=False) as session:
        topics = await session.driver.fetch("SELECT topic FROM outbox WHERE athlete_id = $1", athlete.id)
    assert [row["topic"] for row in topics] == ["athlete.changed"]


async def test_an_answer_tells_a_state_once_and_stays_bounded(athlete: Athlete) -> None:
    sets = [{"exercise_id": 100, "note": "n" * 10_000} for _ in range(300)]
    item = a_put(workout=workout(sets=sets))
    await sent(athlete, item)
    lost = [{"operation": "delete", "id": item["id"], "if_match": 9} for _ in range(60)]
    answer = await athlete("POST", BATCH, {"items": lost})
    assert len(answer.content) < 5 * 2**20
    assert [result["workout"] is None for result in answer.json()["results"]] == [True] * 59 + [False]
