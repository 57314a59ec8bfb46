"""Whatever is killed, whenever: nothing acknowledged is lost, nothing is counted twice, every number is as recomputed.

`make test` draws a few seeds; `LOADSTONE_KILL_SEEDS=50 pytest tests/scenarios` draws them all.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.scenarios import audit
from tests.scenarios.cluster import Cluster, Part
from tests.scenarios.load import Recorder

SEEDS = int(os.environ.get("LOADSTONE_KILL_SEEDS", "4"))
ATHLETES, WORKOUTS, PAUSE_S = 3, 10, 0.1
WITHIN_S = 90.0

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("kill")]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="loadstone-kill-"))
    with Cluster(folder) as running:
        yield running
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_a_kill_at_any_instant_loses_and_doubles_nothing(cluster: Cluster, seed: int) -> None:
    chance = Random(seed)
    part = list(Part)[seed % len(Part)]
    recorders = await _while_recording(cluster, chance, part, lose_store=part is Part.TEMPORAL and seed % 8 == 2)
    await audit.settle(cluster.postgres.dsn, within_s=WITHIN_S)
    for recorder in recorders:
        assert recorder.unexpected == []
        assert await audit.faults(cluster.postgres.dsn, recorder.athlete_id, recorder.acknowledged) == []
        assert await audit.unequal_documents(cluster.postgres.dsn, recorder.athlete_id) == []


async def _while_recording(cluster: Cluster, chance: Random, part: Part, *, lose_store: bool) -> list[Recorder]:
    """Record on every athlete at once and kill the part at a drawn instant meanwhile."""
    recorders = [Recorder(cluster.api.url, chance) for _ in range(ATHLETES)]
    for recorder in recorders:
        await recorder.register()
    instant_s = chance.uniform(0, WORKOUTS * PAUSE_S)
    await asyncio.gather(
        _kill(cluster, part, instant_s, lose_store=lose_store),
        *(recorder.record(WORKOUTS, pause_s=PAUSE_S) for recorder in recorders),
    )
    for recorder in recorders:
        await recorder.close()
    return recorders


async def _kill(cluster: Cluster, part: Part, instant_s: float, *, lose_store: bool) -> None:
    await asyncio.sleep(instant_s)
    cluster.kill(part)
    if lose_store:
        cluster.lose_temporal_store()
    await asyncio.sleep(0.3)
    await asyncio.to_thread(cluster.restart, part)
