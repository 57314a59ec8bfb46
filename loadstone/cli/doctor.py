"""`loadstone doctor`: what Loadstone needs on this machine, and whether it is there."""

import click
import msgspec
from rich.console import Console
from rich.table import Table

from loadstone import checks, settings
from loadstone.checks import Finding, Status

COLOURS = {Status.OK: "green", Status.NOTE: "yellow", Status.FAILED: "red"}


@click.command
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Check what Loadstone needs on this machine."""
    findings = checks.run(settings.load())
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(findings)).decode())
    else:
        Console().print(table(findings))
    if any(finding.status is Status.FAILED for finding in findings):
        context.exit(1)


def table(findings: list[Finding]) -> Table:
    shown = Table("check", "status", "found")
    for finding in findings:
        status = f"[{COLOURS[finding.status]}]{finding.status.value}[/]"
        shown.add_row(finding.check, status, finding.found)
    return shown
