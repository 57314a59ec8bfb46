"""Signs of life while an activity works, so that what a killed worker was at is soon given to another one."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from temporalio import activity

HEARTBEAT_S = 1.0


@asynccontextmanager
async def heartbeats() -> AsyncGenerator[None]:
    """Tell Temporal of the activity every second for the time of the block."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(HEARTBEAT_S)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
