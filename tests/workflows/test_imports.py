"""Imports, durably: over HTTP, in a process of their own, whole or not at all, and only once."""

import asyncio
import io
import json
import os
import signal
import zipfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs

from loadstone import imports as bringing
from loadstone.errors import Trouble
from models import ids
from models.db import DatabaseConfig
from models.readers import rows
from tests.databases import connected
from tests.factories import BACK_SQUAT
from tests.models.readers.test_loadstone_json import IDS, document
from tests.workflows.importing import Importer, an_api, an_importer, is_left, strong_log, versions
from tests.workflows.stage import Stage, eventually
from workflows import children
from workflows.bulk import Order

pytestmark = pytest.mark.timeout(120)
# Holds the source of a workout, so that an import that brings it must wait for this transaction.
HOLD = """
INSERT INTO workouts (athlete_id, id, started_at, performed_on, time_zone, source_app, source_key, data_version,
    create_digest, created_at, updated_at, representation)
VALUES ($1, $2, now(), current_date, 'UTC', 'strong', $3, 1000000, '', now(), now(), 1)
"""


@pytest.fixture
async def importer(stage: Stage) -> AsyncIterator[Importer]:
    """An athlete with files, an API to send them to, and a worker for them."""
    async with an_api(stage) as (client, held), stage.working():
        yield await an_importer(stage, client, held)


