"""The workbench: the function and the loader of production, nothing written, and the same numbers from a snapshot."""

import asyncio
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import asyncpg
import msgspec
import pytest

from loadstone.errors import Trouble
from loadstone.settings import Settings
from loadstone.workbench import Workbench, read
from models import db
from models.db import DatabaseConfig, Direct, raw
from models.domain.bounds import FIRST_CUSTOM_EXERCISE_ID
from models.domain.errors import Conflict, NotFound
from models.queries.visibility import system
from tests.databases import connected, run
from tests.lifters import AS_OF, NOTE, OWN, TITLE, lifters
from workflows.steps import STEPS, runner
from workflows.steps.workbench import Result

PROGRESS = STEPS[0]
# A pseudonym, and the day of an estimator's backtest, which is no day of the athlete's.
FIXED = {"workout_id", "measured_on"}
DATE, OWN_NAMES = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(rf"{OWN}|Custom exercise \d")


class Gym:
    """A database with two lifters."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.ids = lifters(dsn)
        self.bench = Workbench(chosen=Settings(database_dsn=dsn))


@pytest.fixture(scope="module")
def gym(new_database: Callable[[], str]) -> Gym:
    return Gym(new_database())


def production(dsn: str, athlete_id: UUID, name: str) -> runner.Output:
    """What the worker computes."""
    found: list[runner.Output] = []

    async def compute() -> None:
        engine = db.engine(DatabaseConfig(dsn=dsn, pool_size=1))
        step = next(step for step in STEPS if step.name == name)
        async with db.direct(engine, transaction=True) as session:
            _, output = await runner.run(session, step, system(athlete_id), as_of=AS_OF)
        found.append(output)
        await engine.dispose()

    run(compute())
    return found[0]


@pytest.mark.parametrize("name", [step.name for step in STEPS if step.reads == ("history",)])
def test_a_step_gives_what_the_worker_computes(gym: Gym, name: str) -> None:
    [ran] = gym.bench.run(name, athlete=gym.ids[0], as_of=AS_OF).ran
    assert ran.output == production(gym.dsn, gym.ids[0], name)
    assert ran.inputs.data_version > 0


def test_structs_frames_and_training_are_at_hand(gym: Gym) -> None:
    result = gym.bench.run("progress", athlete=str(gym.ids[0]), as_of=AS_OF)
    progress: Any = result.documents["progress"]
    assert progress.as_of == AS_OF
    assert result.frames["progress.weekly"].height == len(progress.weekly) == 7
    assert result.training.workouts.height == progress.sessions == 14


def test_an_address_names_the_athlete_and_today_is_theirs(gym: Gym) -> None:
    [ran] = gym.bench.run("progress", athlete=f"{gym.ids[0]}@example.org").ran
    assert ran.athlete == str(gym.ids[0])
    assert abs(ran.as_of - date.today()) <= timedelta(days=1)  # noqa: DTZ011 - a day off at most, in any zone


def test_a_sample_is_the_same_every_time(gym: Gym) -> None:
    results = [gym.bench.run("progress", sample=2, as_of=AS_OF) for _ in range(2)]
    assert [ran.athlete for ran in results[0].ran] == [ran.athlete for ran in results[1].ran]
    assert {ran.athlete for ran in results[0].ran} == {str(athlete) for athlete in gym.ids}
    assert gym.bench.athletes(1)[0] == UUID(results[0].ran[0].athlete)
    with pytest.raises(Conflict, match="ran on 2 athletes"):
        _ = results[0].documents


def test_it_runs_beside_a_running_loop(gym: Gym) -> None:
    async def notebook() -> Result:
        return gym.bench.run("progress", athlete=gym.ids[0], as_of=AS_OF)

    assert len(asyncio.run(notebook()).ran) == 1


def test_its_transaction_cannot_write(gym: Gym) -> None:
    async def write(session: Direct) -> None:
        await (await raw(session)).execute("DELETE FROM workouts")

    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        asyncio.run(read(DatabaseConfig(dsn=gym.dsn), write))


def test_running_everything_leaves_the_database_as_it_was(gym: Gym, tmp_path: Path) -> None:
    before = content(gym.dsn)
    for step in STEPS:
        if step.reads == ("history",):
            gym.bench.run(step.name, sample=2)
    gym.bench.write_snapshot(tmp_path / "new", sample=2)
    assert content(gym.dsn) == before
    assert before["workouts"] == 28


def test_strangers_and_half_said_orders_are_refused(gym: Gym) -> None:
    for stranger in (UUID(int=5), "nobody@example.org", "nobody"):
        with pytest.raises(NotFound):
            gym.bench.run("progress", athlete=stranger)
    with pytest.raises(Trouble):
        gym.bench.run("progress")
    with pytest.raises(Trouble):
        gym.bench.run("progress", athlete=gym.ids[0], sample=1)


def test_a_step_that_breaks_names_the_athlete(gym: Gym) -> None:
    def broken(*_: Any) -> Any:
        raise KeyError("volume")

    bench = Workbench(
        chosen=Settings(database_dsn=gym.dsn), steps=(msgspec.structs.replace(PROGRESS, function=broken),)
    )
    with pytest.raises(KeyError) as caught:
        bench.run("progress", athlete=gym.ids[0])
    assert str(gym.ids[0]) in caught.value.__notes__[0]


@pytest.mark.parametrize("name", [step.name for step in STEPS if step.reads == ("history",)])
def test_a_snapshot_gives_the_same_numbers(gym: Gym, tmp_path: Path, name: str) -> None:
    gym.bench.write_snapshot(tmp_path / "new", athletes=gym.ids, as_of=AS_OF)
    real = gym.bench.run(name, sample=2, as_of=AS_OF)
    away = Workbench(snapshot=tmp_path / "new").run(name)
    assert numbers(real) == numbers(away)
    assert len(numbers(real)) == 2


def test_a_snapshot_tells_no_names_and_no_notes(gym: Gym, tmp_path: Path) -> None:
    gym.bench.write_snapshot(tmp_path / "new", athletes=gym.ids, as_of=AS_OF)
    written = b"".join(path.read_bytes() for path in (tmp_path / "new").iterdir())
    frames = Workbench(snapshot=tmp_path / "new").run("progress").ran[0].training
    written += str([frames.exercises.to_dicts(), frames.workouts.to_dicts(), frames.athletes.to_dicts()]).encode()
    for secret in (OWN, NOTE, TITLE, "1993", *(str(athlete) for athlete in gym.ids)):
        assert secret.encode() not in written


def test_an_athlete_of_a_snapshot_is_named_by_the_pseudonym(gym: Gym, tmp_path: Path) -> None:
    gym.bench.write_snapshot(tmp_path / "new", sample=2)
    away = Workbench(snapshot=tmp_path / "new")
    [first, second] = [ran.athlete for ran in away.run("progress").ran]
    assert [ran.athlete for ran in away.run("progress", athlete=second).ran] == [second]
    assert [ran.athlete for ran in away.run("progress", sample=1).ran] == [first]
    with pytest.raises(NotFound):
        away.run("progress", athlete=str(gym.ids[0]))
    with pytest.raises(Trouble, match="no day is common"):
        away.run("progress", as_of=AS_OF)


def test_a_step_that_reads_documents_does_not_run_on_a_snapshot(gym: Gym, tmp_path: Path) -> None:
    gym.bench.write_snapshot(tmp_path / "new", sample=1)
    with pytest.raises(Conflict, match="a snapshot does not hold"):
        Workbench(snapshot=tmp_path / "new").run("summarise")


def numbers(result: Result) -> list[str]:
    """A digest of each athlete's documents, with dates as days before `as_of`, and without pseudonyms and names."""
    return sorted(runner.digest(_neutral(msgspec.to_builtins(dict(ran.documents)), ran.as_of)) for ran in result.ran)


