"""The demo's result on one screen: what came in, what it means, what to do next, and where to look further."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from loadstone.demo_report import Report

BARS = " ▁▂▃▄▅▆▇█"
PLOT_WIDTH = 40
LIFTS, RECORDS, RECOMMENDATIONS = 4, 5, 6


def show(report: Report, console: Console) -> None:
    """Print the report."""
    console.print(
        Group(
            _panel("What came in", _came_in(report)),
            _panel("Progress: estimated one-repetition maximum, week by week", _lifts(report)),
            _panel("Latest records", _records(report)),
            _panel(_recommendations_title(report), _recommendations(report)),
            _panel(f"Summary, written by the {report.summary['author']} and verified", _summary(report)),
            _panel("How long each hop took", _hops(report)),
            _panel("Look further", _urls(report)),
        )
    )


def sparkline(values: Sequence[float], width: int = PLOT_WIDTH) -> str:
    """The values as bars: at most `width` of them, each the mean of its share.

    >>> sparkline([1, 2, 3, 4, 5, 6, 7, 8])
    '▁▂▃▄▅▆▇█'
    """
    means = [sum(share) / len(share) for share in _shares(values, width)]
    low, high = min(means), max(means)
    return "".join(BARS[1 + round(7 * (mean - low) / (high - low))] if high > low else BARS[4] for mean in means)


def _shares(values: Sequence[float], width: int) -> Iterable[Sequence[float]]:
    count = min(width, len(values))
    for at in range(count):
        yield values[at * len(values) // count : (at + 1) * len(values) // count]


def _panel(title: str, content: Any) -> Panel:
    return Panel(content, title=title, title_align="left", border_style="dim", padding=(0, 1))


def _came_in(report: Report) -> Text:
    receipt = report.receipt
    line = (
        f"{receipt.sets_recorded:,} sets in {receipt.workouts:,} workouts of {len(receipt.exercises)} exercises, from"
        f" {receipt.rows_read:,} rows of {receipt.format} ({receipt.variant}). "
    )
    others = [f"{count:,} {kind.replace('_', ' ')}" for kind, count in receipt.non_set_rows.items()]
    others.append(f"{len(receipt.rejected):,} rejected, each with its line and reason")
    unit = f"\nLoads in {receipt.unit.value or 'the units of each row'}: {receipt.unit.evidence}"
    return Text(line + "Other rows: " + ", ".join(others) + "." + unit)


def _lifts(report: Report) -> Table | Text:
    often = sorted(report.e1rm["exercises"], key=lambda lift: len(lift["performed_on"]), reverse=True)[: 2 * LIFTS]
    heavy = sorted(often, key=lambda lift: max(lift["e1rm_kg"]), reverse=True)
    shown = [lift for lift in heavy if len(lift["performed_on"]) > 1][:LIFTS]
    if not shown:
        return Text("Too few sessions of any one exercise for a line.")
    table = Table(box=None, pad_edge=False, show_header=False)
    for lift in shown:
        weekly = [max(values) for values in _by_week(lift)]
        span = f"{weekly[0]:.1f} → {weekly[-1]:.1f} kg, best {max(weekly):.1f}"
        table.add_row(lift["exercise"], Text(sparkline(weekly), style="cyan"), span)
    return table


def _by_week(lift: dict[str, Any]) -> Iterable[list[float]]:
    days = zip(lift["performed_on"], lift["e1rm_kg"], strict=True)
    for _, week in groupby(days, key=lambda day: _iso_week(day[0])):
        yield [value for _, value in week]


def _iso_week(day: str) -> tuple[int, int]:
    return date.fromisoformat(day).isocalendar()[:2]


def _records(report: Report) -> Table | Text:
    if not report.records["feed"]:
        return Text("None yet: a first session is a baseline.")
    table = Table(box=None, pad_edge=False, show_header=False)
    for record in report.records["feed"][:RECORDS]:
        kind = record["kind"].replace("_", " ")
        reps = f" ({record['reps']}+ reps)" if record["reps"] else ""
        before = "" if record["previous_value_kg"] is None else f"before: {record['previous_value_kg']:,g} kg"
        table.add_row(
            record["performed_on"],
            record["exercise"] or "whole session",
            kind + reps,
            f"{record['value_kg']:,g} kg",
            before,
        )
    return table


def _recommendations_title(report: Report) -> str:
    card = report.recommendations["estimator"]
    backtest = card["backtest"]
    return (
        f"Next, by {card['name']} v{card['version']} (on {backtest['sessions']:,} held-back sessions:"
        f" {backtest['coverage']:.0%} covered, mean error {backtest['mae_percent']:.1f} %)"
    )


def _recommendations(report: Report) -> Table | Text:
    found = report.recommendations["recommendations"]
    if not found:
        return Text(f"None: {_abstentions(report)}")
    table = Table(box=None, pad_edge=False)
    for heading in ("exercise", "next", "80 % interval of the e1RM", "because"):
        table.add_column(heading, header_style="dim")
    for item in found[:RECOMMENDATIONS]:
        table.add_row(
            item["exercise"] + (" (stale)" if item["status"] == "stale" else ""),
            f"{item['load_kg']:g} kg x {item['reps']}",
            f"{item['e1rm_low_kg']:g} - {item['e1rm_high_kg']:g} kg",
            item["reasons"][0]["text"] if item["reasons"] else "",
        )
    table.caption, table.caption_justify = _abstentions(report), "left"
    return table


def _abstentions(report: Report) -> str:
    abstained = report.recommendations["abstentions"]
    if not abstained:
        return "It abstains for none of the exercises in rotation."
    first = abstained[0]
    return f"It abstains for {len(abstained)} exercises, such as {first['exercise']}: {first['reason']['text']}"


def _summary(report: Report) -> Text:
    return Text(report.summary["text"])


def _hops(report: Report) -> Text:
    return Text("   ".join(f"{name} {milliseconds:,.0f} ms" for name, milliseconds in report.hops_ms.items()))


def _urls(report: Report) -> Text:
    lines = [f"{name:<12}{address}" for name, address in report.urls.items()]
    lines.append(f"{'sign in':<12}{report.login['email']} with the password {report.login['password']}")
    if not report.still_running:
        lines.append("The stack has stopped again: `make up` starts it, and these addresses answer.")
    return Text("\n".join(lines))
