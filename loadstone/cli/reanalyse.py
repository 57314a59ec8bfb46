"""`loadstone reanalyse`: analyse many athletes again, see how far that is, or cancel it."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from loadstone import reanalysis, settings
from loadstone.errors import Trouble
from loadstone.reanalysis import Order
from models.db import DatabaseConfig
from models.domain.population import PopulationStatus, PopulationView

NEWEST = "newest"
GOES_ON = "It goes on without this terminal: --status {0} shows how far it is, --cancel {0} ends it."


@click.command
@click.option("--step", "steps", multiple=True, help="Only this step of the analysis; may be given several times.")
@click.option("--athletes", help="Ids of athletes, by commas; by default everybody who has recorded anything.")
@click.option(
    "--athletes-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of athletes' ids, one a line.",
)
@click.option(
    "--status", "shown", is_flag=False, flag_value=NEWEST, metavar="[RUN]", help="Show this one, or the newest."
)
@click.option("--cancel", "cancelled", type=click.UUID, metavar="RUN", help="End it; what is done stays done.")
@click.option("--watch/--no-watch", default=None, help="Follow it to its end; by default on a terminal.")
@click.option("--json", "as_json", is_flag=True, help="Print the reanalysis as JSON.")
def reanalyse(
    steps: tuple[str, ...],
    athletes: str | None,
    athletes_file: Path | None,
    shown: str | None,
    cancelled: UUID | None,
    *,
    watch: bool | None,
    as_json: bool,
) -> None:
    """Analyse many athletes again, behind all other work."""
    console = Console(stderr=True)
    if cancelled is not None:
        found = asyncio.run(reanalysis.cancel(cancelled, _database()))
    elif shown is not None:
        found = asyncio.run(reanalysis.status(None if shown == NEWEST else _uuid(shown), _database()))
        watch = bool(watch)
    else:
        order = Order(steps=steps or None, athletes=_athletes(athletes, athletes_file))
        run_id = asyncio.run(reanalysis.request(order, _database()))
        found = asyncio.run(reanalysis.status(run_id, _database()))
        watch = console.is_terminal if watch is None else watch
    if watch and found.is_open:
        found = _watched(found.id, console)
    _print(found, as_json=as_json)
    if found.status is PopulationStatus.FAILED and found.problem is not None:
        raise Trouble(f"{found.problem['title']}: {found.problem['detail']}")


_STATUS = {PopulationStatus.QUEUED: "queued, until a worker that has every active step begins it"}


def table(view: PopulationView, now: datetime) -> Table:
    """The reanalysis for eyes."""
    shown = Table(show_header=False, box=None)
    steps, named = view.steps or ("all",), view.athletes_named
    whom = "everybody" if named is None else f"{named:,} named"
    status = "being cancelled" if view.is_open and view.cancel_requested_at else _STATUS.get(view.status, view.status)
    for label, value in (
        ("reanalysis", f"{view.id}, {view.trigger} by {view.requested_by}"),
        ("status", status),
        ("steps", ", ".join(steps)),
        ("athletes", f"{view.done:,} of {view.athletes:,} done ({whom})"),
        ("chunks", f"{view.chunks_done:,} of {view.chunks:,}" + _failed_chunks(view)),
        ("results", _results(view)),
        ("sets", f"{view.sets:,}, {view.sets_per_second(now):,.0f} a second"),
        *((f"failed: {each.athlete_id}", f"{each.step or 'chunk'}: {each.detail}") for each in view.failures),
    ):
        shown.add_row(label, escape(value))
    return shown


def _results(view: PopulationView) -> str:
    return f"{view.changed:,} changed, {view.unchanged:,} unchanged, {view.failed:,} failed"


def _failed_chunks(view: PopulationView) -> str:
    return f", {view.chunks_failed:,} failed" if view.chunks_failed else ""


def _watched(run_id: UUID, console: Console) -> PopulationView:
    try:
        with _bar(console) as show:
            return asyncio.run(reanalysis.follow(run_id, _database(), show=show, tell=console.print))
    except KeyboardInterrupt:
        raise Trouble(GOES_ON.format(run_id)) from None


@contextmanager
def _bar(console: Console) -> Generator[Callable[[PopulationView], None]]:
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("athletes  {task.fields[told]}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=None, told="waiting for a worker")

        def show(view: PopulationView) -> None:
            rate = f"{view.sets_per_second(datetime.now(UTC)):,.0f} sets/s"
            told = f"{_results(view)}, {rate}" if view.started_at else "waiting for a worker"
            progress.update(task, total=view.athletes or None, completed=view.done, told=told)

        yield show


def _print(found: PopulationView, *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
    else:
        Console().print(table(found, datetime.now(UTC)))


def _athletes(listed: str | None, file: Path | None) -> list[UUID] | None:
    if listed is None and file is None:
        return None
    words = [*(listed or "").split(","), *(file.read_text().split() if file else ())]
    return [_uuid(word.strip()) for word in words if word.strip()]


def _uuid(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        raise click.UsageError(f"{word} is no id.") from None


def _database() -> DatabaseConfig:
    return settings.load().database
