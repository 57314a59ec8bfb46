"""The core metrics of 5 million sets beside the same in pandas and beside a mere scan; by size; and of one athlete.

A population is computed with a thread a processor, one athlete as a worker does it: in a process with one thread.

python -m tests.benchmarks core
"""

import gc
import multiprocessing
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl
from msgspec import Struct

from analytics.core import Core, core, of_population
from tests.benchmarks import pandas_core
from tests.benchmarks.agreement import Disagreement
from tests.benchmarks.figures import median, ratios, spread
from tests.benchmarks.generated import generated, one_athlete
from tests.benchmarks.table import table, verdict

CORE, SMALL, SCAN, PANDAS = "core", "core of a sixteenth", "scan of parquet", "pandas"
ONE, ONE_PANDAS = "core of one athlete", "pandas of one athlete"
TIMES_LARGER = 16
USED = {
    "sets": (
        *("session", "exercise_id", "kind", "load_mode", "reps", "load_g"),
        *("rpe_tenths", "rir_tenths", "duration_ms", "side"),
    ),
    "workouts": ("athlete", "session", "performed_on", "duration_s", "session_rpe_tenths"),
    "bodyweights": ("athlete", "day", "bodyweight_g"),
}


class Plan(Struct, frozen=True, kw_only=True):
    """`sets` of a population, `one` athlete's sets, so many `rounds`; one athlete is computed `times` a round."""

    sets: int = 5_000_000
    one: int = 4_000
    rounds: int = 7
    times: int = 20


class Taken(Struct, frozen=True, kw_only=True):
    """One round of one contender, in nanoseconds a set: by the clock, and of all processors."""

    elapsed_ns: float
    processor_ns: float


FULL = Plan()
Contenders = Mapping[str, tuple[Callable[[], object], int, int]]


def main(plan: Plan = FULL) -> None:
    with TemporaryDirectory() as folder:
        found = _rounds(_of_population(plan, Path(folder)), plan.rounds)
    found |= in_a_worker(plan)
    print(_times(found, plan))
    print(_ratios(found))


def in_a_worker(plan: Plan) -> dict[str, list[Taken]]:
    """The rounds of one athlete, in a new process that computes with one thread."""
    before = os.environ.get("POLARS_MAX_THREADS")
    os.environ["POLARS_MAX_THREADS"] = "1"
    try:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            return pool.submit(_one, plan).result()
    finally:
        os.environ.pop("POLARS_MAX_THREADS")
        os.environ.update({} if before is None else {"POLARS_MAX_THREADS": before})


def _one(plan: Plan) -> dict[str, list[Taken]]:
    one = one_athlete(plan.one)
    in_pandas = pandas_core.frames(one)
    agree(core(one), pandas_core.core(in_pandas))
    contenders: Contenders = {
        ONE_PANDAS: (lambda: pandas_core.core(in_pandas), one.sets.height, plan.times),
        ONE: (lambda: core(one), one.sets.height, plan.times),
    }
    return _rounds(contenders, plan.rounds)


def _of_population(plan: Plan, folder: Path) -> Contenders:
    """What to run, of how many sets, how often a round. The outputs were compared by then."""
    everybody, part = generated(plan.sets), generated(plan.sets // TIMES_LARGER)
    in_pandas = pandas_core.frames(everybody)
    agree(of_population(everybody), pandas_core.core(in_pandas))
    for name in USED:
        getattr(everybody, name).write_parquet(folder / name)
    rows = {name: history.sets.height for name, history in ((CORE, everybody), (SMALL, part))}
    return {
        PANDAS: (lambda: pandas_core.core(in_pandas), rows[CORE], 1),
        CORE: (lambda: of_population(everybody), rows[CORE], 1),
        SCAN: (lambda: _scanned(folder), rows[CORE], 1),
        SMALL: (lambda: of_population(part), rows[SMALL], TIMES_LARGER),
    }


def _scanned(folder: Path) -> list[pl.DataFrame]:
    return [pl.scan_parquet(folder / name).select(columns).collect() for name, columns in USED.items()]


def agree(ours: Core, theirs: Mapping[str, Any]) -> None:
    """Integers and texts to the digit, floats (averages, monotony, strain) to the ninth; raises Disagreement."""
    for name, rows in theirs.items():
        own: pl.DataFrame = getattr(ours, name)
        own = own.rename({"week_start": "week"} if "week_start" in own.columns else {})
        own = own.rename({"performed_on": "day"} if "performed_on" in own.columns else {})
        if own.height != len(rows):
            raise Disagreement(f"{name}: {own.height} rows beside {len(rows)}.")
        for column in own.columns:
            _same(f"{name}.{column}", own.get_column(column), rows[column])


def _same(what: str, ours: pl.Series, theirs: Any) -> None:
    if ours.dtype == pl.String:
        alike = ours.to_list() == theirs.astype(object).tolist()
    elif ours.dtype == pl.Float64:
        alike = np.allclose(ours.to_numpy(), theirs.to_numpy(), rtol=1e-9, atol=1e-9, equal_nan=True)
    else:
        alike = np.array_equal(
            ours.to_physical().cast(pl.Float64).to_numpy(), theirs.to_numpy().astype(float), equal_nan=True
        )
    if not alike:
        raise Disagreement(f"{what} differs.")


def _rounds(contenders: Contenders, rounds: int) -> dict[str, list[Taken]]:
    """Each contender once a round, in an order that shifts; a round before the first one warms up."""
    found: dict[str, list[Taken]] = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(rounds + 1):
        shift = number % len(names)
        for name in (*names[shift:], *names[:shift]):
            taken = _taken(*contenders[name])
            if number:
                found[name].append(taken)
    return found


def _taken(run: Callable[[], object], sets: int, times: int) -> Taken:
    gc.collect()
    processor_ns, started_ns = time.process_time_ns(), time.perf_counter_ns()
    for _ in range(times):
        run()
    elapsed_ns = time.perf_counter_ns() - started_ns
    count = sets * times
    return Taken(elapsed_ns=elapsed_ns / count, processor_ns=(time.process_time_ns() - processor_ns) / count)


def _times(found: Mapping[str, list[Taken]], plan: Plan) -> str:
    rows = [
        (
            name,
            f"{median([one.elapsed_ns for one in taken]):.1f}",
            spread([one.elapsed_ns for one in taken], 1),
            f"{median([one.processor_ns for one in taken]):.1f}",
        )
        for name, taken in found.items()
    ]
    title = f"Core metrics, ns a set, medians of {plan.rounds} interleaved rounds, {pl.thread_pool_size()} threads"
    return table(title, ("", "elapsed", "quartiles", "processor"), rows, words=1)


def _ratios(found: Mapping[str, list[Taken]]) -> str:
    goals: tuple[tuple[str, str, dict[str, float]], ...] = (
        (PANDAS, CORE, {"at_least": 3}),
        (CORE, SCAN, {"at_most": 8}),
        (CORE, SMALL, {"at_most": 1.2}),
        (ONE_PANDAS, ONE, {"at_least": 9}),
    )
    rows: list[tuple[str, ...]] = []
    for name, other, goal in goals:
        elapsed, processor = (
            ratios(*([getattr(one, what) for one in found[which]] for which in (name, other)))
            for what in ("elapsed_ns", "processor_ns")
        )
        value = median(elapsed)
        own = (f"{value:.2f}", spread(elapsed), verdict(value, **goal), f"{median(processor):.2f}")
        rows.append((f"{name} / {other}", *own))
    return table("Ratios, round by round", ("", "elapsed", "quartiles", "goal", "processor"), rows, words=1)
