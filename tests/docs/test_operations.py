"""docs/operations.md knows every setting with its default, and every command."""

import re
from pathlib import Path
from typing import Any

from msgspec import NODEFAULT, structs

from loadstone import settings
from loadstone.cli import COMMANDS
from loadstone.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()


def told(default: Any) -> str:
    if default is NODEFAULT or not default:
        return "none"
    return ",".join(default) if isinstance(default, tuple) else str(default)


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(LOADSTONE_\w+)` \| `?([^`|]+?)`? \|", PAGE, re.MULTILINE))
    empty = Settings()
    expected = {settings.variable(field.name): told(getattr(empty, field.name)) for field in structs.fields(Settings)}
    assert expected == rows


def test_every_command_is_documented() -> None:
    assert [entry.name for entry in COMMANDS] == re.findall(r"^\| `loadstone (\w+)` \|", PAGE, re.MULTILINE)
