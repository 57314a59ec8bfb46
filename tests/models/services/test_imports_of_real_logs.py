"""Real logs as they are stored, against an independent normalisation of them; skipped where the logs are absent."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import readers
from models.db import raw
from models.domain.units import MassUnit
from models.domain.workouts import SET_KINDS_BY_CODE
from models.queries.visibility import VisibleAthlete
from models.readers.parsed import ParsedLog
from tests.factories import an_athlete
from tests.models.readers.normalised import Folder, Key, differences, expected, files, folder_of, key_of
from tests.models.services.importing import recorded

STORED = """
SELECT workouts.started_at AT TIME ZONE 'UTC' AS started_at, position, kind, load_g, reps,
    distance_mm / 1000.0 AS distance_m, duration_ms / 1000.0 AS duration_s, rpe_tenths / 10.0 AS rpe
FROM set_entries JOIN workouts ON workouts.athlete_id = set_entries.athlete_id AND workouts.id = workout_id
WHERE set_entries.athlete_id = $1
"""


async def stored(
    session: AsyncSession, athlete: VisibleAthlete, log: ParsedLog, folder: Folder
) -> dict[Key, list[int | None]]:
    names = {
        (item.workout.started_at.replace(tzinfo=None), position): entry.exercise
        for item in log.workouts
        for position, entry in enumerate(item.workout.sets)
    }
    found: defaultdict[Key, list[int | None]] = defaultdict(list)
    connection: Any = await raw(session)
    for row in await connection.fetch(STORED, athlete.athlete_id):
        name = names[row["started_at"], row["position"]]
        distance_m, duration_s, rpe = (
            None if row[column] is None else float(row[column]) for column in ("distance_m", "duration_s", "rpe")
        )
        kind, extents = SET_KINDS_BY_CODE[row["kind"]], (distance_m, duration_s, rpe)
        key = key_of(row["started_at"], name, kind, row["reps"], extents, folder=folder)
        found[key].append(row["load_g"])
    return found


@pytest.mark.timeout(120)
async def test_stored_sets_equal_the_normalisation_but_for_rejected_rows(
    session: AsyncSession, real_logs: Path
) -> None:
    frame = pl.read_parquet(real_logs / "sets.parquet")
    for file in files(real_logs):
        log, folder = readers.read(file, time_zone="UTC", undecided_unit=MassUnit.KG), folder_of(file)
        athlete = await an_athlete(session)
        receipt = await recorded(session, athlete, log)
        wanted = expected(frame, file.stem, folder.app)
        missing, surplus = differences(wanted, await stored(session, athlete, log, folder))
        assert surplus == folder.not_normalised, file.name
        assert missing <= len(receipt.rejected), file.name
        assert receipt.sets_recorded + missing == sum(map(len, wanted.values())) + surplus, file.name
