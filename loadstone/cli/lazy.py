"""A group of commands whose modules are imported only when one of them is used."""

import importlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import click

from loadstone.errors import Trouble


class Entry(NamedTuple):
    """Where a command is, and the line that help shows for it."""

    name: str
    module: str
    attribute: str
    help: str


class LazyGroup(click.Group):
    """Knows its commands by name and line of help, and imports one when it is called."""

    def __init__(self, *args: Any, entries: Sequence[Entry], **options: Any) -> None:
        super().__init__(*args, **options)
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [entry.name for entry in self.entries]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for entry in self.entries:
            if entry.name == cmd_name:
                return getattr(importlib.import_module(entry.module), entry.attribute)
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.help) for entry in self.entries])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (Trouble, OSError) as trouble:
            raise click.ClickException(str(trouble)) from trouble
        except Exception as error:
            # By name: help stays quick because it loads neither the domain nor the driver.
            room = type(error).__module__
            if room == "models.domain.errors":
                raise click.ClickException(str(error)) from error
            if room.partition(".")[0] in {"asyncpg", "sqlalchemy"}:
                raise click.ClickException(f"The database does not answer, or refuses us: {error}") from error
            raise
