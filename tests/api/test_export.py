"""Exports: a file for the athlete alone, streamed from one state, and no connection left behind."""

import asyncio
import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from litestar import Litestar
from litestar.exceptions import LitestarException

from api import downloads
from api.deps import Resources
from models import db, ids
from models.domain.workouts import WorkoutSource
from models.queries.visibility import system
from tests.accounts import copy_in
from tests.api.conftest import Athlete, asgi, workout
from tests.factories import a_set, a_workout

BOTH = pytest.mark.parametrize("form", ["json", "csv"])
IN_TRANSACTION = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in tr%'"


def path(athlete: Athlete, form: str) -> str:
    return f"/v1/athletes/{athlete.id}/export.{form}"


async def record_many(held: Resources, athlete: Athlete, workouts: int) -> None:
    draft = a_workout(sets=tuple(a_set(note="x" * 1_000) for _ in range(10)))
    items = [(ids.new(), draft, WorkoutSource(app="strong", key=str(number))) for number in range(workouts)]
    async with db.direct(held.database, transaction=True) as session:
        await copy_in(session, system(athlete.id), items)


async def open_transactions(held: Resources) -> int:
    async with db.direct(held.database, transaction=False) as session:
        return await session.driver.fetchval(IN_TRANSACTION)


async def until(check: Callable[[], Any]) -> None:
    async with asyncio.timeout(5):
        while not await check():
            await asyncio.sleep(0.01)


class Client:
    """A client that takes one piece and then no more; it may hang up."""

    def __init__(self, athlete: Athlete, form: str) -> None:
        self.taken: list[bytes] = []
        self.got_first, self.left = asyncio.Event(), asyncio.Event()
        self._scope: Any = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path(athlete, form),
            "raw_path": path(athlete, form).encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"authorization", f"Bearer {athlete.token}".encode())],
            "client": ("test", 1),
            "server": ("api", 80),
        }
        self._asked = False

    async def receive(self) -> Any:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.body":
            self.taken.append(message["body"])
            self.got_first.set()
            await self.left.wait()

    def ask(self, app: Litestar) -> asyncio.Task[None]:
        return asyncio.create_task(asgi(app)(self._scope, self.receive, self.send))


async def test_json_is_a_file_with_everything(athlete: Athlete) -> None:
    made = await athlete("POST", f"/v1/athletes/{athlete.id}/workouts", workout(title="Legs"))
    answer = await athlete("GET", path(athlete, "json"))
    document = json.loads(answer.content)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["content-disposition"].startswith('attachment; filename="loadstone-20')
    assert answer.headers["cache-control"] == "no-store"
    assert document["loadstone"]["data_version"] == 1
    assert [(found["id"], found["title"]) for found in document["workouts"]] == [(made.json()["id"], "Legs")]


async def test_csv_is_a_table_that_excel_reads_as_utf_8(athlete: Athlete) -> None:
    await athlete("POST", f"/v1/athletes/{athlete.id}/workouts", workout(title="Kniebeugen für später"))
    answer = await athlete("GET", path(athlete, "csv"))
    assert answer.content.startswith(b"\xef\xbb\xbfrecord,")
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row["title"] for row in rows if row["record"] == "set"] == ["Kniebeugen für später"]


@BOTH
async def test_a_stranger_learns_nothing(athlete: Athlete, stranger: Athlete, form: str) -> None:
    assert (await stranger("GET", path(athlete, form))).status_code == 404
    assert (await athlete.client.get(path(athlete, form))).status_code == 401


@BOTH
async def test_a_long_history_comes_in_pieces(app: Litestar, held: Resources, athlete: Athlete, form: str) -> None:
    await record_many(held, athlete, 200)
    client = Client(athlete, form)
    client.send = _keeping(client)  # type: ignore[method-assign]
    await client.ask(app)
    sizes = [len(piece) for piece in client.taken]
    assert sum(sizes) > 2_000_000
    assert max(sizes) < 1_000_000


@BOTH
async def test_an_aborted_download_frees_its_connection(
    app: Litestar, held: Resources, athlete: Athlete, form: str
) -> None:
    await record_many(held, athlete, 100)
    client = Client(athlete, form)
    task = client.ask(app)
    await client.got_first.wait()
    assert await open_transactions(held) == 1
    client.left.set()
    await task
    assert len(client.taken) < 3
    await until(lambda: _none_open(held))


async def test_a_client_that_takes_nothing_is_given_up(
    app: Litestar, held: Resources, athlete: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "PATIENCE_S", 0.05)
    client = Client(athlete, "json")
    with pytest.raises(LitestarException):
        await client.ask(app)
    await until(lambda: _none_open(held))


async def test_downloads_wait_for_their_turn_and_leave_connections_to_others(
    app: Litestar, held: Resources, athlete: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "TURN_S", 0.05)
    first = Client(athlete, "json")
    task = first.ask(app)
    await first.got_first.wait()
    refused = await athlete("GET", path(athlete, "csv"))
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert (await athlete("GET", f"/v1/athletes/{athlete.id}/workouts")).status_code == 200
    first.left.set()
    await task
    assert (await athlete("GET", path(athlete, "csv"))).status_code == 200


async def _none_open(held: Resources) -> bool:
    return await open_transactions(held) == 0


def _keeping(client: Client) -> Any:
    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            client.taken.append(message["body"])

    return send
