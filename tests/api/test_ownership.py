"""Owners see only their own: every route of the route table, as nobody and as a stranger."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from httpx2 import AsyncClient
from litestar.routes import HTTPRoute

from api.app import create_app
from tests.api.conftest import Athlete, api_config, workout
from tests.stated import MANY, STATED

OPEN = {"/", "/docs", "/docs/{name}", "/openapi.json"}
OPEN_PREFIXES = ("/v1/auth/", "/v1/health/")
COMPARISON = "/comparison?first=2026-11-09&last=2026-11-15&against_first=2026-11-02&against_last=2026-11-08"
BODIES: dict[str, Any] = {
    "create_workout": workout(),
    "put_workout": workout(),
    "request_run": {"kind": "analysis"},
    "create_exercise": {"name": "x"},
    "edit_exercise": {"name": "x"},
    "update_me": {},
    "write_workouts": {"items": [{"operation": "delete", "id": "01a20500-0000-7000-8000-000000000000"}]},
    "merge_exercise": {"target_id": 100},
    "answer_import": {"unit": "kg"},
    "correct_import_unit": {"unit": "kg"},
    **{f"put_{kind}": body for kind, body, *_ in STATED.values()},
    **{f"create_{STATED[segment][0]}": STATED[segment][1] for segment in MANY},
}


def operations() -> Iterator[tuple[str, str, str]]:
    """(operation id, method, path) of every route that is not open to all."""
    for route in create_app(api_config("postgresql://nowhere/none")).routes:
        assert isinstance(route, HTTPRoute)
        path = route.path_format
        if path in OPEN or path.startswith(OPEN_PREFIXES):
            continue
        for handler in route.route_handlers:
            if handler.operation_id:
                yield str(handler.operation_id), next(iter(handler.http_methods)), path


OPERATIONS = sorted(operations())
OWNED = [operation for operation in OPERATIONS if "{athlete_id}" in operation[2]]


def located(path: str, athlete_id: UUID) -> str:
    filled = path.replace("{athlete_id}", str(athlete_id)).replace("{exercise_id}", "100")
    filled = filled.replace("{data_version}", "1").replace("/compare", "/compare?before=1&after=1")
    filled = filled.replace("{muscle}", "chest").replace("{name}", "progress").replace("/comparison", COMPARISON)
    for name in ("workout_id", "run_id", "step_run_id", "item_id", "import_id"):
        filled = filled.replace(f"{{{name}}}", "01a20500-0000-7000-8000-000000000000")
    return filled


def test_the_matrix_covers_the_whole_api() -> None:
    assert len(OWNED) >= 15
    assert {operation for operation, _, _ in OPERATIONS} >= set(BODIES)


@pytest.mark.parametrize(("operation", "method", "path"), OPERATIONS)
async def test_nobody_gets_in(client: AsyncClient, athlete: Athlete, operation: str, method: str, path: str) -> None:
    answer = await client.request(method, located(path, athlete.id), json=BODIES.get(operation))
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("operation", "method", "path"), OWNED)
async def test_a_stranger_finds_nothing(
    athlete: Athlete, stranger: Athlete, operation: str, method: str, path: str
) -> None:
    made = (await athlete("POST", "/v1/athletes/me/workouts", workout())).json()["id"]
    run = (await athlete("POST", "/v1/athletes/me/runs", {"kind": "analysis"})).json()["id"]
    theirs = located(path.replace("{workout_id}", made).replace("{run_id}", run), athlete.id)
    answer = await stranger(method, theirs, BODIES.get(operation))
    assert answer.status_code == 404
    assert (await athlete("GET", "/v1/athletes/me/workouts")).json()["items"][0]["data_version"] == 1


@pytest.mark.parametrize(("operation", "method", "path"), OWNED)
async def test_what_is_no_athlete_is_not_found(athlete: Athlete, operation: str, method: str, path: str) -> None:
    nowhere = located(path.replace("{athlete_id}", "not-an-id"), athlete.id)
    assert (await athlete(method, nowhere, BODIES.get(operation))).status_code == 404


async def test_another_athletes_workout_under_your_own_id_is_not_found(athlete: Athlete, stranger: Athlete) -> None:
    made = (await athlete("POST", "/v1/athletes/me/workouts", workout())).json()["id"]
    assert (await stranger("GET", f"/v1/athletes/me/workouts/{made}")).status_code == 404
    assert (await stranger("DELETE", f"/v1/athletes/me/workouts/{made}")).status_code == 404


async def test_another_athletes_exercise_cannot_be_recorded(athlete: Athlete, stranger: Athlete) -> None:
    own = (await athlete("POST", "/v1/exercises", {"name": "Mine"})).json()["id"]
    body = workout(sets=[{"exercise_id": own}])
    assert (await stranger("POST", "/v1/athletes/me/workouts", body)).status_code == 422
    assert (await athlete("POST", "/v1/athletes/me/workouts", body)).status_code == 201
