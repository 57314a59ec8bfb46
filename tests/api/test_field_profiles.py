"""Field profiles over HTTP: they say what to show, and never limit what is recorded or read."""

from typing import Any

from models.domain.field_profiles import Field
from tests.api.conftest import Athlete, workout

HOME = "/v1/athletes/me"
ADVANCED_SET: dict[str, Any] = {
    "exercise_id": 100,
    "kind": "cluster",
    "load": 225.0,
    "load_unit": "lb",
    "load_mode": "external",
    "reps": 3,
    "rir": 1.5,
    "rest_s": 30,
    "circuit": 1,
    "chain": 2,
    "side": "each",
    "tempo": "31X0",
    "target": {
        "reps_low": 3,
        "reps_high": 5,
        "load": 230.0,
        "load_unit": "lb",
        "rpe": 8.5,
        "rir": None,
        "duration_s": None,
        "distance_m": None,
    },
}


async def shown(athlete: Athlete) -> set[str]:
    profile = (await athlete("GET", f"{HOME}/field-profile")).json()
    return {entry["field"] for entry in profile["fields"] if entry["shown"]}


async def test_the_three_profiles_are_served(athlete: Athlete) -> None:
    profiles = (await athlete("GET", "/v1/field-profiles")).json()["profiles"]
    assert [profile["level"] for profile in profiles] == ["beginner", "intermediate", "advanced"]
    assert all(len(profile["fields"]) == len(Field) for profile in profiles)


async def test_who_has_stated_nothing_is_shown_what_a_beginner_is(athlete: Athlete) -> None:
    beginner = (await athlete("GET", "/v1/field-profiles")).json()["profiles"][0]
    assert (await athlete("GET", f"{HOME}/field-profile")).json() == beginner


async def test_the_effective_profile_says_why(athlete: Athlete) -> None:
    body = {"level": "intermediate", "field_overrides": {"set.tempo": "shown", "set.rir": "hidden"}}
    await athlete("PUT", f"{HOME}/profile", body)
    profile = (await athlete("GET", f"{HOME}/field-profile")).json()
    why = {entry["field"]: (entry["shown"], entry["why"], entry["from_level"]) for entry in profile["fields"]}
    assert profile["level"] == "intermediate"
    assert why["set.tempo"] == (True, "override", "advanced")
    assert why["set.rir"] == (False, "override", "intermediate")
    assert why["set.rpe"] == (True, "level", "intermediate")
    assert why["set.side"] == (False, "level", "advanced")


async def test_stepping_down_hides_and_loses_nothing(athlete: Athlete) -> None:
    await athlete("PUT", f"{HOME}/profile", {"level": "advanced"})
    assert {"set.tempo", "set.target", "set.kind.cluster"} <= await shown(athlete)
    recorded = await athlete("POST", f"{HOME}/workouts", workout(sets=[ADVANCED_SET], session_rpe=8.5))
    assert recorded.status_code == 201, recorded.text
    await athlete("PUT", f"{HOME}/profile", {"level": "beginner"}, if_match='"1-1"')
    assert not {"set.tempo", "set.target", "set.kind.cluster"} & await shown(athlete)
    read = await athlete("GET", recorded.headers["location"])
    assert read.content == recorded.content
    assert {name: read.json()["sets"][0][name] for name in ADVANCED_SET} == ADVANCED_SET
    again = await athlete("POST", f"{HOME}/workouts", workout(sets=[ADVANCED_SET]))
    assert {name: again.json()["sets"][0][name] for name in ADVANCED_SET} == ADVANCED_SET
