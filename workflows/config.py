"""What a worker needs to know."""

from msgspec import Struct

from analytics.narrative.writing import WriterConfig
from models.db import DatabaseConfig


class WorkerConfig(Struct, frozen=True, kw_only=True):
    """A worker serves the queues named; the one that serves `core` relays the outbox and keeps the schedules too.

    `llm_calls_per_second` limits the whole `llm` queue, over all workers. `git_revision` enters the lineage of every
    number; without it the worker asks git. Files are worked through by at most `bulk_processes` at the same time.
    """

    database: DatabaseConfig
    temporal_address: str
    temporal_namespace: str = "default"
    queues: tuple[str, ...] = ("core", "cpu", "llm", "bulk")
    cpu_threads: int = 2
    llm_threads: int = 4
    bulk_processes: int = 1
    llm_calls_per_second: float | None = None
    relay_poll_s: float = 0.5
    relay_lease_s: float = 10.0
    relay_batch: int = 500
    sweep_every_s: float = 30.0
    sweep_after_s: float = 20.0
    midnight_every_s: float = 3600.0
    shutdown_s: float = 3.0
    git_revision: str | None = None
    writer: WriterConfig | None = None
