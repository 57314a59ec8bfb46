"""Every read of what an athlete owns starts from a VisibleAthlete, which only one module makes."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import models

ROOT = Path(models.__file__).parent
PROJECT = ROOT.parent
# Modules whose functions serve no single athlete, and why.
EXEMPT = {
    "queries/visibility.py": "decides who is visible",
    "queries/accounts.py": "signing in comes before there is an actor",
    "queries/lagging.py": "looks for work over all athletes",
    "queries/samples.py": "draws from all athletes",
    "queries/recorded.py": "draws results of all athletes, each with its VisibleAthlete",
    "queries/population.py": "reanalyses concern all athletes",
    "queries/packed.py": "knows the wire, and no table",
    "queries/schema.py": "the schema belongs to nobody",
    "services/accounts.py": "an account acts on itself",
    "services/catalogue.py": "the catalogue belongs to nobody",
    "services/expiry.py": "forgets what is too old, over all athletes",
    "services/pipelines.py": "pipelines belong to nobody",
    "services/population.py": "reanalyses concern all athletes",
    "services/population_results.py": "results of many athletes, each with its VisibleAthlete",
    "services/promotions.py": "versions of steps belong to nobody",
    "services/workout_rows.py": "pure",
}


def modules() -> list[Path]:
    found = [*ROOT.glob("queries/*.py"), *ROOT.glob("services/*.py")]
    return [path for path in found if str(path.relative_to(ROOT)) not in EXEMPT]


def public_coroutines(path: Path) -> Iterator[ast.AsyncFunctionDef]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_public_functions_take_a_visible_athlete(path: Path) -> None:
    blind = [node.name for node in public_coroutines(path) if "VisibleAthlete" not in ast.unparse(node.args)]
    assert blind == []


def test_only_one_module_makes_a_visible_athlete() -> None:
    rooms = ("api", "workflows", "analytics", "models", "loadstone")
    makers = {
        str(path.relative_to(PROJECT))
        for room in rooms
        for path in (PROJECT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("VisibleAthlete")
    }
    assert makers == {"models/queries/visibility.py"}


def test_the_api_never_takes_the_products_own_view() -> None:
    for path in (PROJECT / "api").rglob("*.py"):
        names = {
            alias.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert "system" not in names, path


@pytest.mark.parametrize("path", EXEMPT)
def test_an_exemption_names_a_module_that_exists(path: str) -> None:
    assert (ROOT / path).is_file()
