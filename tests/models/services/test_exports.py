"""Exporting: one state of the account, no formula in any cell, and nothing that was deleted."""

import csv
import io
import json
from typing import Any

import pytest

from models import db, ids
from models.db import Sessions, raw
from models.queries import exports as queries
from models.queries.visibility import VisibleAthlete
from models.services import exports, workouts
from models.services.exports import ExportFormat
from tests import accounts
from tests.anything import NASTY, Made
from tests.factories import BENCH_PRESS, NOW, a_set, a_workout, an_athlete

BOTH = pytest.mark.parametrize("form", ExportFormat)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


async def recorded(sessions: Sessions, **fields: Any) -> VisibleAthlete:
    async with db.transaction(sessions) as session:
        athlete = await an_athlete(session)
        await record(session, athlete, **fields)
    return athlete


async def record(session: Any, athlete: VisibleAthlete, **fields: Any) -> Any:
    return await workouts.record_workout(
        session, a_workout(**fields), athlete=athlete, workout_id=ids.new(), actor_id=athlete.athlete_id, now=NOW
    )


async def test_no_cell_begins_a_formula(sessions: Sessions) -> None:
    drafts = [a_workout(title=text, notes=text, sets=(a_set(note=text),)) for text in NASTY if len(text) <= 200]
    async with db.transaction(sessions) as session:
        athlete = await accounts.make(session, Made(exercises=[], workouts=drafts, imported=drafts, notes=list(NASTY)))
    rows = table(await accounts.exported(sessions, athlete, ExportFormat.CSV))
    cells = [cell for row in rows for cell in row.values()]
    assert len(rows) > len(NASTY)
    assert [cell for cell in cells if cell.startswith(FORMULA)] == []


async def test_a_row_is_for_eyes_too(sessions: Sessions) -> None:
    athlete = await recorded(sessions, sets=(a_set(BENCH_PRESS, load=102.5),))
    (row,) = [row for row in table(await accounts.exported(sessions, athlete, ExportFormat.CSV)) if row["set"]]
    assert (row["performed_on"], row["started_at"]) == ("2026-11-20", "2026-11-20T18:00:00+01:00")
    assert (row["exercise"], row["load"], row["load_unit"], row["reps"]) == (
        "Bench Press (Barbell)",
        "102.5",
        "kg",
        "5",
    )


async def test_what_was_not_recorded_is_left_out_and_what_was_deleted_too(sessions: Sessions) -> None:
    athlete = await recorded(sessions)
    async with db.transaction(sessions) as session:
        gone = await record(session, athlete)
        await workouts.delete_workout(
            session, athlete=athlete, workout_id=gone.workout_id, actor_id=athlete.athlete_id, now=NOW
        )
    document = json.loads(await accounts.exported(sessions, athlete, ExportFormat.JSON))
    assert [set(workout) for workout in document["workouts"]] == [{"id", "started_at", "time_zone", "sets"}]


@BOTH
async def test_what_is_written_meanwhile_is_no_part_of_it(
    sessions: Sessions, form: ExportFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE_ROWS", 1)
    athlete = await recorded(sessions)
    async with db.transaction(sessions) as session:
        await record(session, athlete)
    before = await accounts.exported(sessions, athlete, form)
    async with db.transaction(sessions) as session:
        pieces = exports.export(session, athlete, form, now=NOW)
        begin = await anext(pieces)
        async with db.transaction(sessions) as another:
            await record(another, athlete)
        rest = [piece async for piece in pieces]
    assert before == begin + b"".join(rest)
    assert len(rest) > 3


async def test_an_empty_account_has_an_export(sessions: Sessions) -> None:
    async with db.transaction(sessions) as session:
        athlete = await an_athlete(session, time_zone="Asia/Tokyo")
    document = json.loads(await accounts.exported(sessions, athlete, ExportFormat.JSON))
    assert document["settings"] == {"time_zone": "Asia/Tokyo", "mass_unit": "kg"}
    assert [document[name] for name in ("exercises", "merges", "items", "workouts")] == [[], [], [], []]


async def test_a_response_of_an_old_representation_is_exported_from_history(sessions: Sessions) -> None:
    athlete = await recorded(sessions, title="Legs")
    before = await accounts.exported(sessions, athlete, ExportFormat.JSON)
    async with db.transaction(sessions) as session:
        await (await raw(session)).execute("UPDATE workouts SET representation = 0, body = '\\x7b7d'")
    assert before == await accounts.exported(sessions, athlete, ExportFormat.JSON)
