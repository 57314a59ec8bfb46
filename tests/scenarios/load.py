"""Athletes who record workouts whatever happens: each keeps asking until the API has acknowledged."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import httpx2

from models import ids
from tests.factories import BACK_SQUAT, BENCH_PRESS

GIVE_UP_S = 90.0


class Recorder:
    """One signed-in athlete. `acknowledged` is what the API has confirmed, `unexpected` any answer but 2xx and 503."""

    def __init__(self, base_url: str, chance: Random) -> None:
        self._http = httpx2.AsyncClient(base_url=base_url, timeout=5.0)
        self._chance = chance
        self.athlete_id = UUID(int=0)
        self.acknowledged: dict[UUID, dict[str, Any]] = {}
        self.unexpected: list[str] = []

    async def register(self) -> None:
        email = f"{ids.new().hex}@example.org"
        fields = {"email": email, "password": "correct horse", "time_zone": "UTC"}
        answer = (await self._http.post("/v1/auth/register", json=fields)).raise_for_status().json()
        self.athlete_id = UUID(answer["account"]["id"])
        self._http.headers["Authorization"] = f"Bearer {answer['access_token']}"

    async def record(self, count: int, *, pause_s: float) -> None:
        """Record `count` workouts, one after the other; a workout is repeated under its id until it is acknowledged."""
        for number in range(count):
            workout_id, workout = ids.new(), self._workout(number)
            await self._until_acknowledged(workout_id, workout)
            self.acknowledged[workout_id] = workout
            await asyncio.sleep(pause_s)

    async def close(self) -> None:
        await self._http.aclose()

    async def _until_acknowledged(self, workout_id: UUID, workout: dict[str, Any]) -> None:
        async with asyncio.timeout(GIVE_UP_S):
            while not await self._acknowledged(workout_id, workout):
                await asyncio.sleep(0.1)

    async def _acknowledged(self, workout_id: UUID, workout: dict[str, Any]) -> bool:
        try:
            response = await self._http.put(f"/v1/athletes/me/workouts/{workout_id}", json=workout)
        except httpx2.TransportError:
            return False
        if response.status_code not in (200, 201, 503):
            self.unexpected.append(response.text)
        return response.is_success

    def _workout(self, number: int) -> dict[str, Any]:
        started_at = datetime.now(UTC) - timedelta(days=100 - number, seconds=self._chance.randrange(3600))
        exercises = self._chance.sample((BACK_SQUAT, BENCH_PRESS), k=self._chance.randint(1, 2))
        sets = [
            {"exercise_id": exercise, "load": 60 + 2.5 * self._chance.randrange(20), "load_unit": "kg", "reps": 5}
            for exercise in exercises
            for _ in range(4)
        ]
        return {"started_at": started_at.isoformat(), "time_zone": "UTC", "sets": sets}
