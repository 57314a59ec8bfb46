"""The examples in the domain's docstrings, and the demo's, are true."""

import doctest
import importlib
import pkgutil

import pytest

import models.domain

MODULES = [f"models.domain.{module.name}" for module in pkgutil.iter_modules(models.domain.__path__)]


@pytest.mark.parametrize("name", [*MODULES, "loadstone.demo_screen"])
def test_the_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
