"""Three devices of one athlete, offline and on bad lines: all end in one state, and nothing acknowledged is lost."""

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from tests.api.conftest import Athlete
from tests.api.device import Content, Device, Fault

MOST_ROUNDS = 20
NOT_IN_A_SET = (
    *("load_mode", "rpe", "rir", "duration_s", "distance_m", "rest_s", "superset", "circuit", "chain", "side"),
    *("tempo", "target", "note"),
)
A_SET: Content = {
    "exercise_id": 100,
    "kind": "working",
    "load": 100.0,
    "load_unit": "kg",
    "reps": 5,
    **dict.fromkeys(NOT_IN_A_SET),
}
NOT_IN_A_WORKOUT = ("ended_at", "title", "notes", "session_rpe", "bodyweight", "bodyweight_unit")
EMPTY: Content = {
    "started_at": "2026-11-20T18:00:00+01:00",
    "time_zone": "Europe/Berlin",
    "sets": [A_SET],
    **dict.fromkeys(NOT_IN_A_WORKOUT),
}
CHANGES = st.one_of(
    st.fixed_dictionaries({"title": st.sampled_from(["Push", "Pull", "Legs"])}),
    st.fixed_dictionaries({"notes": st.sampled_from(["Slow.", "Fast."])}),
    st.fixed_dictionaries({"sets": st.integers(1, 3).map(lambda count: [{**A_SET, "reps": count}] * count)}),
)


class Act(Struct, frozen=True):
    """What happens next: a device creates, edits or deletes (`change` None) its nth workout, or it syncs."""

    device: int
    verb: str
    nth: int = 0
    change: Content | None = None
    seed: int = 0
    size: int = 200
    fault: Fault = Fault.NONE


DEVICES = st.integers(0, 2)
WRITES = st.one_of(
    st.builds(Act, DEVICES, st.just("create"), change=CHANGES),
    st.builds(Act, DEVICES, st.just("edit"), st.integers(0, 3), CHANGES),
    st.builds(Act, DEVICES, st.just("delete"), st.integers(0, 3)),
)
SYNCS = st.builds(
    Act, DEVICES, st.just("sync"), seed=st.integers(0, 99), size=st.integers(1, 4), fault=st.sampled_from(Fault)
)
ACTS = st.lists(st.one_of(WRITES, WRITES, SYNCS), min_size=3, max_size=30)
EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@EXAMPLES
@given(acts=ACTS)
async def test_without_concurrent_edits_all_devices_and_the_server_agree(
    new_athlete: Callable[[], Any], acts: list[Act]
) -> None:
    athlete, devices = await _three(new_athlete)
    for act in acts:
        await _act(devices[act.device], act, own_only=act.device)
    wanted = {workout_id: content for device in devices for workout_id, content in _own(device).items()}
    await _settle(devices)
    assert await _on_server(athlete) == wanted
    assert [device.workouts() for device in devices] == [wanted] * 3
    await _nothing_acknowledged_is_missing(athlete, devices)


@EXAMPLES
@given(acts=ACTS)
async def test_with_concurrent_edits_one_wins_and_the_resolver_brings_all_together(
    new_athlete: Callable[[], Any], acts: list[Act]
) -> None:
    athlete, devices = await _three(new_athlete)
    await _share_two_workouts(devices)
    for act in acts:
        await _act(devices[act.device], act, own_only=None)
    await _settle(devices)
    server = await _on_server(athlete)
    assert [device.workouts() for device in devices] == [server] * 3
    assert not any(device.pending for device in devices)
    await _nothing_acknowledged_is_missing(athlete, devices)


async def test_of_edits_of_one_state_exactly_one_wins_and_the_losers_hear_of_both_versions(
    new_athlete: Callable[[], Any],
) -> None:
    athlete, devices = await _three(new_athlete)
    workout_id = UUID(int=7)
    devices[0].write(workout_id, EMPTY)
    for device in devices:
        await _sync(device)
    for device, title in zip(devices, ("Push", "Pull", "Legs"), strict=True):
        device.write(workout_id, {**EMPTY, "title": title})
    for device in devices:
        await device.push([workout_id], 1, Fault.NONE)
    assert [len(device.lost) for device in devices] == [0, 1, 1]
    assert [lost[1:] for device in devices for lost in device.lost] == [(1, 2), (1, 2)]
    await _settle(devices)
    assert (await _on_server(athlete))[workout_id]["title"] == "Push"


async def _three(new_athlete: Callable[[], Any]) -> tuple[Athlete, list[Device]]:
    athlete: Athlete = await new_athlete()

    async def wire(method: str, path: str, json: Any = None) -> Any:
        answer = await athlete(method, f"/v1/athletes/me{path}", json)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return athlete, [Device(wire) for _ in range(3)]


async def _share_two_workouts(devices: list[Device]) -> None:
    """Something that all of them know, and may edit at the same time."""
    for _ in range(2):
        await _act(devices[0], Act(0, "create"), own_only=None)
    for device in devices:
        await _sync(device)


async def _act(device: Device, act: Act, *, own_only: int | None) -> None:
    if act.verb == "sync":
        await _sync(device, act)
    elif act.verb == "create":
        made = UUID(int=(len(device.created) << 8) + act.device + 1)
        device.created.append(made)
        device.write(made, {**EMPTY, **(act.change or {})})
    else:
        known = device.workouts() if own_only is None else _own(device)
        if chosen := sorted(known)[act.nth : act.nth + 1]:
            device.write(chosen[0], None if act.change is None else {**known[chosen[0]], **act.change})


def _own(device: Device) -> dict[UUID, Content]:
    return {workout_id: content for workout_id, content in device.workouts().items() if workout_id in device.created}


async def _sync(device: Device, act: Act | None = None) -> None:
    order = sorted(device.pending)
    if act is not None:
        Random(act.seed).shuffle(order)
    await device.push(order, 200 if act is None else act.size, Fault.NONE if act is None else act.fault)
    await device.pull()


async def _settle(devices: list[Device]) -> None:
    """The line is good again: everybody syncs until nobody has anything to say."""
    for _ in range(MOST_ROUNDS):
        for device in devices:
            await _sync(device)
        if not any(device.pending for device in devices):
            break
    for device in devices:
        await device.pull()


async def _on_server(athlete: Athlete) -> dict[UUID, Content]:
    reader = (await _reader(athlete)).workouts()
    listed = (await athlete("GET", "/v1/athletes/me/workouts?limit=200")).json()["items"]
    assert {UUID(item["id"]) for item in listed} == set(reader)
    return reader


async def _reader(athlete: Athlete) -> Device:
    """A new device that has only just signed in."""

    async def wire(method: str, path: str, json: Any = None) -> Any:
        return (await athlete(method, f"/v1/athletes/me{path}", json)).json()

    device = Device(wire)
    await device.pull()
    return device


async def _nothing_acknowledged_is_missing(athlete: Athlete, devices: list[Device]) -> None:
    """Each acknowledged write is in the history, and of those based on one state one device's was taken."""
    winners: dict[tuple[UUID, int], int] = {}
    for number, device in enumerate(devices):
        for workout_id, base, version in device.acknowledged:
            answer = await athlete("GET", f"/v1/athletes/me/workouts/{workout_id}/revisions?limit=200")
            assert version in {revision["data_version"] for revision in answer.json()["items"]}
            if base is not None and version != base:
                assert winners.setdefault((workout_id, base), number) == number
