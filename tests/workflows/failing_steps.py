"""The steps of the analysis, of which the first fails for whoever has lifted exactly so much, kills its process for
more, and takes its time for others: for processes that are told to use this module.
"""

import os
import time
from typing import Any
from uuid import UUID

from msgspec import structs

from models.db import DatabaseConfig
from models.domain.errors import StepFailed
from workflows import steps
from workflows.build import Build
from workflows.chunk_process import ChunkOrder

FAILING_KG, DEADLY_KG, SLOW_KG = 111, 112, 113
SLOW_S = 30.0


def awkward(training: Any, params: Any) -> Any:
    """The first step, with the moods described above."""
    heaviest_g = training.atoms.get_column("top_load_g").max()
    if heaviest_g == FAILING_KG * 1000:
        raise StepFailed("Nobody lifts that.")
    if heaviest_g == DEADLY_KG * 1000:
        os._exit(1)
    if heaviest_g == SLOW_KG * 1000:
        time.sleep(SLOW_S)
    return steps.STEPS[0].function(training, params)


STEPS = (structs.replace(steps.STEPS[0], function=awkward), *steps.STEPS[1:])


def order(database: DatabaseConfig, build: Build, run_id: UUID, position: int) -> ChunkOrder:
    """An order for a chunk that is to be computed with these steps."""
    return ChunkOrder(
        database=structs.replace(database, pool_size=1),
        build=build,
        run_id=run_id,
        position=position,
        parent_pid=os.getpid(),
        steps=__name__,
    )
