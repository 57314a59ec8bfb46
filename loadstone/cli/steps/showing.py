"""The result of a step for eyes: what it made, the first numbers, how long it took, and what decided it."""

from collections.abc import Iterator

import polars as pl
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from workflows.steps import runner
from workflows.steps.workbench import Ran, Result

ATHLETES, ROWS, COLUMNS, WIDTH, DIGEST = 20, 5, 8, 28, 16
# In a file or a pipe there is no terminal to fit.
PAPER = 160


def console() -> Console:
    """The standard output, as wide as the terminal, or wide enough."""
    out = Console()
    return out if out.is_terminal else Console(width=PAPER)


def show(result: Result, console: Console) -> None:
    """The whole result; of many athletes and rows the first ones."""
    for name, rows in result.frames.items():
        if rows.height:
            console.print(f"[bold cyan]{escape(name)}[/]  {rows.height:,} row{'s' if rows.height > 1 else ''}")
            console.print(first_rows(rows, one=len(result.ran) == 1))
    console.print(documents(result))
    console.print(lineage(result))


def first_rows(rows: pl.DataFrame, *, one: bool) -> Table:
    """The first rows of a table, without the columns that are empty everywhere."""
    shown = rows.drop("athlete") if one else rows
    full = [column for column in shown.columns if shown.get_column(column).null_count() < shown.height]
    left_out = len(full) - COLUMNS
    table = Table(*map(escape, full[:COLUMNS]), box=None, header_style="bold", caption_justify="left")
    for row in shown.select(full[:COLUMNS]).head(ROWS).iter_rows():
        table.add_row(*(_cell(value) for value in row))
    if left_out > 0:
        table.caption = f"  and {left_out} more column{'s' if left_out > 1 else ''}"
    return table


def _cell(value: object) -> str:
    text = "" if value is None else f"{value:,.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return escape(text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…")


def documents(result: Result) -> Table:
    """Each document: how many rows in how many tables, how large, and its digest."""
    table = Table("athlete", "document", "tables", "rows", "bytes", "sha256", "load", "compute")
    for ran in result.ran[:ATHLETES]:
        for row in _documents(result, ran):
            table.add_row(*row)
    if len(result.ran) > ATHLETES:
        table.caption = f"and {len(result.ran) - ATHLETES} more athletes"
    return table


def _documents(result: Result, ran: Ran) -> Iterator[tuple[str, ...]]:
    timing = (f"{ran.load_s * 1000:.0f} ms", f"{ran.compute_s * 1000:.0f} ms")
    athlete = ran.athlete
    for name, body in ran.output.documents.items():
        tables = [rows for table, rows in result.frames.items() if table.split(".")[0] == name]
        rows = sum(rows.filter(pl.col("athlete") == ran.athlete).height for rows in tables)
        counts = (str(len(tables)), f"{rows:,}", f"{len(body):,}")
        yield athlete, name, *counts, ran.output.digests[name][:DIGEST], *timing
        # Once an athlete.
        athlete, timing = "", ("", "")


def lineage(result: Result) -> Table:
    """What decided the numbers of the first athlete; run.json says it of all."""
    ran = result.ran[0]
    table = Table(show_header=False, box=None)
    table.add_row("step", f"{result.step.name}@{result.step.version}")
    for name, value in runner.params(result.step).items():
        table.add_row(f"  {name}", escape(str(value)))
    table.add_row("as of", str(ran.as_of))
    if ran.inputs.data_version:
        table.add_row("data version", str(ran.inputs.data_version))
    for name, value in ran.inputs.digests.items():
        shown = value if isinstance(value, str) else runner.digest(value)
        table.add_row(f"{name}", escape(shown))
    table.add_row("output", ran.output.output_digest)
    return table
