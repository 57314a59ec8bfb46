"""Every failure is a problem: unknown paths, a database that is down, and faults of our own."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from httpx2 import AsyncClient
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api import problems
from models.queries import workouts
from tests.api.conftest import Athlete, api_config, serving, workout

PATH = "/v1/athletes/me/workouts"

driver: Any = asyncpg  # it publishes no types


@pytest.mark.parametrize(
    "path", ["/nope", "/v1", "/v1/athletes/me", "/v1/athletes/me/workouts/7", "/docs/../x", "/schema"]
)
async def test_an_unknown_path_is_a_problem(athlete: Athlete, path: str) -> None:
    answer = await athlete("GET", path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["status"] == 404


async def test_a_wrong_method_names_the_right_ones(athlete: Athlete) -> None:
    answer = await athlete("DELETE", "/v1/me")
    assert answer.status_code == 405
    assert {"GET", "PATCH"} <= set(answer.headers["allow"].split(", "))


async def test_options_name_the_methods_of_the_whole_path(athlete: Athlete) -> None:
    answer = await athlete("OPTIONS", PATH)
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, OPTIONS, POST")


async def test_a_request_keeps_its_id_from_header_to_problem(client: AsyncClient) -> None:
    given = await client.get("/nope", headers={"x-request-id": "abc-1"})
    assert given.json()["request_id"] == given.headers["x-request-id"] == "abc-1"
    own = [await client.get("/nope", headers={"x-request-id": "a b"}) for _ in range(2)]
    assert own[0].headers["x-request-id"] != own[1].headers["x-request-id"] != "a b"
    assert own[0].json()["request_id"] == own[0].headers["x-request-id"]


@pytest.mark.parametrize("path", ["/", "/nope", "/v1/health/live", "/docs"])
async def test_every_response_is_hardened(client: AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "access-control-allow-origin" not in headers


async def test_a_fault_of_ours_shows_no_stack(athlete: Athlete, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(workouts, "list_workouts", broken)
    answer = await athlete("GET", PATH)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        FileNotFoundError("no socket"),
        TimeoutError(),
        PoolTimeout(),
        asyncpg.DiskFullError("full"),
        asyncpg.CannotConnectNowError("starting"),
        asyncpg.AdminShutdownError("stopping"),
        asyncpg.TooManyConnectionsError("full"),
        asyncpg.ConnectionDoesNotExistError("lost"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.DeadlockDetectedError("deadlock"),
        asyncpg.QueryCanceledError("timeout"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_database_at_fault_is_a_503(
    athlete: Athlete, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def broken(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(workouts, "list_workouts", broken)
    answer = await athlete("GET", PATH)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, problems.RETRY_AFTER_S)


async def test_the_api_starts_and_answers_503_without_a_database(athlete: Athlete) -> None:
    config = api_config("postgresql://nobody@127.0.0.1:9/none")
    headers = {"authorization": f"Bearer {athlete.token}"}
    async with serving(config) as client:
        for method, path, body in (
            ("GET", PATH, None),
            ("POST", PATH, workout()),
            ("GET", "/v1/health/ready", None),
        ):
            answer = await client.request(method, path, json=body, headers=headers)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert (await client.get("/v1/health/live")).status_code == 200


async def test_connections_that_the_server_closed_are_replaced_unseen(athlete: Athlete, api_dsn: str) -> None:
    await asyncio.gather(*(athlete("GET", PATH) for _ in range(4)))
    await close_all_other_connections(api_dsn)
    answers = await asyncio.gather(*(athlete("GET", PATH) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}


async def test_a_connection_lost_in_a_request_is_a_503_and_the_next_request_works(
    athlete: Athlete, api_dsn: str
) -> None:
    async with await_lock(api_dsn, athlete):
        blocked = asyncio.create_task(athlete("POST", PATH, workout()))
        await asyncio.sleep(0.2)
        await close_all_other_connections(api_dsn, keep="holder")
        assert (await blocked).status_code == 503
    assert (await athlete("POST", PATH, workout())).json()["data_version"] == 1


async def test_readiness_needs_the_newest_schema(new_database: Callable[[], str]) -> None:
    dsn = new_database()
    async with serving(api_config(dsn)) as client:
        assert (await client.get("/v1/health/ready")).json() == {"status": "ok"}
        connection = await driver.connect(dsn)
        await connection.execute("DROP TABLE alembic_version")
        await connection.close()
        answer = await client.get("/v1/health/ready")
    assert answer.status_code == 503
    assert "migrated" in answer.json()["detail"]


async def close_all_other_connections(dsn: str, keep: str = "") -> None:
    connection: Any = await driver.connect(dsn)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND application_name <> $1",
        keep or "none",
    )
    await connection.close()
    await asyncio.sleep(0.05)


class await_lock:  # noqa: N801 - reads as a verb where it is used
    """Holds the athlete's clock, so that a write of theirs waits."""

    def __init__(self, dsn: str, athlete: Athlete) -> None:
        self._dsn, self._athlete = dsn, athlete

    async def __aenter__(self) -> None:
        self._connection: Any = await driver.connect(self._dsn, server_settings={"application_name": "holder"})
        await self._connection.execute("BEGIN")
        await self._connection.execute("SELECT FROM athlete_clocks WHERE athlete_id = $1 FOR UPDATE", self._athlete.id)

    async def __aexit__(self, *_: object) -> None:
        await self._connection.execute("ROLLBACK")
        await self._connection.close()
