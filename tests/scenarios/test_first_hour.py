"""What somebody does in the first hour: the demo beside a running stack, a log of one's own, and the same log again."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from loadstone.client import Client
from loadstone.dev import ports
from loadstone.dev.stack import Stack
from loadstone.settings import Settings
from models.services.pipelines import FIRST

SAMPLES = Path(__file__).parents[1] / "samples"

pytestmark = [pytest.mark.timeout(180), pytest.mark.xdist_group("first-hour")]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    folder = Path(tempfile.mkdtemp(prefix="loadstone-hour-"))
    names = ("postgres_port", "temporal_port", "temporal_ui_port", "api_port")
    chosen = structs.replace(Settings(state=folder), **dict(zip(names, ports.free_ports(4), strict=True)))
    with Stack(chosen, fsync=False) as running:
        yield running
    shutil.rmtree(folder, ignore_errors=True)


def loadstone(stack: Stack, *words: str) -> str:
    """What a command prints."""
    done = attempt(stack, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def attempt(stack: Stack, *words: str) -> subprocess.CompletedProcess[str]:
    """A command, in a terminal that knows nothing but the state folder."""
    environment = {"PATH": os.environ["PATH"], "COLUMNS": "130", "LOADSTONE_STATE": str(stack.folder)}
    command = [sys.executable, "-m", "loadstone", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_demo_tells_the_same_to_people_and_programs(stack: Stack) -> None:
    told = json.loads(loadstone(stack, "demo", "--json"))
    assert told.keys() >= {"athlete_id", "import", "run", "records", "recommendations", "summary", "urls"}
    assert told["run"]["status"] == "succeeded"
    assert [step["step"] for step in told["run"]["steps"]] == [step.name for step in FIRST["analysis"]]
    receipt = told["import"]
    recorded = receipt["sets_recorded"]
    assert receipt["rows_read"] == recorded + sum(receipt["non_set_rows"].values()) + len(receipt["rejected"])
    assert recorded > 5_000
    shown = loadstone(stack, "demo")
    assert f"{recorded:,} sets" in shown
    assert told["summary"]["text"].split(".")[0] in " ".join(shown.replace("│", " ").split())


def test_the_demo_takes_a_log_of_ones_own(stack: Stack) -> None:
    told = json.loads(loadstone(stack, "demo", "--json", "--log", str(sample("hevy"))))
    assert told["import"]["format"] == "hevy"
    assert told["run"]["status"] == "succeeded"


def test_importing_a_log_twice_records_it_once(stack: Stack) -> None:
    with Client(stack.addresses.api) as client:
        account = client.register(email="lifter@example.org", password="correct horse", time_zone="Europe/Berlin")
        first = imported(stack, account["email"])
        again = imported(stack, account["email"])
        workouts = client.get("workouts", limit=100)["items"]
    assert first["workouts"] == len(workouts) > 0
    assert (again["workouts"], again["sets_recorded"], again["workouts_already_present"]) == (0, 0, first["workouts"])


def test_a_log_whose_unit_cannot_be_told_waits_for_the_answer(stack: Stack, tmp_path: Path) -> None:
    columns = "Date,Workout Name,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE"
    file = tmp_path / "log.csv"
    file.write_text(f'{columns}\n2018-03-01 18:00:00,"A","Squat (Barbell)",1,60,5,0,0,"","",\n')
    with Client(stack.addresses.api) as client:
        account = client.register(email="asked@example.org", password="correct horse")
        words = ("import", str(file), "--athlete", account["email"])
        asked = attempt(stack, *words)
        assert asked.returncode == 1
        assert "kilograms or in pounds" in asked.stderr
        assert "--unit kg or --unit lb" in asked.stderr
        loadstone(stack, *words, "--unit", "lb")
        [imported] = client.get("imports")["items"]
        [workout] = client.get("workouts")["items"]
    assert (imported["phase"], imported["unit"]) == ("published", "lb")
    assert workout["sets"][0]["load_unit"] == "lb"


def imported(stack: Stack, email: str) -> dict[str, Any]:
    return json.loads(loadstone(stack, "import", str(sample("strong")), "--athlete", email, "--unit", "kg", "--json"))


def sample(app: str) -> Path:
    return sorted(SAMPLES.rglob(f"*{app}*.csv"))[0]


def test_silent_connections_starve_nobody(stack: Stack) -> None:
    address = ("127.0.0.1", stack.api.port)
    with ExitStack() as silent, Client(stack.addresses.api) as client:
        for _ in range(200):
            silent.enter_context(socket.create_connection(address, timeout=5))
        assert client.register(email="patient@example.org", password="correct horse")["email"] == "patient@example.org"
