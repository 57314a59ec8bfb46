"""`loadstone steps`: quick, readable, complete with and without a database."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest
from click.testing import CliRunner, Result

from loadstone import settings
from loadstone.cli import main
from loadstone.cli.steps import COMMANDS, steps
from loadstone.settings import Settings
from tests.lifters import AS_OF, lifters
from workflows.steps import STEPS

NOT_NEEDED = ("litestar", "temporalio", "openai", "sklearn", "granian", "altair")
BUDGET_S = 2.0
SVG = "{http://www.w3.org/2000/svg}"


class Gym:
    """A database with two lifters, and a folder for results."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self.ids = [str(athlete) for athlete in lifters(dsn)]
        self.folder = folder
        self.environment = settings.to_environment(Settings(env="test", database_dsn=dsn, state=folder))

    def steps(self, *words: str) -> Result:
        return run(*words, environment=self.environment)


def run(*words: str, environment: Mapping[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, ["steps", *words], env={"LOADSTONE_ENV": "test", **(environment or {})})


@pytest.fixture(scope="module")
def gym(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Gym:
    return Gym(new_database(), tmp_path_factory.mktemp("state"))


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_a_command_exists_and_says_what_the_list_says(entry: tuple[str, str, str, str]) -> None:
    found = steps.get_command(steps.make_context("steps", ["list"]), entry[0])
    assert found is not None
    assert found.name == entry[0]
    assert found.get_short_help_str(limit=200).rstrip(".") == entry[3].rstrip(".")


def test_the_list_says_which_versions_are_active(gym: Gym) -> None:
    listed = json.loads(gym.steps("list", "--json").stdout)
    assert [(step["name"], step["version"]) for step in listed] == [(step.name, step.version) for step in STEPS]
    assert {step["name"]: step["state"] for step in listed}["progress"] == "active"
    assert listed[0]["params"]["daily_days"] == 365
    assert listed[0]["documents"] == ["progress", "e1rm", "records"]
    table = gym.steps("list").stdout
    assert all(f"{step.name}@{step.version}" in table for step in STEPS)


@pytest.mark.parametrize("dsn", [None, "postgresql://a:b@127.0.0.1:1/c"])
def test_without_a_database_the_list_says_that_activity_is_unknown(tmp_path: Path, dsn: str | None) -> None:
    away = {"LOADSTONE_STATE": str(tmp_path), **({"LOADSTONE_DATABASE_DSN": dsn} if dsn else {})}
    listed = json.loads(run("list", "--json", environment=away).stdout)
    assert [step["state"] for step in listed] == [None] * len(STEPS)
    told = run("list", environment=away)
    assert (told.exit_code, "active is unknown" in told.output) == (0, True)


def test_the_graph_is_a_tree_here_and_text_or_a_picture_in_a_file(tmp_path: Path) -> None:
    tree = run("graph", "--output", str(tmp_path / "graph.mmd"))
    assert tree.exit_code == 0, tree.output
    assert "progress@" in tree.stdout
    assert (tmp_path / "graph.mmd").read_text().startswith("flowchart LR")
    assert run("graph", "--output", str(tmp_path / "graph.svg")).exit_code == 0
    texts = {text.text for text in ElementTree.parse(tmp_path / "graph.svg").iter(f"{SVG}text")}
    assert {name for step in STEPS for name in (f"{step.name}@{step.version}", *step.documents)} <= texts


def test_a_graph_in_an_unknown_format_is_refused(tmp_path: Path) -> None:
    result = run("graph", "--output", str(tmp_path / "graph.gif"))
    assert result.exit_code == 2
    assert ".svg" in result.output


def test_a_run_prints_numbers_timings_and_lineage(gym: Gym) -> None:
    result = gym.steps("run", "progress", "--athlete", gym.ids[0], "--as-of", str(AS_OF))
    assert result.exit_code == 0, result.output
    for expected in ("progress.weekly", "2026-10-05", "tonnage_kg", "sha256", "compute", "daily_days", "data version"):
        assert expected in result.stdout


def test_a_run_saves_tables_documents_and_what_decided_them(gym: Gym, tmp_path: Path) -> None:
    target = tmp_path / "result"
    words = ("run", "progress", "--sample", "2", "--as-of", str(AS_OF), "--param", "daily_days=7")
    assert gym.steps(*words, "--output", str(target)).exit_code == 0
    told = json.loads((target / "run.json").read_text())
    assert (told["step"], told["params"]["daily_days"]) == ("progress", 7)
    daily = pl.read_parquet(target / "tables" / "progress.daily.series.parquet")
    assert daily.group_by("athlete").len().sort("athlete").rows() == [(athlete, 7) for athlete in sorted(gym.ids)]
    for athlete in told["athletes"]:
        body = (target / "documents" / athlete["athlete"] / "progress.json").read_bytes()
        assert len(json.loads(body)["daily"]["load"]) == 7
        assert athlete["inputs"]["digests"]["history"]


def test_the_last_result_is_kept_and_nothing_else_is_replaced(gym: Gym, tmp_path: Path) -> None:
    words = ("run", "progress", "--athlete", gym.ids[0])
    for _ in range(2):
        assert gym.steps(*words).exit_code == 0
    assert (gym.folder / "steps" / f"progress@{STEPS[0].version}" / "run.json").is_file()
    (tmp_path / "mine.txt").touch()
    refused = gym.steps(*words, "--output", str(tmp_path))
    assert (refused.exit_code, [path.name for path in tmp_path.iterdir()]) == (1, ["mine.txt"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "nothing", "--sample", "1"), "no step nothing"),
        (("run", "progress"), "Say which athlete"),
        (("run", "progress", "--athlete", "x", "--sample", "1"), "not both"),
        (("run", "progress", "--sample", "1", "--param", "daily_days"), "KEY=VALUE"),
        (("run", "progress", "--sample", "1", "--param", "daily_days=x"), "daily_days"),
        (("run", "progress", "--from", "nowhere"), "is no snapshot"),
        (("snapshot", "--output", "somewhere"), "Say which athletes"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(gym: Gym, words: tuple[str, ...], told: str) -> None:
    result = gym.steps(*words)
    assert result.exit_code in {1, 2}
    assert told in result.output
    assert "Traceback" not in result.output


def test_a_snapshot_is_written_once_and_runs_with_no_database(gym: Gym, tmp_path: Path) -> None:
    target = str(tmp_path / "new")
    written = gym.steps("snapshot", "--athletes", ",".join(gym.ids), "--output", target)
    assert written.exit_code == 0, written.output
    assert "2 athletes, 28 workouts, 140 sets" in written.stdout
    assert gym.steps("snapshot", "--sample", "1", "--output", target).exit_code == 1
    ran = run("run", "progress", "--from", target, "--output", str(tmp_path / "result"))
    assert ran.exit_code == 0, ran.output
    assert len(json.loads((tmp_path / "result" / "run.json").read_text())["athletes"]) == 2


def test_editing_a_step_and_seeing_it_run_takes_less_than_two_seconds(gym: Gym) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = ["steps", "run", "progress", "--athlete", gym.ids[0]]
    code = f"import sys; from loadstone.cli import main; main({words}, standalone_mode=False); "
    code += f"sys.exit(', '.join(name for name in {NOT_NEEDED} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=gym.environment, check=False
    )
    assert done.stderr.strip() == ""
    assert "progress.weekly" in done.stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # The processor's time: a busy machine makes nobody's step slower.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < BUDGET_S
