"""`loadstone import`: a training log from another app into an athlete's account, or only its receipt."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from loadstone import settings
from loadstone.errors import Trouble
from loadstone.imports import Order, bring
from models import readers
from models.domain import catalogue
from models.domain.errors import LoadstoneError
from models.domain.receipts import Receipt
from models.domain.units import MassUnit
from models.readers import parsed
from models.services import import_staging

SHOWN = 20


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--athlete", "email", help="E-mail address of the athlete's account.")
@click.option("--time-zone", help="IANA name of the zone of the file's local times; by default the athlete's, or UTC.")
@click.option(
    "--unit", type=click.Choice([unit.value for unit in MassUnit]), help="For loads without one; or an answer."
)
@click.option("--dry-run", is_flag=True, help="Read the file and show the receipt; needs no server.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as JSON.")
def import_log(
    file: Path, email: str | None, time_zone: str | None, unit: str | None, *, dry_run: bool, as_json: bool
) -> None:
    """Import FILE, the export of another app. A file whose unit cannot be told is kept, and waits for --unit."""
    if not dry_run and email is None:
        raise click.UsageError("Say whose log it is with --athlete EMAIL, or use --dry-run.")
    order = Order(file=file, email=email or "", time_zone=time_zone, unit=MassUnit(unit) if unit else None)
    try:
        receipt = dry_receipt(order) if dry_run else asyncio.run(bring(order, settings.load().database, tell=_tell))
    except (LoadstoneError, Trouble) as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(receipt)).decode())
    else:
        show(receipt, Console())


def dry_receipt(order: Order) -> Receipt:
    """The receipt of importing the file into an empty account, with nothing written."""
    log = readers.read(order.file, time_zone=order.time_zone or "UTC", unit=order.unit)
    return parsed.receipt(import_staging.usable(log, now=datetime.now(UTC)), catalogue.load())


def _tell(text: str) -> None:
    click.echo(text, err=True)


def show(receipt: Receipt, console: Console) -> None:
    """The receipt for eyes."""
    console.print(_overview(receipt))
    console.print(_exercises(receipt))
    for title, lines in (("Rejected rows", _rejected(receipt)), ("Worth knowing", _warnings(receipt))):
        if lines:
            console.print(f"\n[bold]{title}[/bold]")
            for line in lines[:SHOWN]:
                console.print(escape(line))
            if len(lines) > SHOWN:
                console.print(f"and {len(lines) - SHOWN} more: --json shows all")


def _overview(receipt: Receipt) -> Table:
    table = Table(show_header=False, box=None)
    unit = receipt.unit
    unit_name = unit.value or ("undecided" if unit.inferred else "none for the whole file")
    for label, value in (
        ("format", f"{receipt.format} ({receipt.variant})"),
        ("unit", f"{unit_name}{', inferred' if unit.inferred and unit.value else ''}: {unit.evidence}"),
        ("workouts", f"{receipt.workouts} new, {receipt.workouts_already_present} already present"),
        ("rows read", f"{receipt.rows_read:,}"),
        ("sets", f"{receipt.sets_recorded:,}"),
        *((f"not sets: {kind}", f"{count:,}") for kind, count in receipt.non_set_rows.items()),
        ("rejected", f"{len(receipt.rejected):,}"),
    ):
        table.add_row(label, escape(value))
    return table


def _exercises(receipt: Receipt) -> Table:
    table = Table("exercise in the file", "sets", "recorded as", title=f"{len(receipt.exercises)} exercises")
    for match in receipt.exercises[:SHOWN]:
        table.add_row(escape(match.name), f"{match.sets:,}", escape(match.exercise or "an exercise of your own"))
    return table


def _rejected(receipt: Receipt) -> list[str]:
    return [f"line {row.line}, {row.field}: {row.reason}" for row in receipt.rejected]


def _warnings(receipt: Receipt) -> list[str]:
    return [
        f"{f'line {warning.line}, ' if warning.line else ''}{warning.field}: {warning.reason}"
        for warning in receipt.warnings
    ]
