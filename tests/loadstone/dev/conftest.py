"""A folder that PostgreSQL's system user may enter: pytest keeps closing its own ones to others."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="loadstone-test-"))
    yield made
    shutil.rmtree(made)
