"""Exercises that count as others: over HTTP, and in the history that analysis reads."""

from typing import Any

from api.deps import Resources
from models import db
from models.queries.history import stored_history
from models.queries.visibility import Actor, visible
from tests.api.conftest import Athlete, workout

MERGES = "/v1/athletes/me/exercise-merges"


async def own_exercise(athlete: Athlete, name: str) -> int:
    return (await athlete("POST", "/v1/exercises", {"name": name})).json()["id"]


async def trained(held: Resources, athlete: Athlete) -> list[int]:
    """The exercises of the history, as analysis reads it."""
    async with db.direct(held.database, transaction=True) as session:
        subject = await visible(session, Actor(account_id=athlete.id, role="athlete"), athlete.id)
        return (await stored_history(session, subject)).sets["exercise_id"]


async def test_history_follows_a_merge_and_its_undoing(athlete: Athlete, held: Resources) -> None:
    own = await own_exercise(athlete, "Squats at home")
    location = (await athlete("POST", "/v1/athletes/me/workouts", workout(sets=[{"exercise_id": own}]))).headers
    assert await trained(held, athlete) == [own]
    merged = await athlete("PUT", f"{MERGES}/{own}", {"target_id": 100})
    assert (merged.status_code, merged.json()["target_id"]) == (200, 100)
    assert await trained(held, athlete) == [100]
    assert (await athlete("GET", location["location"])).json()["sets"][0]["exercise_id"] == own
    assert (await athlete("DELETE", f"{MERGES}/{own}")).status_code == 204
    assert await trained(held, athlete) == [own]
    assert (await athlete("DELETE", f"{MERGES}/{own}")).status_code == 404


async def test_merges_chain_and_a_circle_is_refused(athlete: Athlete, held: Resources) -> None:
    first, second, third = [await own_exercise(athlete, name) for name in ("A", "B", "C")]
    await athlete("POST", "/v1/athletes/me/workouts", workout(sets=[{"exercise_id": first}, {"exercise_id": second}]))
    await athlete("PUT", f"{MERGES}/{first}", {"target_id": second})
    await athlete("PUT", f"{MERGES}/{second}", {"target_id": third})
    assert await trained(held, athlete) == [third, third]
    circle = await athlete("PUT", f"{MERGES}/{third}", {"target_id": first})
    assert circle.status_code == 409
    await athlete("PUT", f"{MERGES}/{first}", {"target_id": 100})
    assert await trained(held, athlete) == [100, third]


async def test_merging_again_is_the_same_write(athlete: Athlete) -> None:
    own = await own_exercise(athlete, "Yoke")
    first = await athlete("PUT", f"{MERGES}/{own}", {"target_id": 100})
    assert (await athlete("PUT", f"{MERGES}/{own}", {"target_id": 100})).content == first.content
    assert (await athlete("GET", MERGES)).json() == {"items": [first.json()]}


async def test_a_merge_asks_for_a_new_analysis(athlete: Athlete, held: Resources) -> None:
    own = await own_exercise(athlete, "Yoke")
    await athlete("PUT", f"{MERGES}/{own}", {"target_id": 100})
    async with db.direct(held.database, transaction=False) as session:
        found = await session.driver.fetch("SELECT topic FROM outbox WHERE athlete_id = $1", athlete.id)
    assert [row["topic"] for row in found] == ["athlete.changed"]


async def test_only_your_own_exercises_are_merged_into_what_you_may_see(athlete: Athlete, stranger: Athlete) -> None:
    own, theirs = await own_exercise(athlete, "Mine"), await own_exercise(stranger, "Theirs")
    cases: tuple[tuple[Any, int, str], ...] = (
        (100, 101, "$.exercise_id"),
        (theirs, 100, "$.exercise_id"),
        (own, theirs, "$.target_id"),
        (own, own, "$.target_id"),
        (own, 9_998, "$.target_id"),
        (2**40, 100, "$.exercise_id"),
    )
    for exercise_id, target_id, path in cases:
        answer = await athlete("PUT", f"{MERGES}/{exercise_id}", {"target_id": target_id})
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, path)
    assert (await athlete("GET", MERGES)).json() == {"items": []}
