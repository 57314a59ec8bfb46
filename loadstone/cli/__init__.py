"""The command line: `loadstone COMMAND`. A command's module is imported only when that command is used."""

import importlib
from typing import Any, NamedTuple

import click

from loadstone.errors import Trouble


class Entry(NamedTuple):
    """Where a command is, and the line that help shows for it."""

    name: str
    module: str
    attribute: str
    help: str


COMMANDS = (
    Entry("up", "loadstone.cli.up", "up", "Start everything on this machine, until Ctrl-C."),
    Entry("demo", "loadstone.cli.demo", "demo_command", "Record a training log, analyse it and show what it means."),
    Entry("import", "loadstone.cli.importing", "import_log", "Import FILE, the export of another app."),
    Entry(
        "export",
        "loadstone.cli.exporting",
        "export_account",
        "Export everything that an athlete recorded, as JSON or CSV.",
    ),
    Entry("api", "loadstone.cli.api", "api", "Serve the HTTP API."),
    Entry("worker", "loadstone.cli.worker", "worker", "Run workflows and steps, and relay the outbox."),
    Entry("migrate", "loadstone.cli.migrate", "migrate", "Bring the database to the schema of this version."),
    Entry("seed", "loadstone.cli.seed", "seed", "Write the exercise catalogue and the pipelines."),
    Entry("doctor", "loadstone.cli.doctor", "doctor", "Check what Loadstone needs on this machine."),
    Entry("openapi", "loadstone.cli.openapi", "openapi", "Print the API's OpenAPI document."),
)


class LazyGroup(click.Group):
    """Knows its commands by name and line of help, and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [entry.name for entry in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for entry in COMMANDS:
            if entry.name == cmd_name:
                return getattr(importlib.import_module(entry.module), entry.attribute)
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.help) for entry in COMMANDS])

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


@click.group(cls=LazyGroup)
@click.version_option(package_name="loadstone")
def main() -> None:
    """Loadstone: workouts in, durable analysis, plans and recommendations out."""
