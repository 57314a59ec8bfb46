"""The examples in the workbench's docstrings hold."""

import doctest
import importlib
import pkgutil

import pytest

import workflows.steps

MODULES = [module.name for module in pkgutil.iter_modules(workflows.steps.__path__, "workflows.steps.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
