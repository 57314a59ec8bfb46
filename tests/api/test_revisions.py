"""Every state that a workout ever had: read, compared, restored."""

from typing import Any

from models import ids
from tests.api.conftest import Athlete, workout

PATH = "/v1/athletes/me/workouts"


async def edited_and_deleted(athlete: Athlete) -> str:
    """A workout of three writes: version 1 as `workout()`, 2 with a title and other reps, 3 its deletion."""
    location = f"{PATH}/{ids.new()}"
    created = await athlete("PUT", location, workout())
    sets = [{**workout()["sets"][0], "reps": 6}, {"exercise_id": 101}]
    changed = await athlete("PUT", location, workout(title="Legs", sets=sets), if_match=created.headers["etag"])
    assert (await athlete("DELETE", location, if_match=changed.headers["etag"])).status_code == 204
    return location


async def test_the_writes_of_a_workout_are_listed_newest_first(athlete: Athlete) -> None:
    location = await edited_and_deleted(athlete)
    first = (await athlete("GET", f"{location}/revisions?limit=2")).json()
    second = (await athlete("GET", f"{location}/revisions?limit=2&cursor={first['next_cursor']}")).json()
    listed = [(item["data_version"], item["action"]) for item in [*first["items"], *second["items"]]]
    assert listed == [(3, "delete"), (2, "edit"), (1, "create")]
    assert first["items"][0]["actor_id"] == str(athlete.id)
    assert second["next_cursor"] is None


async def test_a_revision_reads_as_the_workout_did(athlete: Athlete) -> None:
    location = f"{PATH}/{ids.new()}"
    created = await athlete("PUT", location, workout(notes="As it was."))
    await athlete("PUT", location, workout(), if_match=created.headers["etag"])
    assert (await athlete("GET", f"{location}/revisions/1")).content == created.content


async def test_two_revisions_are_compared_field_by_field(athlete: Athlete) -> None:
    location = await edited_and_deleted(athlete)
    changes = (await athlete("GET", f"{location}/revisions/compare?before=1&after=2")).json()["changes"]
    told: dict[str, tuple[Any, Any]] = {item["path"]: (item["before"], item["after"]) for item in changes}
    added = told.pop("$.sets[1]")
    assert told == {"$.title": (None, "Legs"), "$.sets[0].reps": (5, 6)}
    assert (added[0], added[1]["exercise_id"]) == (None, 101)
    assert (await athlete("GET", f"{location}/revisions/compare?before=2&after=2")).json()["changes"] == []


async def test_a_deleted_workout_comes_back_as_it_was(athlete: Athlete) -> None:
    location = await edited_and_deleted(athlete)
    restored = await athlete("POST", f"{location}/revisions/1/restore")
    assert (restored.status_code, restored.json()["data_version"], restored.json()["title"]) == (200, 4, None)
    read = await athlete("GET", location)
    assert read.content == restored.content
    assert read.headers["etag"] == restored.headers["etag"]
    actions = [item["action"] for item in (await athlete("GET", f"{location}/revisions")).json()["items"]]
    assert actions == ["restore", "delete", "edit", "create"]
    assert (await athlete("GET", "/v1/athletes/me/changes")).json()["items"][0]["deleted"] is False


async def test_a_restored_workout_has_its_sets_again(athlete: Athlete) -> None:
    location = await edited_and_deleted(athlete)
    await athlete("POST", f"{location}/revisions/2/restore")
    changed = await athlete("PUT", location, workout(notes="Again"), if_match='"4-2"')
    assert (changed.status_code, changed.json()["data_version"]) == (200, 5)


async def test_a_stale_restoring_names_both_versions(athlete: Athlete) -> None:
    location = await edited_and_deleted(athlete)
    answer = await athlete("POST", f"{location}/revisions/1/restore", if_match='"2-2"')
    assert (answer.status_code, answer.json()["current_version"], answer.json()["given_version"]) == (412, 3, 2)


async def test_a_deletion_and_what_never_was_are_not_found(athlete: Athlete) -> None:
    location = await edited_and_deleted(athlete)
    for path in ("revisions/3", "revisions/9", "revisions/0", "revisions/99999999999999999999"):
        assert (await athlete("GET", f"{location}/{path}")).status_code == 404, path
    assert (await athlete("POST", f"{location}/revisions/3/restore")).status_code == 404
    assert (await athlete("GET", f"{PATH}/{ids.new()}/revisions")).status_code == 404
    assert (await athlete("GET", f"{location}/revisions/compare?before=1&after=3")).status_code == 404
    assert (await athlete("GET", f"{location}/revisions/compare?before=1")).status_code == 400