def processes() -> list[int]:
    """The processes that work on imports for this one."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            status = (folder / "status").read_text()
        except OSError:
            continue
        if b"workflows.bulk" in words and f"PPid:\t{os.getpid()}\n" in status:
            found.append(int(folder.name))
    return found


@asynccontextmanager
async def publishing_held(stage: Stage, importer: Importer) -> AsyncGenerator[str]:
    """An import of many workouts whose publishing waits, all but one workout written, until the block ends."""
    days = 600
    last = await key_of_day(stage, importer, days - 1)
    async with connected(stage.config.database.dsn) as connection:
        transaction: Any = connection.transaction()
        await transaction.start()
        await connection.execute(HOLD, importer.athlete.athlete_id, ids.new(), last)
        import_id = (await importer.upload(strong_log(range(days)), unit="kg")).json()["id"]
        await eventually(lambda: waits_for(stage, "COPY"), within_s=30)
        yield import_id
        await transaction.rollback()


async def key_of_day(stage: Stage, importer: Importer, day: int) -> str:
    """The source key of a day's workout, as another athlete's import shows it."""
    other = await another(stage, importer)
    await other.bring(strong_log(range(day, day + 1)), unit="kg")
    [row] = await stage.fetch("SELECT source_key FROM workouts WHERE athlete_id = $1", other.athlete.athlete_id)
    return row["source_key"]


async def another(stage: Stage, importer: Importer) -> Importer:
    """Another athlete at the same API."""
    resources = importer.held
    athlete = await stage.athlete()
    token = resources.tokens.issue(athlete.athlete_id, "athlete")
    return structs.replace(importer, athlete=athlete, token=token)


async def waits_for(stage: Stage, statement: str) -> bool:
    """Whether a statement that begins so waits for a lock."""
    found = await stage.fetch(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        " AND query LIKE $1 || '%'",
        statement,
    )
    return bool(found)


async def count(stage: Stage, importer: Importer, table: str = "workouts") -> int:
    [row] = await stage.fetch(
        f"SELECT count(*) AS found FROM {table} WHERE athlete_id = $1", importer.athlete.athlete_id
    )
    return row["found"]


def a_workout(day: int, load: float) -> dict[str, Any]:
    entry = {"exercise_id": BACK_SQUAT, "load": load, "load_unit": "kg", "reps": 5}
    return {"started_at": f"2025-01-{day:02}T17:00:00Z", "time_zone": "UTC", "sets": [entry]}


async def test_a_file_becomes_history_with_one_analysis(importer: Importer, stage: Stage) -> None:
    answer = await importer.upload(strong_log(range(3)), unit="kg", time_zone="Europe/Berlin")
    run = answer.json()
    assert (answer.status_code, run["kind"], run["trigger"], run["status"]) == (202, "import", "uploaded", "queued")
    assert answer.headers["location"].endswith(f"/runs/{run['id']}")
    assert f"/imports/{run['id']}>" in answer.headers["link"]
    imported = await importer.settled(run["id"])
    assert (imported["phase"], imported["run_status"]) == ("published", "succeeded")
    assert (imported["receipt"]["workouts"], imported["receipt"]["sets_recorded"]) == (3, 9)
    assert (await importer.workouts())[0]["started_at"] == "2024-01-01T18:00:00+01:00"
    assert await is_left(stage, run["id"], "import_chunks") == 0
    assert await versions(stage, importer.athlete) == [1, 2, 3]
    await stage.analysed(importer.athlete, 3)


async def test_an_import_asks_for_the_unit_and_goes_on_when_answered(importer: Importer, stage: Stage) -> None:
    asking = await importer.bring(strong_log(range(2)))
    assert (asking["phase"], asking["run_status"]) == ("asking", "waiting")
    assert asking["question"]["options"] == ["kg", "lb"]
    assert "distinct loads" in asking["question"]["evidence"]
    assert await importer.workouts() == []
    path = f"imports/{asking['id']}/answer"
    assert (await importer.ask("POST", path, json={"unit": "stone"})).status_code == 422
    assert (await importer.ask("POST", path, json={"unit": "lb"})).status_code == 200
    done = await importer.settled(asking["id"])
    assert (done["phase"], done["unit"]) == ("published", "lb")
    assert {entry["load_unit"] for found in await importer.workouts() for entry in found["sets"]} == {"lb"}
    assert (await importer.ask("POST", path, json={"unit": "kg"})).status_code == 409


async def test_a_file_that_is_no_log_is_refused_with_its_reason(importer: Importer, stage: Stage) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("strong.csv", strong_log(range(2)))
    for content, reason in (
        (archive.getvalue(), "zip"),
        (b"\x00\x01 nothing", ""),
        (b"a,b\n1,2\n", "Not a training log"),
    ):
        refused = await importer.bring(content)
        assert (refused["phase"], refused["run_status"], refused["receipt"]) == ("refused", "failed", None)
        assert reason.lower() in refused["problem"]["detail"].lower()
        for table in ("import_parts", "import_chunks"):
            assert await is_left(stage, refused["id"], table) == 0
    assert await count(stage, importer) == 0


async def test_what_breaks_a_rule_only_now_is_refused_with_that_rule(importer: Importer, stage: Stage) -> None:
    late = {"measured_at": "2999-01-01T10:00:00Z", "time_zone": "UTC", "kind": "bodyweight", "value": 80, "unit": "kg"}
    export = document(items=[{"kind": "measurement", "id": IDS[2], "record": late}])
    refused = await importer.bring(json.dumps(export).encode())
    assert "future" in refused["problem"]["detail"]
    assert (refused["problem"]["type"], await count(stage, importer)) == ("import-refused", 0)


async def test_a_file_that_no_reader_takes_is_not_even_stored(
    importer: Importer, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file := tmp_path / "log.csv").write_bytes(strong_log(range(3)))
    monkeypatch.setattr(rows, "MAX_FILE_BYTES", 100)
    order = bringing.Order(file=file, email=f"{importer.athlete.athlete_id}@example.org", time_zone=None, unit=None)
    with pytest.raises(Trouble, match="larger than"):
        await bringing.bring(order, stage.config.database)
    assert await count(stage, importer, "imports") == 0


async def test_killed_in_the_middle_of_publishing_it_is_all_or_nothing(importer: Importer, stage: Stage) -> None:
    async with publishing_held(stage, importer) as import_id:
        assert await count(stage, importer) == 0
        [killed] = processes()
        os.kill(killed, signal.SIGKILL)
        await eventually(lambda: is_another(killed))
        assert await count(stage, importer) == 0
    done = await importer.settled(import_id)
    assert (done["phase"], done["receipt"]["workouts"]) == ("published", 600)
    assert await versions(stage, importer.athlete) == list(range(1, 601))
    assert await count(stage, importer, "set_entries") == 1800


async def is_another(killed: int) -> bool:
    return any(pid != killed for pid in processes())


async def test_a_worker_that_stops_takes_its_process_along_and_the_next_one_finishes(stage: Stage) -> None:
    async with an_api(stage) as (client, held):
        importer = await an_importer(stage, client, held)
        async with stage.working():
            holding = publishing_held(stage, importer)
            import_id = await holding.__aenter__()
            [process] = processes()
        assert process not in processes()
        await holding.__aexit__(None, None, None)
        async with stage.working():
            done = await importer.settled(import_id, within_s=60)
    assert (done["phase"], await count(stage, importer)) == ("published", 600)


async def test_what_is_recorded_during_an_import_is_neither_lost_nor_counted_twice(
    importer: Importer, stage: Stage
) -> None:
    first = (await importer.ask("POST", "workouts", json=a_workout(1, 100))).json()
    import_id = (await importer.upload(strong_log(range(600)), unit="kg")).json()["id"]
    importing = asyncio.create_task(importer.settled(import_id))
    edited, made = first, 0
    while not importing.done():
        path, tag = f"workouts/{first['id']}", f'"{edited["data_version"]}-2"'
        answer = await importer.ask("PUT", path, json=a_workout(1, 100 + made % 500), headers={"if-match": tag})
        assert answer.status_code == 200, answer.text
        edited, made = answer.json(), made + 1
    assert (await importing)["phase"] == "published"
    assert edited["sets"][0]["load"] == 100 + (made - 1) % 500
    assert await versions(stage, importer.athlete) == list(range(1, 1 + made + 600 + 1))
    [clock] = await stage.fetch(
        "SELECT data_version FROM athlete_clocks WHERE athlete_id = $1", importer.athlete.athlete_id
    )
    assert clock["data_version"] == made + 601


async def test_a_later_export_adds_only_what_is_new_and_the_deleted_stays_deleted(
    importer: Importer, stage: Stage
) -> None:
    await importer.bring(strong_log(range(3)), unit="kg")
    [_, second, _] = await importer.workouts()
    assert (await importer.ask("DELETE", f"workouts/{second['id']}")).status_code == 204
    later = await importer.bring(strong_log(range(5)), unit="kg")
    assert (later["receipt"]["workouts"], later["receipt"]["workouts_already_present"]) == (2, 3)
    assert [found["title"] for found in await importer.workouts()] == ["Day 0", "Day 2", "Day 3", "Day 4"]
    again = await importer.bring(strong_log(range(5)), unit="kg")
    assert (again["receipt"]["sets_recorded"], await count(stage, importer)) == (0, 5)


async def test_two_imports_of_one_athlete_at_once_record_each_workout_once(importer: Importer, stage: Stage) -> None:
    answers = await asyncio.gather(
        importer.upload(strong_log(range(300)), unit="kg"), importer.upload(strong_log(range(150, 450)), unit="kg")
    )
    ended = [await importer.settled(answer.json()["id"]) for answer in answers]
    assert [found["phase"] for found in ended] == ["published", "published"]
    assert sum(found["receipt"]["workouts"] for found in ended) == 450
    assert await versions(stage, importer.athlete) == list(range(1, 451))


async def test_a_corrected_unit_leaves_what_was_edited(importer: Importer, stage: Stage) -> None:
    imported = await importer.bring(strong_log(range(3)), unit="kg")
    [first, *_] = await importer.workouts()
    tag = f'"{first["data_version"]}-2"'
    answer = await importer.ask("PUT", f"workouts/{first['id']}", json=a_workout(1, 80), headers={"if-match": tag})
    assert answer.status_code == 200
    corrected = await importer.change(imported["id"], "unit", json={"unit": "lb"})
    assert corrected["outcome"] == {
        "kind": "unit_corrected", "run_id": corrected["outcome"]["run_id"], "unit": "lb", "corrected": 2,
        "kept_edited": [first["id"]], "kept_deleted": [], "kept_too_heavy": [],
    }  # fmt: skip
    found = {workout["id"]: workout["sets"][0] for workout in await importer.workouts()}
    assert found.pop(first["id"])["load_unit"] == "kg"
    assert {(entry["load"], entry["load_unit"]) for entry in found.values()} == {(60, "lb")}
    assert await versions(stage, importer.athlete) == [1, 2, 3, 4, 5, 6]
    await stage.analysed(importer.athlete, 6)


async def test_an_undone_import_may_come_again(importer: Importer, stage: Stage) -> None:
    content = strong_log(range(3))
    imported = await importer.bring(content, unit="kg")
    [first, *_] = await importer.workouts()
    tag = f'"{first["data_version"]}-2"'
    await importer.ask("PUT", f"workouts/{first['id']}", json=a_workout(1, 80), headers={"if-match": tag})
    undone = await importer.change(imported["id"], "undo")
    assert (undone["phase"], undone["outcome"]["removed"]) == ("undone", 2)
    assert undone["outcome"]["kept_edited"] == [first["id"]]
    assert [found["id"] for found in await importer.workouts()] == [first["id"]]
    again = await importer.bring(content, unit="kg")
    assert (again["receipt"]["workouts"], again["receipt"]["workouts_already_present"]) == (2, 1)
    assert await versions(stage, importer.athlete) == list(range(1, 9))


async def test_a_file_that_kills_its_process_again_and_again_is_refused(
    importer: Importer, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def starved(database: DatabaseConfig, athlete_id: UUID, job: Any) -> Order:
        order = Order(database=database, athlete_id=athlete_id, job=job, parent_pid=os.getpid())
        return structs.replace(order, memory_bytes=16 * 1024 * 1024)

    monkeypatch.setattr(children, "order", starved)
    monkeypatch.setattr(children, "PAUSE_S", 0.01)
    refused = await importer.bring(strong_log(range(3)), unit="kg")
    assert (refused["phase"], refused["run_status"]) == ("refused", "failed")
    assert refused["problem"]["detail"] == children.DIED
    assert await count(stage, importer) == 0
