"""docs/operations.md knows every setting with its default, and every command."""

import re
from pathlib import Path
from typing import cast

from msgspec import structs

from loadstone import settings
from loadstone.cli import COMMANDS
from loadstone.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()


def told(default: object) -> str:
    """A default as the page writes it."""
    if isinstance(default, tuple):
        default = ",".join(cast("tuple[str, ...]", default))
    return str(default) if default else "none"


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(LOADSTONE_\w+)` \| `?([^`|]+?)`? \|", PAGE, re.MULTILINE))
    empty = Settings()
    expected = {settings.variable(field.name): told(getattr(empty, field.name)) for field in structs.fields(Settings)}
    assert expected == rows


def test_every_command_is_documented() -> None:
    assert [entry.name for entry in COMMANDS] == re.findall(r"^\| `loadstone (\w+)` \|", PAGE, re.MULTILINE)
