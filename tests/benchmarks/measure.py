"""Processor time a request, contender against contender in turns, so that a busy machine is busy for all of them."""

import asyncio
import gc
from collections.abc import Mapping, Sequence

from msgspec import Struct

from tests.benchmarks.contenders import Contender, Work, run
from tests.benchmarks.processes import cpu_s

SETTLE_S = 0.05


class Sample(Struct, frozen=True, kw_only=True):
    """One round of one contender: milliseconds of processor time a request."""

    own_ms: float
    database_ms: float


Samples = dict[tuple[Work, str], list[Sample]]


async def measure(
    contenders: Sequence[Contender], requests: Mapping[Work, int], *, rounds: int, warm_up: int, database_pid: int
) -> Samples:
    """Every contender does every work once a round, in an order that shifts from round to round."""
    for work in requests:
        for contender in contenders:
            await run(contender.prepare(work, warm_up))
    samples: Samples = {(work, contender.name): [] for work in requests for contender in contenders}
    for number in range(rounds):
        shift = number % len(contenders)
        for work, count in requests.items():
            for contender in (*contenders[shift:], *contenders[:shift]):
                samples[work, contender.name].append(await _sample(contender, work, count, database_pid))
    return samples


async def _sample(contender: Contender, work: Work, requests: int, database_pid: int) -> Sample:
    prepared = contender.prepare(work, requests)
    gc.collect()
    await asyncio.sleep(SETTLE_S)
    own_s, database_s = contender.cpu_s(), cpu_s(database_pid)
    await run(prepared)
    await asyncio.sleep(SETTLE_S)
    return Sample(
        own_ms=(contender.cpu_s() - own_s) / requests * 1000,
        database_ms=(cpu_s(database_pid) - database_s) / requests * 1000,
    )
