"""The page on the metrics leads only to code that exists, and names every page that serves them."""

import re
from pathlib import Path

import msgspec
import pytest

from tests.docs.test_data_path import PROJECT, test_each_place_exists

PAGE = (PROJECT / "docs" / "metrics.md").read_text()
PLACES = re.findall(r"`([a-z_0-9/]+\.py)(?:::(\w+))?`", PAGE)
FORMULAS = Path("analytics/metrics")
# What the metrics are made with: no number of its own.
TOOLS = {"__init__", "atoms", "day_bests", "days", "grid", "groups", "muscles", "outcome", "unknown"}


@pytest.mark.parametrize(("path", "name"), PLACES)
def test_each_formula_is_where_the_page_says(path: str, name: str) -> None:
    test_each_place_exists(path, name)


def test_every_module_of_metrics_is_on_the_page() -> None:
    modules = {path.stem for path in (PROJECT / FORMULAS).glob("*.py")} - TOOLS
    assert modules == {Path(path).stem for path, _ in PLACES if Path(path).parent == FORMULAS}


def test_every_page_that_serves_progress_is_named() -> None:
    paths = msgspec.json.decode((PROJECT / "docs" / "api" / "openapi.json").read_bytes())["paths"]
    served = {path.partition("{athlete_id}")[2] for path in paths if "/progress" in path or path.endswith("/records")}
    named = set(re.findall(r"`GET \.\.\.(/[^`?]+)`", PAGE))
    assert served <= named
