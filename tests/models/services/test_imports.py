"""Importing a log: once, whole, and never again what the athlete had or deleted."""

import io
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import readers
from models.domain import catalogue
from models.domain.errors import Conflict, Invalid, NotFound
from models.domain.imports import ImportPhase, ImportStep
from models.domain.runs import RunStatus
from models.domain.units import MassUnit
from models.queries import imports as queries
from models.readers import matching, parsed
from models.readers.parsed import ParsedLog
from models.services import import_jobs, import_publishing, import_staging, imports, workouts
from models.services.runs import Problem
from tests.factories import NOW, an_athlete
from tests.models.readers.test_loadstone_json import document, read
from tests.models.services.importing import do, do_step, import_log, receipt, recorded, rows, upload

SAMPLES = Path(__file__).parents[2] / "samples"
HEADER = b"Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
UNDECIDED = HEADER + b'2024-03-01 18:00:00,"A",41m,"Squat",1,60,5,0,0,,,\n'


def sample(name: str = "strong_numbered.csv") -> ParsedLog:
    return readers.read(SAMPLES / name, time_zone="UTC")


def undecided(unit: MassUnit | None = None) -> ParsedLog:
    return readers.read(io.BytesIO(UNDECIDED), time_zone="UTC", unit=unit)


async def test_what_the_receipt_counts_is_stored(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    told = await recorded(session, athlete, sample())
    stored = await rows(
        session, athlete, "performed_on, position, exercise_id, load_g, reps, distance_mm", "set_entries"
    )
    assert (told.workouts, told.sets_recorded, told.adds_up()) == (2, 3, True)
    assert [row[2:] for row in stored] == [(7301, None, None, 1_272_000), (1000, 61_235, 8, None), (1900, 0, 12, None)]


async def test_importing_again_adds_nothing(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    await recorded(session, athlete, sample())
    before = await rows(session, athlete, "data_version, changed_at", "athlete_clocks")
    again = await recorded(session, athlete, sample())
    assert (again.workouts, again.sets_recorded, again.non_set_rows) == (0, 0, {"already_present": 3})
    assert again.workouts_already_present == 2
    assert again.adds_up()
    assert before == await rows(session, athlete, "data_version, changed_at", "athlete_clocks")


async def test_every_row_has_a_version_of_its_own_and_the_import_wakes_once(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    lines = b'2024-03-02 18:00:00,"A",41m,"Log Lift",1,60,5,0,0,,,\n'
    log = readers.read(io.BytesIO(UNDECIDED + lines), time_zone="UTC", unit=MassUnit.KG)
    imported = await import_log(session, athlete, log)
    workouts_at = await rows(session, athlete, "data_version, import_version, import_id", "workouts")
    exercises_at = await rows(session, athlete, "data_version, action", "exercise_revisions")
    assert [row[0] for row in exercises_at] == [1]
    assert workouts_at == [(2, 2, imported.id), (3, 3, imported.id)]
    assert await rows(session, athlete, "data_version, changed_at", "athlete_clocks") == [(3, NOW)]
    topics = await rows(session, athlete, "topic, payload IS NULL", "outbox")
    assert topics == [("athlete.changed", True), ("import.requested", False)]


async def test_what_the_athlete_deleted_stays_deleted(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    await recorded(session, athlete, sample())
    [first, _] = await rows(session, athlete, "started_at, id", "workouts")
    await workouts.delete_workout(session, athlete=athlete, workout_id=first[1], actor_id=athlete.athlete_id, now=NOW)
    again = await recorded(session, athlete, sample())
    assert (again.workouts, again.workouts_already_present) == (0, 2)
    assert [row[0] for row in await rows(session, athlete, "deleted_at IS NULL, id", "workouts")] == [False, True]


async def test_what_was_recorded_here_and_deleted_is_not_brought_back_by_an_export(session: AsyncSession) -> None:
    athlete, export = await an_athlete(session), read(document())
    await recorded(session, athlete, export)
    [[_, workout_id]] = await rows(session, athlete, "source_app, id", "workouts")
    await workouts.delete_workout(session, athlete=athlete, workout_id=workout_id, actor_id=athlete.athlete_id, now=NOW)
    again = await recorded(session, athlete, export)
    assert (again.workouts, again.workouts_already_present) == (0, 1)
    assert [row[0] for row in await rows(session, athlete, "deleted_at IS NULL, id", "workouts")] == [False]


@pytest.mark.parametrize(
    ("bound", "reason"),
    [("MOST_WORKOUTS", "workouts"), ("MOST_NAMES", "different exercises"), ("MOST_REMARKS", "rows to reject")],
)
def test_a_file_beyond_all_measure_is_refused(bound: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "".join(
        f'2024-03-0{day} 18:00:00,"A",41m,"Lift {day}",1,60,{reps},0,0,,,\n' for day in (1, 2) for reps in (5, "five")
    )
    log = readers.read(io.BytesIO(HEADER + lines.encode()), time_zone="UTC", unit=MassUnit.KG)
    assert (len(log.workouts), len(log.rejected)) == (2, 2)
    monkeypatch.setattr(import_staging, bound, 2)
    assert import_staging.usable(log, now=NOW).rejected == log.rejected
    monkeypatch.setattr(import_staging, bound, 1)
    with pytest.raises(Invalid, match=f"up to 1, and this one has 2 {reason}"):
        import_staging.usable(log, now=NOW)


async def test_what_names_mean_is_found_before_the_clock_is_held(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    athlete, events = await an_athlete(session), list[str]()
    import_id = await upload(session, athlete)
    job = await import_jobs.begin(session, athlete, import_id, now=NOW)
    assert job is not None
    await do_step(session, athlete, job, log=sample())
    publication, finder = import_publishing.Publication, matching.Matcher(catalogue.load())
    begin = publication.begin

    async def noted(self: import_publishing.Publication, head: import_staging.Head) -> None:
        events.append("clock")
        await begin(self, head)

    def find(name: str, *_: object) -> matching.Found:
        events.append(name)
        return finder.match(name)

    monkeypatch.setattr(publication, "begin", noted)
    monkeypatch.setattr(matching, "match", find)
    await do(session, athlete, import_id)
    names = parsed.exercise_names(sample())
    assert sorted(events[: events.index("clock")]) == names


async def test_the_same_file_in_another_zone_is_another_question(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    import_id = await upload(session, athlete)
    await do(session, athlete, import_id, log=undecided())
    digest = sha256(b"a file").digest()
    for zone, found in ((None, import_id), ("UTC", import_id), ("Asia/Tokyo", None)):
        assert await queries.find_asking(session, athlete, digest, time_zone=zone) == found


async def test_a_file_name_that_is_no_text_is_kept_as_far_as_it_is(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    order = imports.Upload(file_name="a\0/l\udcf6g.csv", size_bytes=1, sha256=b"", time_zone="UTC", unit=None)
    by = athlete.athlete_id
    import_id = await imports.upload(session, io.BytesIO(b"x"), order, athlete=athlete, requested_by=by, now=NOW)
    assert (await queries.get_import(session, athlete, import_id)).file_name == "l?g.csv"


async def test_unknown_names_become_the_athletes_own_exercises_once(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    lines = "".join(
        f'2024-03-0{day} 18:00:00,"A",41m,"{name}",1,60,5,0,0,,,\n'
        for day, name in ((1, "Log Lift"), (2, "log lift"), (3, "Back Squat"))
    )
    log = readers.read(io.BytesIO(HEADER + lines.encode()), time_zone="UTC", unit=MassUnit.KG)
    await recorded(session, athlete, log)
    stored = await rows(session, athlete, "performed_on, exercise_id", "set_entries")
    first, second, third = (row[1] for row in stored)
    assert first == second
    assert third == 100


async def test_a_log_without_a_known_unit_asks_and_goes_on_when_answered(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    import_id = await upload(session, athlete)
    assert await do(session, athlete, import_id, log=undecided()) == [ImportStep.READ]
    asking = await queries.get_import(session, athlete, import_id)
    assert (asking.phase, asking.run_status, asking.receipt) == (ImportPhase.ASKING, RunStatus.WAITING, None)
    assert asking.question is not None
    assert (asking.question.field, asking.question.options) == ("unit", ("kg", "lb"))
    await imports.answer(session, athlete, import_id, unit=MassUnit.LB, now=NOW)
    steps = await do(session, athlete, import_id, log=undecided(MassUnit.LB))
    assert steps == [ImportStep.READ, ImportStep.PUBLISH]
    done = await queries.get_import(session, athlete, import_id)
    assert (done.phase, done.unit, receipt(done).sets_recorded) == (ImportPhase.PUBLISHED, MassUnit.LB, 1)
    with pytest.raises(Conflict):
        await imports.answer(session, athlete, import_id, unit=MassUnit.KG, now=NOW)


async def test_a_step_that_is_done_twice_changes_nothing_the_second_time(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    import_id = await upload(session, athlete)
    done: list[import_jobs.Job] = []
    while (job := await import_jobs.begin(session, athlete, import_id, now=NOW)) is not None:
        for _ in range(2):
            await do_step(session, athlete, job, log=sample())
        done.append(job)
    for job in done:
        await do_step(session, athlete, job, log=sample())
    assert len(await rows(session, athlete, "id, data_version", "workouts")) == 2
    assert (await queries.get_import(session, athlete, import_id)).run_status is RunStatus.SUCCEEDED


async def test_of_a_cancelled_import_nothing_is_kept(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    import_id = await upload(session, athlete)
    job = await import_jobs.begin(session, athlete, import_id, now=NOW)
    assert job is not None
    await do_step(session, athlete, job, log=sample())
    assert len(await rows(session, athlete, "position, workouts", "import_chunks")) == 2
    await imports.cancel(session, athlete, import_id, now=NOW)
    assert await do(session, athlete, import_id, log=sample()) == []
    for table in ("import_chunks", "import_parts"):
        assert await rows(session, athlete, "position, import_id", table) == []
    assert (await queries.get_import(session, athlete, import_id)).run_status is RunStatus.CANCELLED
    with pytest.raises(Conflict):
        await imports.cancel(session, athlete, import_id, now=NOW)


async def test_a_refused_import_keeps_its_reason_and_no_piece_of_the_file(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    import_id = await upload(session, athlete, b"not a log")
    problem = Problem(type="import-refused", title="No", detail="Not a log.")
    await import_jobs.begin(session, athlete, import_id, now=NOW)
    for _ in range(2):
        await import_jobs.fail(session, athlete, import_id, import_id, problem, now=NOW)
    refused = await queries.get_import(session, athlete, import_id)
    assert (refused.phase, refused.run_status) == (ImportPhase.REFUSED, RunStatus.FAILED)
    assert refused.problem is not None
    assert refused.problem["detail"] == "Not a log."
    assert await rows(session, athlete, "position, import_id", "import_parts") == []


async def test_a_file_is_kept_in_pieces(session: AsyncSession) -> None:
    athlete = await an_athlete(session)
    content = bytes(range(256)) * 4096 + b"tail"
    import_id = await upload(session, athlete, content)
    pieces = [piece async for piece in queries.parts(session, athlete, import_id)]
    assert [len(piece) for piece in pieces] == [1024 * 1024, 4]
    assert b"".join(pieces) == content


async def test_a_strange_zone_is_invalid_and_a_strange_import_not_found(session: AsyncSession) -> None:
    athlete, other = await an_athlete(session), await an_athlete(session)
    import_id = await upload(session, athlete)
    with pytest.raises(NotFound):
        await imports.cancel(session, other, import_id, now=NOW)
    order = imports.Upload(file_name=None, size_bytes=1, sha256=b"", time_zone="Mars", unit=None)
    with pytest.raises(Invalid, match="time_zone"):
        await imports.upload(
            session, io.BytesIO(b"x"), order, athlete=athlete, requested_by=athlete.athlete_id, now=NOW
        )


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.*")))
async def test_every_sample_is_stored_whole(session: AsyncSession, name: str) -> None:
    athlete = await an_athlete(session)
    log = readers.read(SAMPLES / name, time_zone="Europe/Berlin", undecided_unit=MassUnit.KG)
    told = await recorded(session, athlete, log)
    assert told.sets_recorded == len(await rows(session, athlete, "workout_id, position", "set_entries"))
    assert told.adds_up()
