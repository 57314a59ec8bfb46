"""`loadstone export`: a whole file or none, which `loadstone import` reads."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from loadstone.cli import main
from loadstone.cli.importing import import_log
from models import db, ids
from models.db import DatabaseConfig
from models.services import workouts
from tests.databases import run
from tests.factories import NOW, a_workout, an_athlete


class Account:
    """An account with a workout, in a database of its own."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.email = ""
        run(self._make())

    async def _make(self) -> None:
        engine = db.engine(DatabaseConfig(dsn=self.dsn, pool_size=1))
        async with db.transaction(db.sessions(engine)) as session:
            athlete = await an_athlete(session)
            await workouts.record_workout(
                session, a_workout(), athlete=athlete, workout_id=ids.new(), actor_id=athlete.athlete_id, now=NOW
            )
        await engine.dispose()
        self.email = f"{athlete.athlete_id}@example.org"

    def export(self, *options: str, email: str | None = None) -> Result:
        words = ["export", "--athlete", email or self.email, *options]
        return CliRunner().invoke(main, words, env={"LOADSTONE_ENV": "test", "LOADSTONE_DATABASE_DSN": self.dsn})


@pytest.fixture(scope="module")
def account(new_database: Callable[[], str]) -> Account:
    return Account(new_database())


def test_it_is_printed_as_json_unless_told_otherwise(account: Account) -> None:
    result = account.export()
    assert result.exit_code == 0, result.output
    assert len(json.loads(result.stdout_bytes)["workouts"]) == 1


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_file_that_it_writes_can_be_imported(account: Account, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"mine.{form}"
    assert account.export("--format", form, "--output", str(file)).exit_code == 0
    receipt = json.loads(CliRunner().invoke(import_log, [str(file), "--dry-run", "--json"]).stdout)
    assert (receipt["format"], receipt["workouts"], receipt["sets_recorded"]) == ("loadstone", 1, 2)
    assert receipt["rejected"] == []


def test_an_unknown_account_leaves_no_file(account: Account, tmp_path: Path) -> None:
    result = account.export("--output", str(tmp_path / "mine.json"), email="nobody@example.org")
    assert (result.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "There is no account" in result.output
