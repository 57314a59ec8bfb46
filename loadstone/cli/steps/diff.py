"""`loadstone steps diff`: what another version of a step would change, number by number."""

import asyncio
from pathlib import Path

import asyncpg
import click
from rich.console import Console

from loadstone import diffs, settings
from loadstone.cli.steps import diff_screen
from loadstone.diffs import Order
from loadstone.errors import Trouble
from models.domain.errors import LoadstoneError
from workflows.steps import STEPS
from workflows.steps.choosing import MOST_SAMPLED

# As diff itself has it, so that a script can tell a difference from a mistake.
SAME, DIFFERS = 0, 1


class NotCompared(click.ClickException):
    """Nothing could be compared."""

    exit_code = 2


@click.command("diff")
@click.argument("steps", nargs=-1, required=True, metavar="STEP[@VERSION] [STEP@VERSION]")
@click.option("--sample", type=click.IntRange(1, MOST_SAMPLED), help="On so many: the same ones every time. [40]")
@click.option("--athletes", help="On these: ids or e-mail addresses, separated by commas.")
@click.option("--from", "snapshot", type=click.Path(path_type=Path), help="On the athletes of this snapshot.")
@click.option("--store", is_flag=True, help="Keep it in the database: no version is promoted without.")
@click.option("--output", type=click.Path(path_type=Path), help="Folder of the result; replaces an earlier diff.")
@click.pass_context
def diff(
    context: click.Context,
    steps: tuple[str, ...],
    sample: int | None,
    athletes: str | None,
    snapshot: Path | None,
    *,
    store: bool,
    output: Path | None,
) -> None:
    """Compare two versions of a step on the same athletes.

    Of two versions the second is new; of one the active version is what it is compared with; a step without a version
    runs as it is in this working tree, and is compared with what is on record. Exits with 0 where nothing differs, 1
    where something does, 2 where nothing could be compared.
    """
    if len(steps) > 2:
        raise click.UsageError("Two versions are compared, no more.")
    if athletes is not None and (sample is not None or snapshot is not None):
        raise click.UsageError("Say which athletes, or a sample of how many, or a snapshot.")
    named = tuple(word.strip() for word in (athletes or "").split(",") if word.strip())
    order = Order(steps=steps, athletes=named, sample=sample, snapshot=snapshot, store=store)
    chosen = settings.load()
    try:
        made = asyncio.run(diffs.make(order, chosen, STEPS))
        target = output or chosen.state / "diffs" / folder_name(order)
        diffs.save(made, target)
    except (LoadstoneError, Trouble, OSError, asyncpg.PostgresError) as error:
        raise NotCompared(str(error)) from error
    diff_screen.show(made, target, Console())
    if made.figures.failed == made.figures.athletes:
        raise NotCompared("Nothing could be compared: both versions, or one of them, failed on every athlete.")
    context.exit(SAME if made.figures.same else DIFFERS)


def folder_name(order: Order) -> str:
    """Where the last diff of these versions is found."""
    return "..".join(order.steps)
