"""A diff for eyes: what it comes to, by table, by column and by athlete."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from loadstone.diffs import CHANGES, NO_REPORT, REPORT, Made
from workflows.steps.figures import Figures

COLUMNS, ATHLETES, FAILURES = 20, 10, 5


def show(made: Made, target: Path, console: Console) -> None:
    """The figures; of many columns and athletes the first ones."""
    figures, about = made.figures, made.about
    console.print(f"[bold]{escape(about.before)} → {escape(about.after)}[/bold] on {escape(about.inputs)}")
    console.print(_overview(made))
    for failure in figures.failures[:FAILURES]:
        console.print(f"[red]{escape(failure.athlete)}[/red] {escape(failure.problem)}")
    if figures.tables:
        console.print(_tables(figures))
    if figures.columns:
        console.print(_columns(figures))
    if figures.worst:
        console.print(_athletes(figures))
    files = (CHANGES,) if made.page is None else (REPORT, CHANGES)
    console.print(escape(f"Saved in {target}: {', '.join(files)}"), soft_wrap=True)
    if made.page is None:
        console.print(escape(NO_REPORT), soft_wrap=True)
    if made.stored is not None:
        console.print(f"Stored as {made.stored}: loadstone steps promote {escape(about.after)}", soft_wrap=True)


def percent(relative: float | None) -> str:
    return "" if relative is None else f"{relative * 100:+,.3g} %"


def _overview(made: Made) -> Table:
    figures = made.figures
    table = Table(show_header=False, box=None)
    for label, value in (
        ("athletes", f"{figures.athletes:,} compared, {figures.changed:,} changed, {figures.failed:,} failed"),
        ("documents", f"{figures.identical:,} of {figures.documents:,} identical"),
        ("rows", f"{figures.changed_rows:,} changed, {figures.added:,} added, {figures.removed:,} removed"),
        ("parameters", ", ".join(f"{name} {old} → {new}" for name, old, new in made.about.params) or "the same"),
        ("time", f"{made.seconds:.1f} s"),
    ):
        table.add_row(label, escape(value))
    return table


def _tables(figures: Figures) -> Table:
    shown = Table("table", "changed", "added", "removed", box=None, header_style="bold")
    for table in figures.tables:
        shown.add_row(table.table, f"{table.changed:,}", f"{table.added:,}", f"{table.removed:,}")
    return shown


def _columns(figures: Figures) -> Table:
    """The changes of each column, and below it where the largest one is."""
    shown = Table("column", "changed", "median", "largest", box=None, header_style="bold")
    for one in figures.columns[:COLUMNS]:
        largest = one.largest
        numbers = (f"{one.changed:,}", percent(one.median_relative), percent(largest.relative))
        shown.add_row(escape(f"{one.table} · {one.column}"), *numbers)
        values = f"{largest.before or '–'} → {largest.after or '–'}"
        shown.add_row(f"[dim]  {escape(f'{values} of {largest.athlete} {largest.row}')}[/dim]")
    if len(figures.columns) > COLUMNS:
        shown.caption = f"and {len(figures.columns) - COLUMNS} more columns"
    return shown


def _athletes(figures: Figures) -> Table:
    shown = Table("worst athletes", "changed", "added", "removed", "largest", box=None, header_style="bold")
    for one in figures.worst[:ATHLETES]:
        largest = "" if one.largest is None else percent(one.largest.relative)
        shown.add_row(escape(one.athlete), f"{one.changed:,}", f"{one.added:,}", f"{one.removed:,}", largest)
    if len(figures.worst) > ATHLETES:
        shown.caption = f"and {len(figures.worst) - ATHLETES} more athletes"
    return shown
