"""`loadstone worker`: workflows, steps, the relay of the outbox and the schedules."""

from pathlib import Path

import click

from loadstone import observability, settings


@click.command
@click.option("--queues", help="Queues to serve, by commas: core,cpu,llm,bulk.")
@click.option(
    "--ready-file", type=click.Path(dir_okay=False, path_type=Path), help="Exists while the worker is serving."
)
def worker(queues: str | None, ready_file: Path | None) -> None:
    """Run workflows and steps, and relay the outbox."""
    chosen = settings.load(worker_queues=queues)
    observability.set_up_logging(chosen.log_level, chosen.log_format)
    settings.compute_with_one_thread()
    from workflows.worker import main as run_worker  # noqa: PLC0415 - polars asks for its threads when it is loaded

    try:
        run_worker(chosen.worker, ready=ready_file.touch if ready_file else None)
    finally:
        if ready_file:
            ready_file.unlink(missing_ok=True)
