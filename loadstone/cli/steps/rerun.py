"""`loadstone steps rerun`: an analysis again from one of its steps, with what the steps before have made."""

import asyncio
from uuid import UUID

import click

from loadstone import promoting, settings


@click.command("rerun")
@click.argument("run", type=click.UUID)
@click.option("--from", "first", required=True, metavar="STEP", help="The first step to compute again.")
def rerun(run: UUID, first: str) -> None:
    """Run an analysis again from one of its steps.

    What the steps before have made is taken over into a new run. It must still
    be stored, and be of the same data, day and versions as what is computed beside it.
    """
    new_id = asyncio.run(promoting.rerun(run, first, settings.load().database))
    click.echo(f"Run {new_id} computes {first} and what comes after it; the steps before are taken over.")
