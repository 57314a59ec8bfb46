"""`loadstone steps verify`: whether what is on record comes out again."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
import polars as pl
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from loadstone import settings, verifying
from workflows.steps import STEPS
from workflows.steps.changes import Compared
from workflows.steps.choosing import MOST_SAMPLED
from workflows.steps.verify import Verdict, Verified

RESULTS, CHANGES = 10, 5


@click.command("verify")
@click.option("--sample", type=click.IntRange(1, MOST_SAMPLED), default=100, show_default=True, help="So many results.")
@click.option("--athlete", help="Only of this athlete: an id or an e-mail address.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write what differs, as parquet.")
@click.pass_context
def verify(context: click.Context, sample: int, athlete: str | None, output: Path | None) -> None:
    """Compute recorded results again and compare.

    The results are drawn at random, of all that were ever recorded; nothing is written to the database. Exits with 1
    where one is different.
    """
    found = asyncio.run(verifying.run(settings.load(), STEPS, sample=sample, athlete=athlete))
    show(found, Console())
    if output is not None:
        pl.concat(
            [Compared(athlete="").changes, *(one.changes for one in found if one.changes is not None)]
        ).write_parquet(output)
    context.exit(1 if any(one.verdict is Verdict.DIFFERENT for one in found) else 0)


def show(found: Sequence[Verified], console: Console) -> None:
    """The verdicts by step and version, and the reasons of those that are not equal."""
    console.print(table(found))
    for verdict in (Verdict.DIFFERENT, Verdict.NOT_RUNNABLE):
        told = [one for one in found if one.verdict is verdict]
        for one in told[:RESULTS]:
            name = f"{one.result.step}@{one.result.version} {one.result.id} of {one.result.athlete.athlete_id}"
            console.print(escape(f"{verdict}: {name}: {one.reason}"), soft_wrap=True)
            _show_changes(one, console)
        if len(told) > RESULTS:
            console.print(f"and {len(told) - RESULTS} more {verdict}")


def table(found: Sequence[Verified]) -> Table:
    counts = Counter((one.result.step, one.result.version, one.verdict) for one in found)
    shown = Table("step", *(verdict.value for verdict in Verdict), box=None, header_style="bold")
    for step, version in sorted({(one.result.step, one.result.version) for one in found}):
        shown.add_row(f"{step}@{version}", *(f"{counts[step, version, verdict]:,}" for verdict in Verdict))
    return shown


def _show_changes(one: Verified, console: Console) -> None:
    changes = Compared(athlete="").changes if one.changes is None else one.changes
    for row in changes.head(CHANGES).iter_rows(named=True):
        where = " ".join(part for part in (row["table"], row["row"], row["column"]) if part)
        console.print(escape(f"  {where}: {row['before_text'] or '–'} → {row['after_text'] or '–'}"), soft_wrap=True)
    if changes.height > CHANGES:
        console.print(f"  and {changes.height - CHANGES:,} more")
