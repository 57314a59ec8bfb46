"""`python -m tests.benchmarks [NAME ...]`: run all benchmarks, or those named, and print their tables."""

import importlib
import sys

BENCHMARKS = ("http", "latency", "intervals")


def main(names: list[str]) -> None:
    if unknown := [name for name in names if name not in BENCHMARKS]:
        raise SystemExit(f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}.")
    for name in names or BENCHMARKS:
        importlib.import_module(f"tests.benchmarks.bench_{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
