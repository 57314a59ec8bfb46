"""A worker in a process of its own whose first step never ends: for killing. Run with a DSN and Temporal's address."""

import asyncio
import sys
import time
from typing import Any

from tests.workflows.conftest import a_config
from tests.workflows.stage import steps
from workflows import worker


def endless(*_: Any) -> Any:
    time.sleep(600)


if __name__ == "__main__":
    asyncio.run(worker.run(a_config(sys.argv[1], sys.argv[2]), steps=steps(endless)))
