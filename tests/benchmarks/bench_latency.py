"""From a workout's 201 to its visible metrics, on the whole real stack: idle, and under a steady load."""

import asyncio
import os
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from uuid import UUID

import uvloop
from msgspec import Struct

from loadstone.dev import ports
from loadstone.dev.stack import Stack
from loadstone.settings import Settings
from tests.benchmarks.athlete import Athlete
from tests.benchmarks.database import driver, new_athletes, temporary_folder
from tests.benchmarks.figures import percentile
from tests.benchmarks.http_client import Connection
from tests.benchmarks.processes import busy_s, cpu_s
from tests.benchmarks.servers import SIGNING_KEYS, token
from tests.benchmarks.table import table, verdict
from tests.benchmarks.visibility import Watch

DRAIN_WITHIN_S = 120.0
PAUSE_S = 0.3
IDLE_P50_MS, IDLE_P99_MS, LOAD_P99_MS = 300, 1000, 5000
HEAD = ("case", "", "value", "goal")


class Plan(Struct, frozen=True, kw_only=True):
    """How much is recorded, by whom, how fast; `history` workouts come before, for each athlete."""

    idle_workouts: int = 60
    idle_history: int = 200
    athletes: int = 50
    history: int = 20
    per_second: float = 20.0
    seconds: float = 30.0


class Used(Struct, frozen=True, kw_only=True):
    """Processor seconds up to an instant, or between two: a share of a busy machine explains a slow figure."""

    at: float
    stack_s: float
    client_s: float
    machine_s: float

    def since(self, before: "Used") -> "Used":
        return Used(
            at=self.at - before.at,
            stack_s=self.stack_s - before.stack_s,
            client_s=self.client_s - before.client_s,
            machine_s=self.machine_s - before.machine_s,
        )


class Loaded(Struct, frozen=True, kw_only=True):
    """What the load case showed; `drained_s` is None when work was left in the end."""

    workouts: int
    seconds: float
    answers_s: list[float]
    delays_s: list[float]
    peak_events: int
    peak_athletes: int
    drained_s: float | None
    used: Used


FULL = Plan()


def main(plan: Plan = FULL) -> None:
    with temporary_folder() as folder, Stack(settings(folder)) as stack:
        print(_idle_table(uvloop.run(_idle(stack, plan)), plan))
        print(_load_table(uvloop.run(_load(stack, plan)), plan))


def settings(folder: Path) -> Settings:
    """Of a stack of the benchmark's own."""
    api, postgres, temporal, temporal_ui = ports.free_ports(4)
    return Settings(
        state=folder,
        signing_keys=SIGNING_KEYS,
        api_port=api,
        postgres_port=postgres,
        temporal_port=temporal,
        temporal_ui_port=temporal_ui,
    )


async def _idle(stack: Stack, plan: Plan) -> list[float]:
    """One athlete, one workout after the other, each when the work of the one before is long done."""
    chance = Random(0)
    delays_s: list[float] = []
    async with AsyncExitStack() as context:
        (athlete,) = await _athletes(context, stack, count=1, history=plan.idle_history)
        watch = await _watch(context, stack, [athlete.athlete_id])
        await athlete.visible(await athlete.record_history())
        for _ in range(plan.idle_workouts):
            await watch.drained(within_s=DRAIN_WITHIN_S)
            await asyncio.sleep(PAUSE_S + chance.random())
            version = await athlete.record()
            recorded_at = time.perf_counter()
            await athlete.visible(version)
            delays_s.append(time.perf_counter() - recorded_at)
    return delays_s


async def _load(stack: Stack, plan: Plan) -> Loaded:
    """Workouts at the times of a fixed timetable, whether or not the ones before are done."""
    async with AsyncExitStack() as context:
        athletes = await _athletes(context, stack, count=plan.athletes, history=plan.history)
        await asyncio.gather(*(athlete.record_history() for athlete in athletes))
        watch = await _watch(context, stack, [athlete.athlete_id for athlete in athletes])
        await watch.drained(within_s=DRAIN_WITHIN_S)
        watch.backlogs.clear()
        before, started_at = _used(stack), time.perf_counter()
        count = round(plan.per_second * plan.seconds)
        timetable = ((athletes[at % len(athletes)], started_at + at / plan.per_second) for at in range(count))
        answers_s = await asyncio.gather(*(_record_at(athlete, watch, due_at) for athlete, due_at in timetable))
        seconds = time.perf_counter() - started_at
        drained_s = await watch.drained(within_s=DRAIN_WITHIN_S)
        used = _used(stack).since(before)
    return Loaded(
        workouts=count,
        seconds=seconds,
        answers_s=list(answers_s),
        delays_s=watch.delays_s,
        peak_events=max(sample.events for sample in watch.backlogs),
        peak_athletes=max(sample.athletes for sample in watch.backlogs),
        drained_s=drained_s,
        used=used,
    )


