"""Which code a step is: one digest over its function's source, everything of ours that this reaches, and parameters."""

import ast
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from workflows.steps import runner
from workflows.steps.step import Step

# What decides numbers. The rest of what a loader reaches, such as connections, does not.
OURS = ("analytics", "models.domain", "models.queries", "workflows.steps")


def code_digest(step: Step) -> str:
    """Equal for equal numbers of equal inputs: the libraries' versions aside, which stand in the lock's digest."""
    also = None if step.also_decided_by is None else dict(step.also_decided_by())
    return runner.digest(
        {
            "step": f"{step.name}@{step.version}",
            "documents": step.documents,
            "params": runner.params(step),
            "also_decided_by": also,
            "sources": sources(step),
        }
    )


def sources(step: Step) -> dict[str, str]:
    """The digest of each module reached; a function without a file is its own source, as in a notebook."""
    found: dict[str, str] = {}
    for function in (step.function, step.load):
        bound = (function.args, function.keywords) if isinstance(function, partial) else None
        plain = inspect.unwrap(function.func if isinstance(function, partial) else function)
        name = f"{plain.__module__}.{plain.__qualname__}"
        if (path := _file_of(plain)) is None:
            found[name] = _digest(inspect.getsource(plain).encode())
        else:
            _reach(plain.__module__, path, found)
            # Which function of the module it is, and what is bound to it.
            found[name] = runner.digest(bound) if bound else ""
    return found


def _file_of(function: Callable[..., Any]) -> Path | None:
    file = getattr(sys.modules.get(function.__module__), "__file__", None)
    return None if file is None or not Path(file).is_file() else Path(file)


def _reach(module: str, path: Path, found: dict[str, str]) -> None:
    if module in found:
        return
    source = path.read_bytes()
    found[module] = _digest(source)
    for name in _imported(source):
        if (inner := _ours(name)) is not None:
            _reach(name, inner, found)


@cache
def _imported(source: bytes) -> tuple[str, ...]:
    return tuple(_named(ast.parse(source)))


def _named(tree: ast.Module) -> Iterator[str]:
    """The modules that a source names; of what is taken from one, also what may be a module in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            modules = [name for name in inner if _ours(name) is not None]
            # A package whose modules alone are taken says nothing itself.
            yield from modules if len(modules) == len(inner) else (*modules, node.module)


def _ours(module: str) -> Path | None:
    """The file of a module of ours that may decide numbers."""
    if not any(module == room or module.startswith(f"{room}.") for room in OURS):
        return None
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return None
    return None if spec is None or spec.origin is None else Path(spec.origin)


def _digest(source: bytes) -> str:
    return sha256(source).hexdigest()
