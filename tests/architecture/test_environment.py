"""Only loadstone/settings.py reads the environment."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("analytics", "api", "loadstone", "migrations", "models", "workflows")
NAMES = {"environ", "environb", "getenv", "getenvb"}


def uses(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        attribute = isinstance(node, ast.Attribute) and node.attr in NAMES
        imported = isinstance(node, ast.ImportFrom) and node.module == "os" and {a.name for a in node.names} & NAMES
        option = isinstance(node, ast.keyword) and node.arg in {"envvar", "auto_envvar_prefix"}
        if attribute or imported or option:
            yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def test_only_the_settings_read_the_environment() -> None:
    found = [use for room in ROOMS for path in (ROOT / room).rglob("*.py") for use in uses(path)]
    assert [] == [use for use in found if not use.startswith("loadstone/settings.py:")]
    assert found
