"""What an installation gets: locked packages without addresses, and an image that holds every room."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ROOMS = PROJECT["tool"]["hatch"]["build"]["packages"]
LOCKS = ("requirements.lock", "requirements-runtime.lock")


def name_of(requirement: str) -> str:
    return re.split(r"[\s\[<>=!~;]", requirement, maxsplit=1)[0].lower()


def locked(lock: str) -> dict[str, int]:
    """The locked packages, and how many hashes each has."""
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text())
    return {name_of(entry): entry.count("--hash=sha256:") for entry in entries if "==" in entry}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_addresses(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_its_hashes(lock: str) -> None:
    assert [] == [name for name, hashes in locked(lock).items() if hashes == 0]


def test_the_locks_hold_what_the_project_asks_for() -> None:
    runtime = {name_of(line) for line in PROJECT["project"]["dependencies"]}
    groups = [*PROJECT["dependency-groups"].values(), *PROJECT["project"]["optional-dependencies"].values()]
    others = {name_of(line) for group in groups for line in group}
    assert runtime <= set(locked("requirements-runtime.lock"))
    assert runtime | others <= set(locked("requirements.lock"))


def test_production_leaves_the_laptops_servers_out() -> None:
    stack = {name_of(line) for line in PROJECT["project"]["optional-dependencies"]["stack"]}
    assert stack.isdisjoint(locked("requirements-runtime.lock"))


def test_every_room_is_in_the_wheel_and_in_the_image() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert found == set(ROOMS)
    image = (ROOT / "Dockerfile").read_text()
    allowed = (ROOT / ".dockerignore").read_text()
    assert [] == [room for room in ROOMS if f"COPY {room} {room}" not in image or f"!{room}" not in allowed]


def test_the_image_does_not_run_as_root() -> None:
    assert re.findall(r"^USER (.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[-1] == "loadstone"
