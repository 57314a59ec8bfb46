"""The account of whoever is asking."""

from typing import Any

import pytest

from api.deps import Resources
from models import db
from tests.api.conftest import Athlete


async def clock(held: Resources, athlete: Athlete) -> tuple[int, list[str]]:
    """The athlete's data_version, and the topics of the events that wait for the relay."""
    async with db.direct(held.database, transaction=False) as session:
        version = await session.driver.fetchval(
            "SELECT data_version FROM athlete_clocks WHERE athlete_id = $1", athlete.id
        )
        topics = await session.driver.fetch("SELECT topic FROM outbox WHERE athlete_id = $1 ORDER BY id", athlete.id)
    return version, [row["topic"] for row in topics]


async def test_what_is_left_out_stays_as_it_is(athlete: Athlete) -> None:
    await athlete("PATCH", "/v1/me", {"display_name": "Ada", "mass_unit": "lb"})
    answer = await athlete("PATCH", "/v1/me", {})
    assert (answer.json()["display_name"], answer.json()["mass_unit"]) == ("Ada", "lb")


async def test_a_name_can_be_taken_away(athlete: Athlete) -> None:
    await athlete("PATCH", "/v1/me", {"display_name": "Ada"})
    assert (await athlete("PATCH", "/v1/me", {"display_name": None})).json()["display_name"] is None


async def test_a_new_time_zone_raises_the_clock_and_asks_for_an_analysis(athlete: Athlete, held: Resources) -> None:
    assert (await athlete("PATCH", "/v1/me", {"time_zone": "Asia/Tokyo"})).status_code == 200
    assert await clock(held, athlete) == (1, ["athlete.changed"])


async def test_settings_that_change_nothing_leave_the_clock_alone(athlete: Athlete, held: Resources) -> None:
    await athlete("PATCH", "/v1/me", {"display_name": "Ada"})
    await athlete("PATCH", "/v1/me", {"display_name": "Ada", "time_zone": "UTC"})
    assert await clock(held, athlete) == (1, ["athlete.changed"])


@pytest.mark.parametrize(
    "changes", [{"time_zone": "Mars"}, {"time_zone": None}, {"mass_unit": None}, {"email": "x@y.zz"}, {"role": "admin"}]
)
async def test_a_bad_change_changes_nothing(athlete: Athlete, held: Resources, changes: dict[str, Any]) -> None:
    assert (await athlete("PATCH", "/v1/me", changes)).status_code == 422
    assert await clock(held, athlete) == (0, [])
