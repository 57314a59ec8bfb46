"""`loadstone steps COMMAND`: the workbench of those who improve the steps."""

import os
from typing import Any

import click

from loadstone.cli.lazy import Entry, LazyGroup

COMMANDS = (
    Entry("list", "loadstone.cli.steps.listing", "list_steps", "List the steps, and which version is active."),
    Entry("graph", "loadstone.cli.steps.graph", "graph", "Draw what the steps read and make."),
    Entry("run", "loadstone.cli.steps.run", "run", "Run one step, and write nothing to the database."),
    Entry("snapshot", "loadstone.cli.steps.snapshot", "snapshot", "Write pseudonymous histories to run steps on."),
    Entry("diff", "loadstone.cli.steps.diff", "diff", "Compare two versions of a step on the same athletes."),
    Entry("promote", "loadstone.cli.steps.promote", "promote", "Make a version of a step the active one."),
    Entry("rerun", "loadstone.cli.steps.rerun", "rerun", "Run an analysis again from one of its steps."),
    Entry("verify", "loadstone.cli.steps.verify", "verify", "Compute recorded results again and compare."),
)

INTERRUPTED = 130


class Workbench(LazyGroup):
    """Commands that compute in threads, which Python would wait for at its end, however long a step takes."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            os._exit(INTERRUPTED)


@click.group("steps", cls=Workbench, entries=COMMANDS)
def steps() -> None:
    """List, draw, run, compare and promote the steps of the pipelines."""
