"""docs/write-a-step.md, followed word by word in a copy of the project that does not have the step."""

import re
import shlex
import shutil
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import msgspec
import pytest

from loadstone.client import Client, Refused
from models import db
from models.queries.visibility import system
from tests.databases import run
from tests.docs.workplace import PIPELINES, PROJECT, Workplace
from tests.lifters import train
from workflows.steps import STEPS

PAGE = (PROJECT / "docs" / "write-a-step.md").read_text()
ANYTHING = re.MULTILINE | re.DOTALL
FILES = dict(re.findall(r"^`([\w/]+\.py)`\n\n```python\n(.*?)^```$", PAGE, ANYTHING))
ENTRY = re.findall(
    r"^```python\n(from [^\n]+)\n\nSTEPS = \(\n    \.\.\.,\n(.*?)    summarise_v1\(None\),$", PAGE, ANYTHING
)
NOTEBOOK = re.findall(r"^```python\n(from loadstone\.workbench .*?)^```$", PAGE, ANYTHING)
CONSOLE = re.findall(r"^```console\n(.*?)^```$", PAGE, ANYTHING)
COMMANDS = [part.partition("\n")[::2] for block in CONSOLE for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
FIRST = '        PipelineStep("balance", 1),\n'
ANNA, PATIENCE_S = "anna@example.org", 60.0
# One stack at a time.
pytestmark = pytest.mark.xdist_group("up")


@pytest.fixture
def workplace() -> Generator[Workplace]:
    folder = Path(tempfile.mkdtemp(prefix="loadstone-test-"))
    made = Workplace(folder)
    made.copy_without("balance", FILES)
    yield made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.timeout(300)
def test_the_page_does_what_it_says(workplace: Workplace) -> None:
    [(imported, entry)], [notebook] = ENTRY, NOTEBOOK
    assert "balance" not in workplace.python("-m", "loadstone", "steps", "list", "--json").stdout
    workplace.write(FILES, imported=imported, entry=entry)
    with workplace.up(), Client(workplace.api) as client:
        account = client.register(email=ANNA, password="correct horse battery", time_zone="Europe/Berlin")
        record(workplace, UUID(account["id"]))
        for command, shown in COMMANDS:
            if command.startswith("curl"):
                assert within(msgspec.json.decode(shown), document(client, command))
            else:
                assert lines(shown) <= lines(ran(workplace, command)), command
        *before, last = notebook.strip().splitlines()
        assert "shape: (14, 7)" in ran(workplace, "-c", "\n".join([*before, f"print({last})"]))
    assert "4 passed" in ran(workplace, "-m", "pytest", "-p", "no:cacheprovider", "tests/analytics/test_balance.py")


def test_the_page_shows_the_code_that_runs() -> None:
    assert {path: (PROJECT / path).read_text() for path in FILES} == FILES
    assert len(FILES) == 3
    assert "balance" in [step.name for step in STEPS]
    assert FIRST in (PROJECT / PIPELINES).read_text()
    assert FIRST.strip().rstrip(",") in PAGE


def record(workplace: Workplace, athlete_id: UUID) -> None:
    """Anna's training."""

    async def training() -> None:
        engine = db.engine(workplace.database)
        async with db.transaction(db.sessions(engine)) as session:
            await train(session, system(athlete_id))
        await engine.dispose()

    run(training())


def ran(workplace: Workplace, *command: str) -> str:
    """What a command of the page prints, or Python with these words."""
    [*words] = ("-m", *shlex.split(command[0])) if len(command) == 1 else command
    done = workplace.python(*words)
    # A diff says by 1 that something differs.
    assert done.returncode == (1 if "diff" in words else 0), f"{done.stdout}{done.stderr}"
    return done.stdout


def document(client: Client, command: str) -> dict[str, Any]:
    """What the command gets from the API, once the worker has written it."""
    path = command.rpartition("/athletes/me/")[2]
    give_up_at = time.monotonic() + PATIENCE_S
    while True:
        try:
            return client.get(path)
        except Refused:
            assert time.monotonic() < give_up_at, f"There is no {path} yet."
            time.sleep(0.1)


def lines(text: str) -> set[str]:
    """The lines as words, without what makes them tables."""
    return {" ".join(line.split()) for line in re.sub("[│┃]", " ", text).splitlines() if line.strip()}


def within(shown: Any, found: Any) -> bool:
    """Whether all that is shown is there; of objects some fields may be shown, of lists of objects the first."""
    if isinstance(shown, dict):
        fields: dict[str, Any] = cast(Any, shown)
        return all(name in found and within(fields[name], found[name]) for name in fields)
    if isinstance(shown, list) and shown and isinstance(shown[0], dict):
        entries: list[Any] = cast(Any, shown)
        return all(within(entry, other) for entry, other in zip(entries, found, strict=False))
    return shown == found
