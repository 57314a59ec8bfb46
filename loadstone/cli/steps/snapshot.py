"""`loadstone steps snapshot`: pseudonymous histories in a folder, to run steps on away from the database."""

from datetime import datetime
from pathlib import Path

import click

from loadstone.workbench import Workbench
from workflows.steps.choosing import MOST_SAMPLED


@click.command("snapshot")
@click.option("--sample", type=click.IntRange(1, MOST_SAMPLED), help="So many athletes: the same ones every time.")
@click.option("--athletes", help="Ids or e-mail addresses, separated by commas.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The athletes' date; by default their today.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="Folder to make; never overwritten.")
def snapshot(sample: int | None, athletes: str | None, as_of: datetime | None, output: Path) -> None:
    """Write pseudonymous histories to run steps on."""
    named = [word.strip() for word in (athletes or "").split(",") if word.strip()]
    day = None if as_of is None else as_of.date()
    manifest = Workbench().write_snapshot(output, athletes=named, sample=sample or 0, as_of=day)
    click.echo(f"{output}: {manifest.athletes:,} athletes, {manifest.workouts:,} workouts, {manifest.sets:,} sets.")
    click.echo("Removed or replaced:")
    for removed in manifest.removed:
        click.echo(f"  {removed}")
    click.echo("What is left is personal data still: docs/write-a-step.md says how far it protects.")
