"""Loadstone's own JSON: every record accounted for, what was tampered with rejected or refused."""

import io
import json
from typing import Any

import pytest

from models import readers
from models.domain.errors import Invalid
from models.readers.parsed import ParsedLog
from tests.factories import BACK_SQUAT

IDS = [f"019a0000-0000-7000-8000-{number:012d}" for number in range(10)]


def exercise(**fields: Any) -> dict[str, Any]:
    return {
        "id": 10_000,
        "public_id": IDS[0],
        "name": "Sled Drag",
        "muscles": [],
        "pattern": "other",
        "equipment": [],
        "mechanics": None,
        "load_mode": "external",
        "unilateral": False,
        "implements": 1,
        "bodyweight_fraction": 0,
        **fields,
    }


def a_set(**fields: Any) -> dict[str, Any]:
    return {"exercise_id": BACK_SQUAT, "kind": "working", "load": 44.0925, "load_unit": "kg", "reps": 5, **fields}


def workout(**fields: Any) -> dict[str, Any]:
    return {
        "id": IDS[1],
        "started_at": "2026-11-20T17:00:00Z",
        "time_zone": "Europe/Berlin",
        "sets": [a_set(), a_set(exercise_id=10_000)],
        **fields,
    }


def document(**fields: Any) -> dict[str, Any]:
    """An export of one exercise, a merge, a goal and a workout of two sets."""
    return {
        "loadstone": {"export": 1, "exported_at": "2026-11-20T18:00:00Z", "data_version": 7},
        "settings": {"time_zone": "Europe/Berlin", "mass_unit": "kg"},
        "exercises": [exercise()],
        "merges": [merge(10_000, BACK_SQUAT)],
        "items": [goal()],
        "workouts": [workout()],
        **fields,
    }


def read(told: dict[str, Any]) -> ParsedLog:
    return readers.read(io.BytesIO(json.dumps(told).encode()), time_zone="UTC")


def refused(log: ParsedLog) -> list[tuple[int, str]]:
    """The rejected rows, with the promise that every row is accounted for."""
    sets = sum(len(item.workout.sets) for item in log.workouts)
    assert log.rows_read == sets + sum(log.non_set_rows.values()) + len(log.rejected)
    return [(row.line, row.field) for row in log.rejected]


def test_every_record_is_counted_and_workouts_keep_their_ids() -> None:
    log = read(document())
    assert refused(log) == []
    assert log.non_set_rows == {"settings": 1, "exercise": 1, "merge": 1, "goal": 1}
    assert [str(item.workout_id) for item in log.workouts] == [IDS[1]]
    assert [entry.exercise for entry in log.workouts[0].workout.sets][1] == "Sled Drag"
    assert log.workouts[0].draft is not None
    assert log.workouts[0].draft.sets[0].load == 44.0925


def test_a_workout_keeps_the_source_that_it_had() -> None:
    native, brought = workout(), workout(id=IDS[3], source={"app": "strong", "key": "k"})
    sources = {str(item.workout_id): item.source for item in read(document(workouts=[native, brought])).workouts}
    assert (sources[IDS[1]].app, sources[IDS[1]].key) == ("loadstone", IDS[1])
    assert (sources[IDS[3]].app, sources[IDS[3]].key) == ("strong", "k")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reps": "5"}, "reps"),
        ({"reps": -1}, "reps"),
        ({"load": 1e9}, "load"),
        ({"load_unit": None}, "load_unit"),
        ({"colour": "red"}, "colour"),
        ({"exercise_id": 9_999}, "exercise_id"),
        ({"exercise_id": 10_001}, "exercise_id"),
        ({"rpe": 8, "rir": 2}, "rir"),
        ({"note": "\0"}, "note"),
        ({"target": {"reps_low": 9, "reps_high": 3}}, "target"),
    ],
)
def test_a_set_that_cannot_be_costs_no_other_set(wrong: dict[str, Any], field: str) -> None:
    log = read(document(workouts=[workout(sets=[a_set(), a_set(**wrong), a_set()])]))
    assert refused(log) == [(6, field)]
    assert [len(item.workout.sets) for item in log.workouts] == [2]


