"""A worker in a process of its own whose chunks take their time, one after the other: for killing.

Run with a DSN and the address of Temporal.
"""

import asyncio
import sys

from tests.workflows import failing_steps
from tests.workflows.conftest import a_config
from workflows import children, population, worker

if __name__ == "__main__":
    children.chunk_order = failing_steps.order
    population.AT_ONCE = 1
    asyncio.run(worker.run(a_config(sys.argv[1], sys.argv[2])))
