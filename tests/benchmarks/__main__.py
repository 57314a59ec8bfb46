"""`python -m tests.benchmarks [NAME ...]`: run all benchmarks, or those named, and print their tables."""

import sys
from collections.abc import Callable

from tests.benchmarks import (
    bench_core,
    bench_http,
    bench_imports,
    bench_intervals,
    bench_latency,
    bench_reanalysis,
    bench_storage,
    bench_sync,
    bench_visible,
)

BENCHMARKS: tuple[tuple[str, Callable[[], None]], ...] = (
    ("http", bench_http.main),
    ("latency", bench_latency.main),
    ("visible", bench_visible.main),
    ("storage", bench_storage.main),
    ("sync", bench_sync.main),
    ("imports", bench_imports.main),
    ("reanalysis", bench_reanalysis.main),
    ("core", bench_core.main),
    ("intervals", bench_intervals.main),
)


def main(names: list[str]) -> None:
    known = dict(BENCHMARKS)
    if unknown := [name for name in names if name not in known]:
        raise SystemExit(f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(known)}.")
    for name in names or known:
        known[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
