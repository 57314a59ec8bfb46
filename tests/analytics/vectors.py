"""The published vectors of the formulas, where the shared folder is at hand; literal ones stand in the tests."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

PATH = Path(__file__).parents[3] / "shared" / "vectors.json"
# The names that tests have asked for, in this process.
ASKED: set[str] = set()


def names() -> list[str]:
    """Every published name; the test skips where the file is absent."""
    return list(_read())


def vectors(name: str) -> list[Any]:
    """The cases of a formula; the test skips where the file is absent."""
    ASKED.add(name)
    return _read()[name]


def _read() -> dict[str, list[Any]]:
    if not PATH.is_file():
        pytest.skip("the shared vectors are not on this machine")
    return msgspec.json.decode(PATH.read_bytes())
