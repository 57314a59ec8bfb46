"""The stored documents, served as their bytes beside what they cover."""

import json
from typing import Any

import pytest

from api.deps import Resources
from models import db, ids
from tests.api.conftest import Athlete, workout
from tests.factories import NOW

PATHS = {
    "progress": "/v1/athletes/me/progress",
    "e1rm": "/v1/athletes/me/progress/e1rm",
    "records": "/v1/athletes/me/records",
    "recommendations": "/v1/athletes/me/recommendations",
    "summary": "/v1/athletes/me/summaries",
}
RUN = """
INSERT INTO runs (athlete_id, id, kind, trigger, status, workflow_id, created_at)
VALUES ($1, $2, 'analysis', 'recorded', 'queued', 'w', $3)
"""
STEP = """
INSERT INTO step_runs (athlete_id, id, run_id, position, step, version, status, data_version, as_of, params,
    git_revision, lock_digest, attempts, started_at)
VALUES ($1, $2, $3, 1, 'progress', 4, 'running', 1, $5, '{}', 'g', 'l', 1, $4)
"""
DOCUMENT = """
INSERT INTO step_documents (athlete_id, name, step_run_id, data_version, as_of, digest, body, written_at)
VALUES ($1, $2, $3, 1, $4, $5, $6, $7)
ON CONFLICT (athlete_id, name) DO UPDATE SET digest = excluded.digest, body = excluded.body
"""
SERIES = {"exercise": "x", "performed_on": ["2026-11-20"], "e1rm_kg": [115.5], "load_kg": [100.0], "reps": [5]}
E1RM: dict[str, Any] = {
    "as_of": "2026-11-20",
    "formula": {"name": "brzycki_epley", "version": 1},
    "exercises": [{"exercise_id": 100, **SERIES}, {"exercise_id": 1000, **SERIES}],
}


async def stored(held: Resources, athlete: Athlete, name: str, body: bytes, digest: str = "d1") -> None:
    """A document as a step leaves it."""
    run_id, step_id = ids.new(), ids.new()
    async with db.direct(held.database, transaction=True) as session:
        await session.driver.execute(RUN, athlete.id, run_id, NOW)
        await session.driver.execute(STEP, athlete.id, step_id, run_id, NOW, NOW.date())
        await session.driver.execute(DOCUMENT, athlete.id, name, step_id, NOW.date(), digest, body, NOW)


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
async def test_before_the_first_analysis_there_is_nothing_and_it_says_so(athlete: Athlete, path: str) -> None:
    answer = await athlete("GET", path)
    assert answer.status_code == 200
    assert answer.json() == {
        "current_version": 0,
        "data_version": None,
        "as_of": None,
        "step_run_id": None,
        "computed_at": None,
        "document": None,
    }


@pytest.mark.parametrize("name", PATHS)
async def test_a_documents_bytes_are_served_as_they_are(athlete: Athlete, held: Resources, name: str) -> None:
    body = b'{"as_of":"2026-11-20",  "odd":   1.50}'
    await stored(held, athlete, name, body)
    answer = await athlete("GET", PATHS[name])
    assert answer.content.endswith(b'"document":' + body + b"}")
    assert (answer.json()["data_version"], answer.json()["as_of"]) == (1, "2026-11-20")


async def test_a_tag_names_the_document_and_how_far_the_data_has_gone(athlete: Athlete, held: Resources) -> None:
    await stored(held, athlete, "progress", b"{}")
    tag = (await athlete("GET", PATHS["progress"])).headers["etag"]
    same = await athlete("GET", PATHS["progress"], if_none_match=tag)
    assert (same.status_code, same.content) == (304, b"")
    await stored(held, athlete, "progress", b'{"a":1}', digest="d2")
    changed = await athlete("GET", PATHS["progress"], if_none_match=tag)
    assert changed.status_code == 200
    await athlete("POST", "/v1/athletes/me/workouts", workout())
    newer = await athlete("GET", PATHS["progress"], if_none_match=changed.headers["etag"])
    assert (newer.status_code, newer.json()["current_version"]) == (200, 1)


async def test_one_exercises_series_can_be_read_alone(athlete: Athlete, held: Resources) -> None:
    await stored(held, athlete, "e1rm", json.dumps(E1RM).encode())
    answer = (await athlete("GET", PATHS["e1rm"] + "?exercise_id=1000")).json()
    assert answer["document"] == {**E1RM, "exercises": [E1RM["exercises"][1]]}
    none = (await athlete("GET", PATHS["e1rm"] + "?exercise_id=7")).json()
    assert none["document"]["exercises"] == []
