"""Which code and which libraries compute here: part of every number's lineage."""

import subprocess
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

from msgspec import Struct

from workflows.steps.code import code_digest
from workflows.steps.step import Step

UNKNOWN = "unknown"


class Build(Struct, frozen=True, kw_only=True):
    """The revision, the libraries, and the digest of each step's code by `name@version`."""

    git_revision: str
    lock_digest: str
    codes: dict[str, str] = {}

    def code(self, step: str, version: int) -> str | None:
        """The digest of a step's code; None of one that was not there when the worker started."""
        return self.codes.get(f"{step}@{version}")


def this_build(git_revision: str | None, steps: Sequence[Step] = ()) -> Build:
    """The running build; computed once when a worker starts."""
    codes = {f"{step.name}@{step.version}": code_digest(step) for step in steps}
    return Build(git_revision=git_revision or _git_revision(), lock_digest=_lock_digest(), codes=codes)


def _git_revision() -> str:
    """The checked-out commit, with a mark if the working tree differs from it."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return UNKNOWN
    return done.stdout.strip()


def _lock_digest() -> str:
    """A digest of every installed distribution's name and version: what a lock file would state."""
    installed = sorted({f"{found.name}=={found.version}" for found in distributions()})
    return sha256("\n".join(installed).encode()).hexdigest()
