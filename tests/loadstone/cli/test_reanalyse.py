"""`loadstone reanalyse`: asks with rows alone, shows how far it is, and says in a sentence what is wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from loadstone.cli import main
from models import db, ids
from models.db import DatabaseConfig
from tests.databases import run
from tests.factories import an_athlete


class Operator:
    """Somebody at a terminal, and an athlete of the database that they look after."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.athlete_id = ids.new()
        run(self._make())

    async def _make(self) -> None:
        engine = db.engine(DatabaseConfig(dsn=self.dsn, pool_size=1))
        async with db.transaction(db.sessions(engine)) as session:
            self.athlete_id = (await an_athlete(session)).athlete_id
        await engine.dispose()

    def reanalyse(self, *options: str) -> Result:
        environment = {"LOADSTONE_ENV": "test", "LOADSTONE_DATABASE_DSN": self.dsn}
        return CliRunner().invoke(main, ["reanalyse", *options], env=environment)


@pytest.fixture
def operator(new_database: Callable[[], str]) -> Operator:
    return Operator(new_database())


def test_it_queues_a_reanalysis_of_everybody_and_goes_its_way(operator: Operator) -> None:
    result = operator.reanalyse("--json")
    assert result.exit_code == 0, result.output
    view = json.loads(result.stdout)
    assert (view["status"], view["steps"], view["athletes_named"], view["trigger"]) == (
        "queued", None, None, "requested"
    )  # fmt: skip
    shown = operator.reanalyse("--status")
    assert view["id"] in shown.output
    assert "queued" in shown.output


def test_athletes_and_steps_are_named(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "athletes.txt"
    file.write_text(f"{operator.athlete_id}\n\n")
    listed = operator.reanalyse("--athletes", str(operator.athlete_id), "--step", "recommend", "--json")
    from_file = operator.reanalyse("--athletes-file", str(file), "--step", "recommend", "--json")
    view = json.loads(listed.stdout)
    assert (view["steps"], view["athletes_named"]) == (["recommend"], 1)
    assert json.loads(from_file.stdout)["id"] == view["id"]


def test_what_waits_is_cancelled_at_once_and_only_once(operator: Operator) -> None:
    run_id = json.loads(operator.reanalyse("--json").stdout)["id"]
    cancelled = operator.reanalyse("--cancel", run_id, "--json")
    assert json.loads(cancelled.stdout)["status"] == "cancelled"
    again = operator.reanalyse("--cancel", run_id)
    assert (again.exit_code, "has ended already" in again.output) == (1, True)


def test_what_is_wrong_is_said_in_a_sentence(operator: Operator) -> None:
    stranger, nothing = str(ids.new()), str(UUID(int=0))
    for options, words, code in (
        (("--step", "progres"), "no step progres. It has: progress", 1),
        (("--athletes", stranger), f"There is no athlete {stranger}", 1),
        (("--athletes", "somebody"), "somebody is no id", 2),
        (("--athletes", ","), "At least one athlete", 1),
        (("--status", nothing), f"There is no reanalysis {nothing}", 1),
        (("--status",), "There was no reanalysis yet", 1),
        (("--cancel", nothing), f"There is no reanalysis {nothing}", 1),
    ):
        result = operator.reanalyse(*options)
        assert (result.exit_code, words in " ".join(result.output.split())) == (code, True), result.output
