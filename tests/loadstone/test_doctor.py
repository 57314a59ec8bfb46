"""`loadstone doctor` tells a healthy machine from a broken one."""

import json
from pathlib import Path

from click.testing import CliRunner

from loadstone.cli import main


def findings(environment: dict[str, str], state: Path) -> tuple[int, dict[str, str]]:
    answer = CliRunner().invoke(
        main, ["doctor", "--json"], env={"LOADSTONE_ENV": "test", "LOADSTONE_STATE": str(state)} | environment
    )
    return answer.exit_code, {finding["check"]: finding["status"] for finding in json.loads(answer.output)}


def test_a_migrated_database_is_well(shared_dsn: str, tmp_path: Path) -> None:
    code, found = findings({"LOADSTONE_DATABASE_DSN": shared_dsn}, tmp_path)
    assert (code, found["database"], found["python"], found["state folder"]) == (0, "ok", "ok", "ok")


def test_servers_that_are_away_fail(tmp_path: Path) -> None:
    code, found = findings(
        {"LOADSTONE_DATABASE_DSN": "postgresql://a:b@127.0.0.1:1/c", "LOADSTONE_TEMPORAL_ADDRESS": "127.0.0.1:1"},
        tmp_path,
    )
    assert (code, found["database"], found["temporal"]) == (1, "failed", "failed")


def test_a_misspelt_variable_is_noted(tmp_path: Path) -> None:
    code, found = findings({"LOADSTONE_DATBASE_DSN": "x"}, tmp_path)
    assert (code, found["variables"]) == (0, "note")


def test_a_state_folder_that_cannot_be_made_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, found = findings({}, tmp_path / "file" / "state")
    assert (code, found["state folder"]) == (1, "failed")
