"""Importing a log: once, whole, and never again what the athlete had or deleted."""

import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import readers
from models.db import raw
from models.domain.errors import Invalid
from models.domain.receipts import Receipt
from models.domain.units import MassUnit
from models.queries.visibility import VisibleAthlete
from models.readers.parsed import ParsedLog
from models.services import imports
from tests.factories import NOW, an_athlete

SAMPLES = Path(__file__).parents[2] / "samples"
HEADER = b"Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"


def sample(name: str = "strong_numbered.csv") -> ParsedLog:
    return readers.read(SAMPLES / name, time_zone="UTC")


async def import_log(session: AsyncSession, athlete: VisibleAthlete, log: ParsedLog) -> Receipt:
    return await imports.import_log(session, log, athlete=athlete, actor_id=athlete.athlete_id, now=NOW)


async def rows(session: AsyncSession, athlete: VisibleAthlete, columns: str, table: str) -> list[tuple[object, ...]]:
    statement = f"SELECT {columns} FROM {table} WHERE athlete_id = $1 ORDER BY 1, 2"
    connection: Any = await raw(session)
    return [tuple(row) for row in await connection.fetch(statement, athlete.athlete_id)]


async def test_what_the_receipt_counts_is_stored(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    receipt = await import_log(session, athlete, sample())
    stored = await rows(
        session, athlete, "performed_on, position, exercise_id, load_g, reps, distance_mm", "set_entries"
    )
    assert (receipt.workouts, receipt.sets_recorded, receipt.adds_up()) == (2, 3, True)
    assert [row[2:] for row in stored] == [(7301, None, None, 1_272_000), (1000, 61_235, 8, None), (1900, 0, 12, None)]


async def test_importing_again_adds_nothing(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    await import_log(session, athlete, sample())
    before = await rows(session, athlete, "data_version, changed_at", "athlete_clocks")
    again = await import_log(session, athlete, sample())
    assert (again.workouts, again.sets_recorded, again.non_set_rows) == (0, 0, {"already_present": 3})
    assert again.workouts_already_present == 2
    assert again.adds_up()
    assert before == await rows(session, athlete, "data_version, changed_at", "athlete_clocks")


async def test_unknown_names_become_the_athletes_own_exercises_once(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    lines = "".join(
        f'2024-03-0{day} 18:00:00,"A",41m,"{name}",1,60,5,0,0,,,\n'
        for day, name in ((1, "Log Lift"), (2, "log lift"), (3, "Back Squat"))
    )
    log = readers.read(io.BytesIO(HEADER + lines.encode()), time_zone="UTC", unit=MassUnit.KG)
    await import_log(session, athlete, log)
    stored = await rows(session, athlete, "performed_on, exercise_id", "set_entries")
    first, second, third = (row[1] for row in stored)
    assert first == second
    assert third == 100


async def test_a_log_without_a_known_unit_is_refused(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    log = readers.read(io.BytesIO(HEADER + b'2024-03-01 18:00:00,"A",41m,"Squat",1,60,5,0,0,,,\n'), time_zone="UTC")
    with pytest.raises(Invalid, match="unit"):
        await import_log(session, athlete, log)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.csv")))
async def test_every_sample_is_stored_whole(session: AsyncSession, name: str) -> None:
    athlete = await an_athlete(session)
    log = readers.read(SAMPLES / name, time_zone="Europe/Berlin", undecided_unit=MassUnit.KG)
    receipt = await import_log(session, athlete, log)
    assert receipt.sets_recorded == len(await rows(session, athlete, "workout_id, position", "set_entries"))
    assert receipt.adds_up()
