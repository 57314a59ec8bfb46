"""What a request costs the database: the statements it sends, BEGIN and COMMIT included."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from models import ids
from tests.api.conftest import Athlete, workout
from tests.stated import MANY, STATED

PATH = "/v1/athletes/me/workouts"


@asynccontextmanager
async def counted(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[list[str]]:
    """Records the statements of every connection, without the doorbell's, which is no request's own."""
    seen: list[str] = []
    connection: Any = asyncpg.Connection
    originals = {name: getattr(connection, name) for name in ("fetch", "fetchrow", "fetchval", "execute")}

    def recording(original: Any) -> Any:
        async def method(self: Any, query: str, *args: Any, **options: Any) -> Any:
            if "pg_notify" not in query:
                seen.append(query)
            return await original(self, query, *args, **options)

        return method

    with monkeypatch.context() as patch:
        for name, original in originals.items():
            patch.setattr(connection, name, recording(original))
        yield seen


async def test_recording_a_workout_is_one_statement(athlete: Athlete, monkeypatch: pytest.MonkeyPatch) -> None:
    await athlete("POST", PATH, workout())
    async with counted(monkeypatch) as seen:
        assert (await athlete("POST", PATH, workout())).status_code == 201
    assert len(seen) == 1


async def test_reading_a_workout_or_a_page_is_one_statement(athlete: Athlete, monkeypatch: pytest.MonkeyPatch) -> None:
    location = (await athlete("POST", PATH, workout())).headers["location"]
    for path in (location, PATH, "/v1/athletes/me/progress", "/v1/exercises", "/v1/me", "/v1/athletes/me/runs"):
        async with counted(monkeypatch) as seen:
            assert (await athlete("GET", path)).status_code == 200
        assert len(seen) == 1, path


async def test_the_other_writes_stay_small(athlete: Athlete, monkeypatch: pytest.MonkeyPatch) -> None:
    location = f"{PATH}/{ids.new()}"
    limits: tuple[tuple[str, dict[str, str], int], ...] = (
        ("PUT", {}, 1),
        ("PUT", {"if_match": '"1-1"'}, 6),
        (
            "DELETE",
            {},
            4,
        ),  # BEGIN, the tombstone, its sets, COMMIT: one statement cannot see sets written while it waited
    )
    for method, headers, limit in limits:
        async with counted(monkeypatch) as seen:
            answer = await athlete(method, location, workout() if method == "PUT" else None, **headers)
            assert answer.status_code in (200, 201, 204)
        assert len(seen) <= limit, seen


async def test_a_remembered_answer_costs_one_transaction(athlete: Athlete, monkeypatch: pytest.MonkeyPatch) -> None:
    async with counted(monkeypatch) as first:
        await athlete("POST", PATH, workout(), idempotency_key="k")
    async with counted(monkeypatch) as again:
        await athlete("POST", PATH, workout(), idempotency_key="k")
    assert len(again) == 4  # BEGIN, the lock, the answer, COMMIT
    assert len(first) <= 8


async def test_an_item_is_written_and_read_in_one_statement(athlete: Athlete, monkeypatch: pytest.MonkeyPatch) -> None:
    home = "/v1/athletes/me"
    for segment, (_, body, other, *_) in STATED.items():
        path = f"{home}/profile" if segment == "profile" else f"{home}/{segment}/{ids.new()}"
        lists = [f"{home}/{segment}"] if segment in MANY else [f"{home}/field-profile"]
        steps: list[tuple[str, str, Any, int]] = [
            ("PUT", path, body, 1),
            *(("GET", read, None, 1) for read in (path, f"{path}/revisions", *lists)),
            ("PUT", path, body, 2),  # refused, and read to compare with
        ]
        for method, target, sent, limit in steps:
            async with counted(monkeypatch) as seen:
                assert (await athlete(method, target, sent)).status_code < 300
            assert len(seen) <= limit, (method, target, seen)
        tag = (await athlete("GET", path)).headers["etag"]
        async with counted(monkeypatch) as seen:
            assert (await athlete("PUT", path, other, if_match=tag)).status_code == 200
        assert len(seen) == 3  # BEGIN, the edit, COMMIT