def _neutral(value: Any, as_of: date) -> Any:
    if isinstance(value, list | tuple):
        entries: list[Any] = list(cast(Any, value))
        return [_neutral(entry, as_of) for entry in entries]
    if isinstance(value, dict):
        fields: dict[str, Any] = cast(Any, value)
        return {_text(key, as_of): _neutral(fields[key], as_of) for key in fields if key not in FIXED}
    return _text(value, as_of) if isinstance(value, str) else "own" if _is_own(value) else value


def _text(text: str, as_of: date) -> str:
    """Text with the days from its dates, and one name for every own exercise."""
    days = DATE.sub(lambda found: f"{(as_of - date.fromisoformat(found[0])).days} days ago", text)
    return "own" if days.isdecimal() and _is_own(int(days)) else OWN_NAMES.sub("own", days)


def _is_own(value: object) -> bool:
    return isinstance(value, int) and value in range(FIRST_CUSTOM_EXERCISE_ID, FIRST_CUSTOM_EXERCISE_ID + 100)


def content(dsn: str) -> dict[str, int]:
    """How many rows each table has."""
    found: dict[str, int] = {}

    async def count() -> None:
        async with connected(dsn) as connection:
            for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
                name = row["tablename"]
                found[name] = await connection.fetchval(f"SELECT count(*) FROM {name}")

    run(count())
    return found
