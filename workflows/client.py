"""Reaching Temporal."""

import asyncio
import logging

from temporalio.client import Client

from workflows.codec import DATA_CONVERTER
from workflows.config import WorkerConfig

logger = logging.getLogger(__name__)

RETRY_S = 1.0


async def connect(config: WorkerConfig) -> Client:
    """A client; waits for as long as Temporal is not there."""
    waiting = False
    while True:
        try:
            return await Client.connect(
                config.temporal_address, namespace=config.temporal_namespace, data_converter=DATA_CONVERTER
            )
        except RuntimeError as error:
            if not waiting:
                logger.warning("Temporal at %s is not there yet: %s", config.temporal_address, error)
            waiting = True
            await asyncio.sleep(RETRY_S)
