"""`loadstone steps graph`: what the steps read and make, as a tree here and as a picture in a file."""

import importlib
from pathlib import Path

import click
from rich.tree import Tree

from loadstone import pipelines
from loadstone.cli.steps import showing
from loadstone.errors import Trouble
from workflows.steps import STEPS, Step
from workflows.steps.graph import graph_of, mermaid
from workflows.steps.states import running

MERMAID, PICTURES = {".mmd", ".md"}, {".svg", ".png"}


@click.command("graph")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this .svg, .png or .mmd.")
def graph(output: Path | None) -> None:
    """Draw what the steps read and make."""
    active, unknown = pipelines.known()
    steps = running(STEPS, active)
    if output is not None:
        write(steps, output)
    showing.console().print(tree(steps))
    if active is None:
        click.echo(f"The newest versions are shown. Which are active is unknown: {unknown}", err=True)


def write(steps: tuple[Step, ...], output: Path) -> None:
    """The graph in the format that the file's name says."""
    if output.suffix in MERMAID:
        output.write_text(mermaid(graph_of(steps)))
    elif output.suffix in PICTURES:
        _draw(steps, output)
    else:
        raise click.BadParameter(f"{output.name}: name a file {', '.join(sorted(PICTURES | MERMAID))}.")


def _draw(steps: tuple[Step, ...], output: Path) -> None:
    # Half a second, and packages that production leaves out: for those alone who want a picture.
    try:
        picture = importlib.import_module("loadstone.cli.steps.picture")
    except ModuleNotFoundError as error:
        raise Trouble(f"{error.name} draws the picture: install the extra `loadstone[workbench]`.") from error
    picture.draw(graph_of(steps), output)


def tree(steps: tuple[Step, ...]) -> Tree:
    """The pipelines in their order, each step with what it reads and the documents that it makes."""
    root = Tree("pipelines")
    branches = {name: root.add(f"[bold]{name}[/]") for name in dict.fromkeys(step.pipeline for step in steps)}
    for step in steps:
        branch = branches[step.pipeline].add(f"[yellow]{step.name}@{step.version}[/]  reads {', '.join(step.reads)}")
        for document in step.documents:
            branch.add(f"[green]{document}[/]")
    return root
