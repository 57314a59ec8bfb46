"""`loadstone demo`: the main job from a training log to recommendations, on one screen."""

from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from loadstone import demo, demo_report, demo_screen, settings


@click.command("demo")
@click.option("--log", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A Strong or Hevy export.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def demo_command(log: Path | None, *, as_json: bool) -> None:
    """Record a training log, analyse it and show what it means."""
    with _bar() as bar:
        task = bar.add_task("starting", total=1.0)
        report = demo.run(
            settings.load(), log, lambda doing, share: bar.update(task, description=doing, completed=min(share, 1.0))
        )
        bar.update(task, description="done", completed=1.0)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(demo_report.as_json(report))).decode())
    else:
        demo_screen.show(report, Console())


def _bar() -> Progress:
    """On the error stream, so that the standard output is the result alone."""
    columns = (TextColumn("{task.description:<44}"), BarColumn(40), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
