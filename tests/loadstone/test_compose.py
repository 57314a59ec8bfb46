"""The production shape: what docker-compose.yml runs is what is tested here. Docker itself is not needed."""

import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from msgspec import structs

from loadstone import settings
from loadstone.cli import main
from loadstone.dev.temporal import DYNAMIC_CONFIG
from loadstone.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
ONCE = {"temporal-schema", "temporal-namespace", "migrate", "seed"}
VARIABLES = {settings.variable(field.name) for field in structs.fields(Settings)}
TEXT = (ROOT / "docker-compose.yml").read_text()

each = pytest.mark.parametrize("name", SERVICES)
each_of_ours = pytest.mark.parametrize("name", OURS)


def test_the_parts_are_all_there() -> None:
    assert set(OURS) == {"migrate", "seed", "api", "worker", "cpu-worker"}


@each_of_ours
def test_a_command_is_one_of_ours_with_options_it_takes(name: str) -> None:
    word, *options = OURS[name]["command"]
    command = main.get_command(click.Context(main), word)
    assert command is not None
    command.make_context(word, list(options))


@each_of_ours
def test_a_variable_is_a_setting(name: str) -> None:
    ours = {variable for variable in OURS[name]["environment"] if variable.startswith(settings.PREFIX)}
    assert ours == set(OURS[name]["environment"])
    assert ours <= VARIABLES


@each_of_ours
def test_the_settings_of_a_part_are_valid_in_production(name: str) -> None:
    environment = {variable: fill(text) for variable, text in OURS[name]["environment"].items()}
    assert settings.load(environment).env == "production"


def test_every_queue_has_a_worker() -> None:
    served = [OURS[name]["command"][2].split(",") for name in ("worker", "cpu-worker")]
    assert sorted(queue for queues in served for queue in queues) == sorted(Settings().worker_queues)


@each
def test_a_service_waits_for_health_or_for_the_end_of_a_job(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        if needed in ONCE:
            assert how == {"condition": "service_completed_successfully"}
        else:
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in SERVICES[needed]


@each
def test_a_job_ends_and_a_service_stays(name: str) -> None:
    assert SERVICES[name]["restart"] == ("on-failure:5" if name in ONCE else "unless-stopped")


@each
def test_a_published_port_is_on_loopback(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@each
def test_an_image_is_pinned_to_a_version(name: str) -> None:
    assert re.fullmatch(r"[a-z/-]+:\d+\.\d+(\.\d+)?", SERVICES[name]["image"])


def test_secrets_have_no_defaults() -> None:
    secrets = re.findall(r"\$\{(\w*(?:PASSWORD|KEYS))([^}]*)\}", TEXT)
    assert {"DATABASE_PASSWORD", "TEMPORAL_DATABASE_PASSWORD", "LOADSTONE_SIGNING_KEYS"} == {
        name for name, _ in secrets
    }
    assert all(rest == f":?set {name}" for name, rest in secrets)


def test_the_mounted_files_exist() -> None:
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert {"./deploy/temporal"} == {source for source in mounted if source.startswith(".")}
    for service in ("temporal-schema", "temporal-namespace"):
        script = Path(SERVICES[service]["entrypoint"][1]).name
        assert (ROOT / "deploy" / "temporal" / script).exists()
    configured = Path(SERVICES["temporal"]["environment"]["DYNAMIC_CONFIG_FILE_PATH"]).name
    assert (ROOT / "deploy" / "temporal" / configured).exists()


def test_temporal_is_set_as_on_the_laptop() -> None:
    from_file = yaml.safe_load((ROOT / "deploy" / "temporal" / "dynamicconfig.yaml").read_text())
    assert {f"{name}={found[0]['value']}" for name, found in from_file.items()} == set(DYNAMIC_CONFIG)


def fill(text: str) -> str:
    """The text as compose fills it in, when the secrets are set and the rest is not."""
    strong = "k:" + "x" * 40
    return re.sub(r"\$\{\w+:([-?])([^}]*)\}", lambda found: strong if found[1] == "?" else found[2], text)