def _used(stack: Stack) -> Used:
    children = (stack.postgres, stack.temporal, stack.worker, stack.api)
    return Used(
        at=time.perf_counter(),
        stack_s=sum(cpu_s(child.process.pid) for child in children if child.process is not None),
        client_s=time.process_time(),
        machine_s=busy_s(),
    )


async def _record_at(athlete: Athlete, watch: Watch, due_at: float) -> float:
    await asyncio.sleep(max(0.0, due_at - time.perf_counter()))
    version = await athlete.record()
    watch.recorded(athlete.athlete_id, version)
    return time.perf_counter() - due_at


async def _athletes(context: AsyncExitStack, stack: Stack, *, count: int, history: int) -> list[Athlete]:
    athlete_ids = await new_athletes(stack.postgres.dsn, count)
    athletes: list[Athlete] = []
    for athlete_id in athlete_ids:
        connection = await context.enter_async_context(Connection(stack.api.port, token(athlete_id)))
        athletes.append(Athlete(connection, athlete_id, history))
    return athletes


async def _watch(context: AsyncExitStack, stack: Stack, athletes: Sequence[UUID]) -> Watch:
    connection = await driver.connect(stack.postgres.dsn)
    context.push_async_callback(connection.close)
    watch = Watch(connection, athletes)
    task = asyncio.create_task(watch.run())
    context.push_async_callback(asyncio.wait, [task])
    context.callback(task.cancel)
    return watch


def _idle_table(delays_s: Sequence[float], plan: Plan) -> str:
    found = {percent: percentile(delays_s, percent) * 1000 for percent in (50, 99)}
    case = f"idle, {len(delays_s)} workouts, one athlete with {plan.idle_history} before"
    rows = [
        (case, "p50", f"{found[50]:.0f} ms", verdict(found[50], at_most=IDLE_P50_MS)),
        (case, "p99", f"{found[99]:.0f} ms", verdict(found[99], at_most=IDLE_P99_MS)),
        (case, "least, most", f"{min(delays_s) * 1000:.0f}, {max(delays_s) * 1000:.0f} ms", ""),
    ]
    return table("From a workout's 201 to its visible metrics", HEAD, rows)


def _load_table(loaded: Loaded, plan: Plan) -> str:
    case = f"{plan.per_second:g} workouts/s, {plan.athletes} athletes, {loaded.seconds:.0f} s"
    shares = {percent: percentile(loaded.delays_s, percent) * 1000 for percent in (50, 99)}
    lost = loaded.workouts - len(loaded.delays_s)
    drained = "never" if loaded.drained_s is None else f"{loaded.drained_s:.2f} s"
    rows = [
        (case, "p50", f"{shares[50]:.0f} ms", ""),
        (case, "p99", f"{shares[99]:.0f} ms", verdict(shares[99], at_most=LOAD_P99_MS)),
        (case, "most", f"{max(loaded.delays_s) * 1000:.0f} ms", ""),
        (case, "not visible in the end", str(lost), verdict(lost, at_most=0)),
        (case, "backlog at most: events, athletes", f"{loaded.peak_events}, {loaded.peak_athletes}", ""),
        (case, "backlog back to 0 after", drained, "0 " + ("MISSED" if loaded.drained_s is None else "met")),
        (case, "answer to POST: p50, p99", _pair(loaded.answers_s), ""),
        (case, "processor time of the stack a workout", f"{loaded.used.stack_s / loaded.workouts * 1000:.0f} ms", ""),
        (case, f"cores: stack, client, others (of {os.cpu_count()})", _cores(loaded.used), ""),
    ]
    return table("The same under load", HEAD, rows)


def _cores(used: Used) -> str:
    others_s = used.machine_s - used.stack_s - used.client_s
    return ", ".join(f"{seconds / used.at:.2f}" for seconds in (used.stack_s, used.client_s, others_s))


def _pair(values_s: Sequence[float]) -> str:
    return f"{percentile(values_s, 50) * 1000:.0f}, {percentile(values_s, 99) * 1000:.0f} ms"
