"""`loadstone steps promote`: another version of a step for every analysis from now on, or the earlier one again."""

import asyncio

import click

from loadstone import promoting, settings
from loadstone.errors import Trouble
from workflows.steps import STEPS
from workflows.steps.choosing import choose


@click.command("promote")
@click.argument("step", metavar="STEP@VERSION")
def promote(step: str) -> None:
    """Make a version of a step the active one.

    Needs a stored diff with the version active now, made by the same code and parameters. A reanalysis of everybody
    begins. The same command goes back.
    """
    if "@" not in step:
        raise Trouble(f"Say which version: {step}@N.")
    chosen = choose(STEPS, step)
    promoted = asyncio.run(promoting.promote(chosen, STEPS, settings.load().database))
    name = f"{chosen.name}@{chosen.version}"
    if promoted.from_version is None:
        click.echo(f"{name} is active now, as a new step of the pipeline {chosen.pipeline}.")
    else:
        click.echo(f"{name} is active now. Back: loadstone steps promote {chosen.name}@{promoted.from_version}")
    if promoted.population_run_id is None:
        click.echo("Nothing is computed again by itself: the next run of each athlete uses it.")
    else:
        click.echo(f"Everybody is analysed again: loadstone reanalyse --status {promoted.population_run_id}")
