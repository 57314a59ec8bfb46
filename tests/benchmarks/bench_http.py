"""Processor time of recording and reading a workout: Loadstone, the bare statement, and the usual stack."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from uuid import UUID

import uvloop
from msgspec import Struct, field

from tests.benchmarks import agreement, fastapi_variant, sample, servers
from tests.benchmarks.bare import Bare
from tests.benchmarks.contenders import OverHttp, Statements, Work
from tests.benchmarks.database import Database, driver, new_athletes, temporary_database
from tests.benchmarks.figures import median, ratios, spread
from tests.benchmarks.http_client import Connection
from tests.benchmarks.measure import Samples, measure
from tests.benchmarks.servers import Server
from tests.benchmarks.table import table, verdict

CONNECTIONS = 4
REQUESTS = {Work.POST: 240, Work.GET: 800, Work.PAGE: 240}
LOADSTONE, VARIANT, SERVED_BARE, BARE = "Loadstone", "FastAPI variant", "bare asyncpg over HTTP", Statements.name
MOST_OF_BARE = {Work.POST: 1.6, Work.GET: 2.3}
LEAST_OF_VARIANT = {Work.POST: 6.0, Work.GET: 10.0, Work.PAGE: 35.0}


class Plan(Struct, frozen=True, kw_only=True):
    """How much is asked: `requests` by each contender in each of the rounds, `warm_up` before."""

    rounds: int = 7
    warm_up: int = 400
    requests: dict[Work, int] = field(default_factory=REQUESTS.copy)

    @property
    def workouts(self) -> int:
        return self.warm_up + self.rounds * self.requests[Work.POST]


FULL = Plan()


def main(plan: Plan = FULL) -> None:
    with temporary_database() as database:
        at = (database.dsn, database.folder)
        asyncio.run(fastapi_variant.create_tables(database.dsn))
        compared = {
            LOADSTONE: servers.loadstone(*at),
            VARIANT: servers.variant(*at),
            SERVED_BARE: servers.bare(*at, workouts=plan.workouts),
        }
        with servers.running(*compared.values()):
            samples = uvloop.run(_samples(database, compared, plan))
    print(_times(samples, plan.rounds))
    print(_ratios(samples))


async def _samples(database: Database, compared: Mapping[str, Server], plan: Plan) -> Samples:
    async with AsyncExitStack() as stack:
        over_http = {name: await _over_http(stack, database, name, server) for name, server in compared.items()}
        bare = Statements(await _bare(stack, database.dsn, await new_athletes(database.dsn, CONNECTIONS)))
        first = next(sample.workouts())
        await agreement.check(over_http[LOADSTONE], over_http[VARIANT], bare.connections[0], first, dsn=database.dsn)
        return await measure(
            (bare, *over_http.values()),
            plan.requests,
            rounds=plan.rounds,
            warm_up=plan.warm_up,
            database_pid=database.pid,
        )


async def _over_http(stack: AsyncExitStack, database: Database, name: str, server: Server) -> OverHttp:
    athletes = await new_athletes(database.dsn, CONNECTIONS)
    await fastapi_variant.add_clocks(database.dsn, athletes)
    tokens = [server.token(athlete_id) for athlete_id in athletes]
    connections = [await stack.enter_async_context(Connection(server.child.port, token)) for token in tokens]
    return OverHttp(name, server.pid, connections)


async def _bare(stack: AsyncExitStack, dsn: str, athletes: Sequence[UUID]) -> list[Bare]:
    connections: list[Bare] = []
    for athlete_id in athletes:
        connection = await driver.connect(dsn)
        stack.push_async_callback(connection.close)
        connections.append(Bare(connection, athlete_id))
        await connections[-1].prepare()
    return connections


def _times(samples: Samples, rounds: int) -> str:
    rows = [
        (
            *(work, name, f"{median([one.own_ms for one in taken]):.3f}", spread([one.own_ms for one in taken], 3)),
            f"{median([one.database_ms for one in taken]):.3f}",
        )
        for (work, name), taken in samples.items()
    ]
    title = f"Processor time a request in ms, medians of {rounds} interleaved rounds, {CONNECTIONS} connections"
    return table(title, ("work", "by", "client or server", "quartiles", "PostgreSQL"), rows)


def _ratios(samples: Samples) -> str:
    rows: list[tuple[str, ...]] = []
    for floor in (BARE, SERVED_BARE):
        rows += [_ratio(samples, work, LOADSTONE, floor, at_most=MOST_OF_BARE.get(work)) for work in Work]
    rows += [_ratio(samples, work, VARIANT, LOADSTONE, at_least=LEAST_OF_VARIANT[work]) for work in Work]
    return table("Ratios, round by round", ("work", "", "ratio", "quartiles", "goal"), rows)


def _ratio(
    samples: Samples, work: Work, name: str, other: str, *, at_most: float | None = None, at_least: float | None = None
) -> tuple[str, ...]:
    found = ratios(_own(samples, work, name), _own(samples, work, other))
    goal = verdict(median(found), at_most=at_most, at_least=at_least)
    return work, f"{name} / {other}", f"{median(found):.2f}", spread(found), goal


def _own(samples: Samples, work: Work, name: str) -> list[float]:
    return [one.own_ms for one in samples[work, name]]
