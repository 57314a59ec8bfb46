"""The bell that wakes the relay after a commit: rung at most every few milliseconds, never at a request's cost."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.ext.asyncio import AsyncEngine

from models import outbox
from models.db import direct

QUIET_S = 0.05

_log = logging.getLogger("loadstone.api")


class Doorbell:
    """Rings gathered in one process: many commits, one notification. The relay polls too, so a lost ring is no loss."""

    def __init__(self, database: AsyncEngine) -> None:
        self._database = database
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[None]:
        """Pass rings on while the application runs."""
        task = asyncio.create_task(self._pass_on())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _pass_on(self) -> None:
        while True:
            await self._rung.wait()
            self._rung.clear()
            try:
                async with direct(self._database, transaction=False) as session:
                    await outbox.ring(session)
            except Exception as error:
                _log.warning("The doorbell is silent: %s", error)
            await asyncio.sleep(QUIET_S)
