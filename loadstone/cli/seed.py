"""`loadstone seed`: the rows that every installation has."""

import asyncio

import click

from loadstone import observability, schema, settings


@click.command
def seed() -> None:
    """Write the exercise catalogue and the pipelines."""
    chosen = settings.load()
    observability.set_up_logging(chosen.log_level, chosen.log_format)
    exercises, steps = asyncio.run(schema.seed(chosen.database))
    click.echo(f"{exercises} exercises are in the catalogue; {steps} steps of pipelines were added.")
