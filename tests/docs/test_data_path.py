"""The map of the data path leads only to places that exist."""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PLACE = re.compile(r"`([a-z_/]+\.py)(?:::(\w+))?`")
PLACES = PLACE.findall((PROJECT / "docs" / "data-path.md").read_text())


@pytest.mark.parametrize(("path", "name"), PLACES)
def test_each_place_exists(path: str, name: str) -> None:
    tree = ast.parse((PROJECT / path).read_text())
    assert not name or name in _names(tree)


def test_the_map_names_every_room() -> None:
    assert {path.split("/")[0] for path, _ in PLACES} == {"api", "workflows", "analytics", "models"}


def _names(tree: ast.Module) -> set[str]:
    named = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    assigned = {ast.unparse(node.target) for node in tree.body if isinstance(node, ast.AnnAssign)}
    assigned |= {ast.unparse(target) for node in tree.body if isinstance(node, ast.Assign) for target in node.targets}
    return assigned | {node.name for node in tree.body if isinstance(node, named)}
