"""The command line: quick to help, complete, and free of tracebacks for a user's mistakes."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from loadstone.cli import COMMANDS, main
from loadstone.cli.openapi import describe

HEAVY = ("polars", "sqlalchemy", "litestar", "temporalio", "msgspec", "sklearn")


def command(name: str) -> click.Command:
    found = main.get_command(click.Context(main), name)
    assert found is not None
    return found


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_a_command_exists_and_says_what_the_list_says(entry: tuple[str, str, str, str]) -> None:
    found = command(entry[0])
    assert found.name == entry[0]
    assert found.get_short_help_str(limit=200).rstrip(".") == entry[3].rstrip(".")


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; from loadstone.cli import main; main(['--help'], standalone_mode=False); "
    code += f"sys.exit(', '.join(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
    assert all(entry.help in done.stdout for entry in COMMANDS)


def test_a_mistake_is_told_in_a_sentence() -> None:
    answer = CliRunner().invoke(main, ["migrate"], env={"LOADSTONE_ENV": "test", "LOADSTONE_API_PORT": "x"})
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: LOADSTONE_API_PORT")


def test_a_database_that_is_away_is_told_in_a_sentence() -> None:
    environment = {"LOADSTONE_ENV": "test", "LOADSTONE_DATABASE_DSN": "postgresql://a:b@127.0.0.1:1/c"}
    answer = CliRunner().invoke(main, ["migrate"], env=environment)
    assert answer.exit_code == 1
    assert "The database does not answer" in answer.output


def test_the_contract_is_printed_without_a_server() -> None:
    assert CliRunner().invoke(main, ["openapi"]).stdout_bytes == describe()


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(main, ["fly"]).exit_code == 2
