"""`loadstone steps COMMAND`: the workbench of those who improve the steps."""

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


@click.group("steps", cls=LazyGroup, entries=COMMANDS)
def steps() -> None:
    """List, draw, run, compare and promote the steps of the pipelines."""
