"""Importing over HTTP, beside a worker that does the work: what the tests of durable imports share."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from httpx2 import ASGITransport, AsyncClient, Response
from msgspec import Struct

from api.app import create_app
from api.deps import Resources
from models.queries.visibility import VisibleAthlete
from tests.api.conftest import api_config, asgi, running
from tests.workflows.stage import Stage, eventually

HEADER = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
FIRST = datetime(2024, 1, 1, 18, 0, tzinfo=UTC)
FINAL = {"succeeded", "failed", "cancelled"}


def strong_log(days: range, *, load: float = 60, sets: int = 3, exercise: str = "Bench Press (Barbell)") -> bytes:
    """An export of Strong, which states no unit: a workout a day."""
    rows = [
        f'{FIRST + timedelta(days=day):%Y-%m-%d %H:%M:%S},"Day {day}",41m,"{exercise}",{at + 1},{load},5,0,0,,,\n'
        for day in days
        for at in range(sets)
    ]
    return (HEADER + "".join(rows)).encode()


class Importer(Struct, frozen=True, kw_only=True):
    """An athlete with files."""

    client: AsyncClient
    held: Resources
    athlete: VisibleAthlete
    token: str

    async def ask(self, method: str, path: str, **options: Any) -> Response:
        options["headers"] = {"authorization": f"Bearer {self.token}", **options.get("headers", {})}
        return await self.client.request(method, f"/v1/athletes/me/{path}", **options)

    async def upload(self, content: bytes, *, headers: dict[str, str] | None = None, **fields: str) -> Response:
        files = {"file": ("log.csv", content, "text/csv")}
        return await self.ask("POST", "imports", files=files, data=fields, headers=headers or {})

    async def bring(self, content: bytes, *, within_s: float = 30, **fields: str) -> dict[str, Any]:
        """Upload a file and wait for the end of its run, or for its question; the import."""
        answer = await self.upload(content, headers=None, **fields)
        assert answer.status_code == 202, answer.text
        return await self.settled(answer.json()["id"], within_s=within_s)

    async def settled(self, import_id: str, run_id: str | None = None, *, within_s: float = 30) -> dict[str, Any]:
        """Wait until the run has ended or waits; the import as it is then."""

        async def is_settled() -> bool:
            run = (await self.ask("GET", f"runs/{run_id or import_id}")).json()
            return run["status"] in FINAL | {"waiting"}

        await eventually(is_settled, within_s=within_s)
        return (await self.ask("GET", f"imports/{import_id}")).json()

    async def change(self, import_id: str, what: str, **options: Any) -> dict[str, Any]:
        """Ask for a change of a published import and wait for its end; the import."""
        answer = await self.ask("POST", f"imports/{import_id}/{what}", **options)
        assert answer.status_code == 202, answer.text
        return await self.settled(import_id, answer.json()["id"])

    async def workouts(self) -> list[dict[str, Any]]:
        """All workouts, the oldest first."""
        page = (await self.ask("GET", "workouts", params={"limit": 200})).json()
        assert page["next_cursor"] is None
        return page["items"][::-1]


@asynccontextmanager
async def an_api(stage: Stage) -> AsyncGenerator[tuple[AsyncClient, Resources]]:
    """The API over the stage's database."""
    async with (
        running(create_app(api_config(stage.config.database.dsn))) as application,
        AsyncClient(transport=ASGITransport(app=asgi(application)), base_url="http://api") as client,
    ):
        yield client, application.state.resources


async def an_importer(stage: Stage, client: AsyncClient, held: Resources) -> Importer:
    athlete = await stage.athlete()
    return Importer(client=client, held=held, athlete=athlete, token=held.tokens.issue(athlete.athlete_id, "athlete"))


async def versions(stage: Stage, athlete: VisibleAthlete) -> list[int]:
    """Every version that a row of the athlete's has, in order."""
    statement = """
    SELECT data_version FROM workout_revisions WHERE athlete_id = $1
    UNION ALL SELECT data_version FROM exercise_revisions WHERE athlete_id = $1 ORDER BY 1
    """
    return [row["data_version"] for row in await stage.fetch(statement, athlete.athlete_id)]


async def is_left(stage: Stage, import_id: str, table: str) -> int:
    """How much of an import is still kept on its way."""
    [row] = await stage.fetch(f"SELECT count(*) AS found FROM {table} WHERE import_id = $1", UUID(import_id))
    return row["found"]
