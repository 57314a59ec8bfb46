"""`loadstone up`: the stack in the foreground."""

import signal
from types import FrameType

import click
from rich.console import Console

from loadstone import observability, settings
from loadstone.dev.stack import Stack
from loadstone.dev.state import Addresses
from loadstone.settings import Settings

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
port_option = click.IntRange(1, 65535)


@click.command
@click.option("--api-port", type=port_option, help="Demand this port of the API, else 8000 or a free one.")
@click.option("--postgres-port", type=port_option, help="Demand this port of PostgreSQL, else 54320 or a free one.")
@click.option("--temporal-port", type=port_option, help="Demand this port of Temporal, else 7233 or a free one.")
@click.option("--temporal-ui-port", type=port_option, help="Demand this port of its pages, else 8233 or a free one.")
def up(**ports: int | None) -> None:
    """Start everything on this machine, until Ctrl-C."""
    chosen = settings.load(**ports)
    observability.set_up_logging("WARNING", "text")
    _interrupt_once()
    console = Console(highlight=False)
    try:
        run(chosen, console)
    except KeyboardInterrupt:
        console.print("Stopped.")


def run(chosen: Settings, console: Console) -> None:
    """The stack until it is interrupted; raises if one of its parts dies."""
    with Stack(chosen, report=lambda text: console.print(f"[dim]{text}[/dim]")) as stack:
        for name, address in overview(stack.addresses):
            console.print(f"[bold]{name:14}[/bold] {address}", soft_wrap=True)
        console.print("Ctrl-C stops everything; what was recorded stays.")
        stack.watch()


def overview(addresses: Addresses) -> tuple[tuple[str, str], ...]:
    """What to open, and what it is."""
    return (
        ("API", addresses.api),
        ("Documentation", addresses.docs),
        ("Temporal", addresses.temporal_ui),
        ("PostgreSQL", addresses.database),
    )


def _interrupt_once() -> None:
    """The first signal stops the stack in order; further ones do not disturb that."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for each in SIGNALS:
        signal.signal(each, interrupt)
