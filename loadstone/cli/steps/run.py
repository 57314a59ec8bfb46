"""`loadstone steps run`: one step on one athlete, a sample or a snapshot; nothing is written to the database."""

from datetime import datetime
from pathlib import Path

import click

from loadstone import settings
from loadstone.cli.steps import showing
from loadstone.errors import Trouble
from loadstone.workbench import Workbench
from workflows.steps import run_folder
from workflows.steps.choosing import MOST_SAMPLED
from workflows.steps.step import Step


@click.command("run")
@click.argument("step", metavar="STEP[@VERSION]")
@click.option("--athlete", help="Id or e-mail address of the athlete, or the pseudonym in a snapshot.")
@click.option(
    "--sample", type=click.IntRange(1, MOST_SAMPLED), help="Run it on so many athletes: the same ones every time."
)
@click.option("--from", "snapshot", type=click.Path(path_type=Path), help="Run it on this snapshot, with no database.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The athlete's date; by default their today.")
@click.option("--param", "params", multiple=True, metavar="KEY=VALUE", help="Another value of a parameter.")
@click.option("--output", type=click.Path(path_type=Path), help="Folder of the result; replaces an earlier result.")
def run(
    step: str,
    athlete: str | None,
    sample: int | None,
    snapshot: Path | None,
    as_of: datetime | None,
    params: tuple[str, ...],
    output: Path | None,
) -> None:
    """Run one step, and write nothing to the database.

    Without a version the newest in this working tree runs, active or not. The result is printed, and saved as parquet
    and JSON.
    """
    if athlete is not None and sample is not None:
        raise click.UsageError("Say which athlete, or a sample of how many: not both.")
    result = Workbench(snapshot=snapshot).run(
        step,
        athlete=athlete,
        sample=sample,
        as_of=None if as_of is None else as_of.date(),
        params=dict(_pair(param) for param in params),
    )
    target = output or default_folder(result.step)
    run_folder.save(result, target)
    showing.show(result, showing.console())
    click.echo(f"Saved in {target}: tables/*.parquet, documents/<athlete>/*.json, run.json")


def default_folder(step: Step) -> Path:
    """Where the last run of this step is found."""
    return settings.load().state / "steps" / f"{step.name}@{step.version}"


def _pair(param: str) -> tuple[str, str]:
    name, equals, value = param.partition("=")
    if not name or not equals:
        raise Trouble(f"A parameter is given as KEY=VALUE, not as {param}.")
    return name, value
