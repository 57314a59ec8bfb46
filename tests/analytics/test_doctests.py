"""Every example in a docstring of the room is true."""

import doctest
import importlib
import pkgutil

import pytest

import analytics

MODULES = sorted(module.name for module in pkgutil.walk_packages(analytics.__path__, "analytics."))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
