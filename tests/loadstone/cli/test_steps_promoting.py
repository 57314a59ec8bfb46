"""`loadstone steps diff`, `promote`, `rerun`, `verify`: the way of a new version, in sentences and exit codes."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result
from msgspec import structs

import workflows.steps
from analytics.progress import ProgressParams
from loadstone import settings
from loadstone.cli import main
from loadstone.cli.steps import diff, promote
from loadstone.settings import Settings
from models import db, ids
from models.db import DatabaseConfig
from tests.databases import run
from tests.lifters import lifters
from workflows.steps import STEPS
from workflows.steps.progress import progress_v3

PROGRESS_V4 = structs.replace(progress_v3, version=4, params=ProgressParams(daily_days=7))
PROGRESS_V5 = structs.replace(progress_v3, version=5)


class Desk:
    """A data scientist's: a database with two lifters, and a working tree with versions of progress to come."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self.dsn, self.folder = dsn, folder
        self.athletes = [str(athlete) for athlete in lifters(dsn)]
        self.environment = settings.to_environment(Settings(env="test", database_dsn=dsn, state=folder))

    def steps(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["steps", *words], env={"LOADSTONE_ENV": "test", **self.environment})

    def fetch(self, statement: str) -> list[Any]:
        found: list[Any] = []

        async def fetch() -> None:
            engine = db.engine(DatabaseConfig(dsn=self.dsn, pool_size=1))
            try:
                async with db.direct(engine, transaction=False) as session:
                    found.extend(await session.driver.fetch(statement))
            finally:
                await engine.dispose()

        run(fetch())
        return found

    def active(self) -> int:
        [row] = self.fetch("SELECT version FROM pipelines WHERE step = 'progress'")
        return row["version"]


@pytest.fixture
def desk(new_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    known: Sequence[Any] = (*STEPS, PROGRESS_V4, PROGRESS_V5)
    for module in (diff, promote):
        monkeypatch.setattr(module, "STEPS", known)
    return Desk(new_database(), tmp_path / "state")


def test_a_diff_tells_a_difference_by_its_exit_code_and_saves_it(desk: Desk) -> None:
    done = desk.steps("diff", "progress@4", "--sample", "5")
    assert done.exit_code == 1, done.output
    assert "2 compared, 2 changed, 0 failed" in done.output
    assert "daily_days 365 → 7" in done.output
    folder = desk.folder / "diffs" / "progress@4"
    changes = pl.read_parquet(folder / "changes.parquet")
    assert set(changes.get_column("athlete")) == set(desk.athletes)
    assert (folder / "report.html").read_text().startswith("<!doctype html>")
    assert json.loads((folder / "diff.json").read_text())["figures"]["changed"] == 2
    assert desk.fetch("SELECT id FROM step_diffs") == []


def test_no_difference_is_exit_code_0_and_a_mistake_2(desk: Desk, tmp_path: Path) -> None:
    same = desk.steps("diff", "progress@3", "progress@5", "--athletes", desk.athletes[0])
    assert (same.exit_code, "1 compared, 0 changed" in same.output) == (0, True)
    for mistake in (
        ("diff", "progress@9"),
        ("diff", "progress@3", "recommend@3"),
        ("diff", "progress", "--store"),
        ("diff", "progress", "--from", str(tmp_path)),
        ("diff", "progress@4", "--athletes", str(ids.new()), "--store", "--sample", "3"),
        ("diff", "progress@4", "--from", str(tmp_path)),
    ):
        failed = desk.steps(*mistake)
        assert (failed.exit_code, "Traceback" in failed.output) == (2, False), failed.output
    assert not (desk.folder / "diffs" / "progress@9").exists()


def test_without_what_draws_there_are_figures_but_nothing_to_store(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for drawn in ("report", "diff_charts"):
        monkeypatch.delitem(sys.modules, f"workflows.steps.{drawn}", raising=False)
        monkeypatch.delattr(workflows.steps, drawn, raising=False)
    monkeypatch.setitem(sys.modules, "altair", None)
    done = desk.steps("diff", "progress@4")
    assert (done.exit_code, "loadstone[workbench]" in done.output) == (1, True)
    assert not (desk.folder / "diffs" / "progress@4" / "report.html").exists()
    refused = desk.steps("diff", "progress@4", "--store")
    assert (refused.exit_code, "loadstone[workbench]" in refused.output) == (2, True)
    assert desk.fetch("SELECT id FROM step_diffs") == []


def test_where_nothing_can_be_compared_is_exit_code_2_with_the_reason(desk: Desk) -> None:
    found = desk.steps("diff", "balance", "--athletes", desk.athletes[0])
    assert found.exit_code == 2
    assert "recorded nothing yet" in found.output
    assert "Nothing could be compared" in found.output


def test_a_snapshot_is_compared_on(desk: Desk, tmp_path: Path) -> None:
    folder = str(tmp_path / "snapshot")
    assert desk.steps("snapshot", "--sample", "2", "--output", folder).exit_code == 0
    done = desk.steps("diff", "progress@3", "progress@4", "--from", folder)
    assert (done.exit_code, "2 athletes of the snapshot snapshot" in done.output) == (1, True)


def test_a_version_is_promoted_after_its_diff_and_taken_back_by_the_same_command(desk: Desk) -> None:
    refused = desk.steps("promote", "progress@4")
    assert refused.exit_code == 1
    assert "loadstone steps diff progress@4 --sample 40 --store" in refused.output
    stored = desk.steps("diff", "progress@4", "--store")
    assert "loadstone steps promote progress@4" in stored.output
    promoted = desk.steps("promote", "progress@4")
    assert promoted.exit_code == 0, promoted.output
    assert "Back: loadstone steps promote progress@3" in promoted.output
    assert "loadstone reanalyse --status" in promoted.output
    assert desk.active() == 4
    assert desk.steps("promote", "progress@3").exit_code == 0
    assert desk.active() == 3
    moves = desk.fetch("SELECT from_version, to_version, population_run_id FROM promotions ORDER BY promoted_at, id")
    assert [(row["from_version"], row["to_version"]) for row in moves] == [(3, 4), (4, 3)]
    assert all(row["population_run_id"] is not None for row in moves)
    [report] = desk.fetch("SELECT report, athletes, athletes_changed, to_code FROM step_diffs")
    assert report["report"].startswith(b"<!doctype html>")
    assert (report["athletes"], report["athletes_changed"], len(report["to_code"])) == (2, 2, 64)


def test_parameters_changed_after_the_diff_need_another_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.steps("diff", "progress@4", "--store")
    edited = structs.replace(PROGRESS_V4, params=ProgressParams(daily_days=8))
    monkeypatch.setattr(promote, "STEPS", (*STEPS, edited))
    refused = desk.steps("promote", "progress@4")
    assert (refused.exit_code, desk.active()) == (1, 3)
    assert "other code or parameters" in refused.output


def test_promoting_needs_a_version(desk: Desk) -> None:
    refused = desk.steps("promote", "progress")
    assert (refused.exit_code, "Say which version" in refused.output) == (1, True)


def test_a_run_that_is_not_there_is_told(desk: Desk) -> None:
    refused = desk.steps("rerun", str(ids.new()), "--from", "recommend")
    assert (refused.exit_code, "There is no run" in refused.output) == (1, True)


def test_without_results_on_record_there_is_nothing_to_verify(desk: Desk) -> None:
    refused = desk.steps("verify", "--sample", "3")
    assert (refused.exit_code, "No step has recorded a result yet." in refused.output) == (1, True)
