"""`loadstone steps list`: the steps of this code, and which version of each the database runs."""

import click
import msgspec
from rich.table import Table

from loadstone import pipelines
from loadstone.cli.steps import showing
from workflows.steps import STEPS
from workflows.steps.states import Listed, State, listed

COLOURS = {
    State.ACTIVE: "green",
    State.PREVIOUS: "cyan",
    State.CANDIDATE: "yellow",
    State.RETIRED: "dim",
    State.MISSING: "red",
}


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_steps(*, as_json: bool) -> None:
    """List the steps, and which version is active."""
    active, unknown = pipelines.known()
    steps = listed(STEPS, active)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(steps)).decode())
        return
    showing.console().print(table(steps))
    if active is None:
        click.echo(f"Which versions are active is unknown: {unknown}", err=True)


def table(steps: list[Listed]) -> Table:
    shown = Table("step", "state", "pipeline", "reads", "makes", "parameters")
    for step in steps:
        shown.add_row(
            f"{step.name}@{step.version}",
            "unknown" if step.state is None else f"[{COLOURS[step.state]}]{step.state}[/]",
            step.pipeline,
            ", ".join(step.reads),
            ", ".join(step.documents),
            "\n".join(f"{name}={value}" for name, value in step.params.items()),
        )
    return shown