@pytest.mark.parametrize(
    "wrong",
    [
        {"started_at": "yesterday"},
        {"started_at": "1900-01-01T00:00:00Z"},
        {"time_zone": "Mars/Olympus"},
        {"id": 7},
        {"athlete_id": IDS[4]},
        {"bodyweight": 80},
        {"ended_at": "2026-11-20T16:00:00Z"},
        {"source": {"app": "strong", "key": "\0"}},
    ],
)
def test_a_workout_that_cannot_be_is_rejected_with_all_its_sets(wrong: dict[str, Any]) -> None:
    log = read(document(workouts=[workout(**wrong), workout(id=IDS[5])]))
    assert [line for line, _ in refused(log)] == [5, 6]
    assert [str(item.workout_id) for item in log.workouts] == [IDS[5]]


def test_one_id_is_one_workout() -> None:
    log = read(document(workouts=[workout(), workout()]))
    assert refused(log) == [(7, "id"), (8, "id")]


def merge(exercise_id: int, target_id: int) -> dict[str, Any]:
    return {"exercise_id": exercise_id, "target_id": target_id, "merged_at": "2026-11-20T18:00:00Z"}


def goal(**fields: Any) -> dict[str, Any]:
    target = {"kind": "rep", "exercise_id": 10_000, "reps": 5}
    return {"kind": "goal", "id": IDS[2], "record": {"target": target, "start_on": "2026-01-01"}, **fields}


STRANGE = {"target": {"kind": "rep", "exercise_id": 10_500, "reps": 5}, "start_on": "2026-01-01"}
WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"settings": {"time_zone": "Nowhere", "mass_unit": "kg"}}, 1, "time_zone"),
    ({"exercises": [exercise(), exercise(id=10_001, public_id=IDS[4])]}, 3, "name"),
    ({"exercises": [exercise(), exercise(id=10_001, name="Other")]}, 3, "id"),
    ({"exercises": [exercise(id=100)], "merges": [], "items": [], "workouts": []}, 2, "id"),
    ({"merges": [merge(10_000, 10_000)]}, 3, "target_id"),
    ({"merges": [merge(10_009, BACK_SQUAT)]}, 3, "exercise_id"),
    ({"items": [goal(kind="secret")]}, 4, "kind"),
    ({"items": [goal(record={"start_on": "2026-01-01"})]}, 4, "target"),
    ({"items": [goal(kind="profile", record={})]}, 4, "id"),
    ({"items": [goal(record=STRANGE)]}, 4, "target.exercise_id"),
]


@pytest.mark.parametrize(("fields", "line", "field"), WRONG)
def test_a_record_that_cannot_be_is_rejected_by_itself(fields: dict[str, Any], line: int, field: str) -> None:
    assert refused(read(document(**fields))) == [(line, field)]


@pytest.mark.parametrize(
    "told",
    [
        document(loadstone={"export": 2, "exported_at": "2026-11-20T18:00:00Z", "data_version": 7}),
        document(loadstone={"export": "1", "exported_at": "2026-11-20T18:00:00Z", "data_version": 7}),
        document(loadstone={}),
        document(secrets=[]),
        document(workouts={}),
        {"loadstone": {"export": 1}},
    ],
)
def test_a_document_of_another_shape_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        read(told)


def test_json_that_breaks_off_is_refused() -> None:
    data = json.dumps(document()).encode()
    with pytest.raises(Invalid):
        readers.read(io.BytesIO(data[:-40]), time_zone="UTC")


def test_nesting_without_end_is_refused() -> None:
    told = json.dumps(document()).replace('"start_on"', '"note": ' + "[" * 100_000 + "]" * 100_000 + ', "start_on"')
    with pytest.raises(Invalid):
        readers.read(io.BytesIO(told.encode()), time_zone="UTC")
