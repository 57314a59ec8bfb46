"""A worker in a process of its own whose chunks take their time: for killing. Run with a DSN and Temporal's address."""

import asyncio
import sys

from tests.workflows import failing_steps
from tests.workflows.conftest import a_config
from workflows import children, worker

if __name__ == "__main__":
    children.chunk_order = failing_steps.order
    asyncio.run(worker.run(a_config(sys.argv[1], sys.argv[2])))
