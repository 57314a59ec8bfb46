"""A copy of the project without one step, with a stack of its own: where a page of documentation is followed."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path

from loadstone import settings
from loadstone.dev import ports
from models.db import DatabaseConfig

PROJECT = Path(__file__).parents[2]
ROOMS = ("analytics", "api", "loadstone", "migrations", "models", "workflows")
OTHERS = ("pyproject.toml", "tests/analytics/histories.py")
# Where the step is named: the visible tuple, and what a new database begins with.
STEPS, PIPELINES = "workflows/steps/__init__.py", "models/services/pipelines.py"
LAST = "    summarise_v1(None),\n"
PORTS = ("API", "POSTGRES", "TEMPORAL", "TEMPORAL_UI")
PATIENCE_S = 60.0


class Workplace:
    """The copy, in a folder that PostgreSQL's system user may enter."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        numbers = dict(zip(PORTS, ports.free_ports(len(PORTS)), strict=True))
        self.api = f"http://127.0.0.1:{numbers['API']}"
        self.environment = {
            **os.environ,
            **{f"LOADSTONE_{name}_PORT": str(number) for name, number in numbers.items()},
            "LOADSTONE_STATE": str(folder / "state"),
            "PYTHONPATH": str(folder),
        }

    def copy_without(self, name: str, files: Iterable[str]) -> None:
        """Copy the project but for the step, its files and where it is named."""
        for room in ROOMS:
            shutil.copytree(PROJECT / room, self.folder / room, ignore=shutil.ignore_patterns("__pycache__"))
        for path in OTHERS:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / path, self.folder / path)
        for path in files:
            (self.folder / path).unlink(missing_ok=True)
        named = re.compile(
            rf'^from .* import {name}_v1\n|^ *{name}_v1,\n|^ *PipelineStep\("{name}", 1\),\n', re.MULTILINE
        )
        for path in (STEPS, PIPELINES):
            file = self.folder / path
            file.write_text(named.sub("", file.read_text()))

    def write(self, files: Mapping[str, str], *, imported: str, entry: str) -> None:
        """Write files of a step, and its entry."""
        for path, text in files.items():
            (self.folder / path).write_text(text)
        steps = self.folder / STEPS
        text = steps.read_text().replace("from workflows.steps.", f"{imported}\nfrom workflows.steps.", 1)
        assert LAST in text
        steps.write_text(text.replace(LAST, f"{entry}{LAST}", 1))

    def python(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Python in the copy, to its end."""
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )

    @contextmanager
    def up(self) -> Generator[None]:
        """`loadstone up`, from when it is ready until the end of the block."""
        command = [sys.executable, "-m", "loadstone", "up"]
        told = [""]
        with subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as stack:
            try:
                assert stack.stdout is not None
                while "Ctrl-C" not in told[-1]:
                    told.append(stack.stdout.readline())
                    assert told[-1], "".join(told)
                yield
            finally:
                stack.terminate()
                stack.communicate()

    @property
    def database(self) -> DatabaseConfig:
        """The stack's database."""
        return settings.load(self.environment).database
