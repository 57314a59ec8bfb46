"""The command line: `loadstone COMMAND`. A command's module is imported only when that command is used."""

import click

from loadstone.cli.lazy import Entry, LazyGroup

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
    Entry("steps", "loadstone.cli.steps", "steps", "List, draw, run, compare and promote the steps of the pipelines."),
    Entry("reanalyse", "loadstone.cli.reanalyse", "reanalyse", "Analyse many athletes again, behind all other work."),
    Entry("doctor", "loadstone.cli.doctor", "doctor", "Check what Loadstone needs on this machine."),
    Entry("openapi", "loadstone.cli.openapi", "openapi", "Print the API's OpenAPI document."),
)


@click.group(cls=LazyGroup, entries=COMMANDS)
@click.version_option(package_name="loadstone")
def main() -> None:
    """Loadstone: workouts in, durable analysis, plans and recommendations out."""
