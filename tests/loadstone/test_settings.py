"""Settings: read once, refused by name, never printed."""

from pathlib import Path

import pytest

from loadstone import settings
from loadstone.settings import Settings, SettingsError

STRONG = "0123456789abcdef0123456789abcdef"
PRODUCTION = {
    "LOADSTONE_ENV": "production",
    "LOADSTONE_DATABASE_DSN": "postgresql://loadstone:a-long-one@db/loadstone",
    "LOADSTONE_SIGNING_KEYS": f"a:{STRONG}",
}


def test_without_variables_all_is_default() -> None:
    assert settings.load({"LOADSTONE_ENV": "test"}) == Settings(env="test")


def test_an_empty_variable_counts_as_not_set() -> None:
    assert settings.load({"LOADSTONE_ENV": "test", "LOADSTONE_API_PORT": ""}).api_port is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LOADSTONE_API_PORT", "eighty"),
        ("LOADSTONE_API_PORT", "70000"),
        ("LOADSTONE_ENV", "prod"),
        ("LOADSTONE_DOCS", "perhaps"),
        ("LOADSTONE_DATABASE_POOL_SIZE", "0"),
        ("LOADSTONE_RELAY_POLL_S", "-1"),
        ("LOADSTONE_SIGNING_KEYS", "no-id"),
        ("LOADSTONE_WORKER_QUEUES", "core,gpu"),
        ("LOADSTONE_DATABASE_DSN", "mysql://a:b@c/d"),
        ("LOADSTONE_WRITER_BASE_URL", "localhost:1234"),
    ],
)
def test_a_wrong_variable_is_named(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings.load({"LOADSTONE_ENV": "test"} | {name: text})


def test_all_wrong_variables_are_named_at_once() -> None:
    with pytest.raises(SettingsError, match=r"(?s)LOADSTONE_API_PORT.*LOADSTONE_CPU_THREADS"):
        settings.load({"LOADSTONE_API_PORT": "x", "LOADSTONE_CPU_THREADS": "y"})


def test_production_takes_strong_secrets() -> None:
    assert settings.load(PRODUCTION).api.signing_keys == {"a": STRONG}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LOADSTONE_SIGNING_KEYS", "a:short"),
        ("LOADSTONE_DATABASE_DSN", "postgresql://loadstone@db/loadstone"),
        ("LOADSTONE_DATABASE_DSN", "postgresql://admin:admin@db/loadstone"),
        ("LOADSTONE_DATABASE_DSN", "postgresql://loadstone:changeme@db/loadstone"),
    ],
)
def test_production_refuses_a_weak_secret(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings.load(PRODUCTION | {name: text})


@pytest.mark.parametrize("name", ["LOADSTONE_DATABASE_DSN", "LOADSTONE_SIGNING_KEYS"])
def test_a_missing_secret_has_no_default(name: str) -> None:
    environment = {key: text for key, text in PRODUCTION.items() if key != name}
    chosen = settings.load(environment)
    with pytest.raises(SettingsError, match=name):
        _ = chosen.api


def test_the_first_signing_key_stays_first() -> None:
    keys = settings.load({"LOADSTONE_ENV": "test", "LOADSTONE_SIGNING_KEYS": "new:x, old:y"}).signing_keys
    assert list(keys) == ["new", "old"]


def test_a_language_model_needs_its_key_and_name() -> None:
    chosen = settings.load({"LOADSTONE_ENV": "test", "LOADSTONE_WRITER_BASE_URL": "http://127.0.0.1:1/v1"})
    with pytest.raises(SettingsError, match="LOADSTONE_WRITER_API_KEY"):
        _ = chosen.writer


def test_options_of_the_command_line_go_first() -> None:
    environment = {"LOADSTONE_ENV": "test", "LOADSTONE_API_PORT": "1000", "LOADSTONE_API_HOST": "127.0.0.2"}
    chosen = settings.load(environment, api_port=2000, api_host=None)
    assert (chosen.api_port, chosen.api_host) == (2000, "127.0.0.2")


def test_settings_survive_the_way_through_an_environment() -> None:
    chosen = settings.load(
        PRODUCTION
        | {"LOADSTONE_WORKER_QUEUES": "core,llm", "LOADSTONE_DOCS": "false", "LOADSTONE_LLM_CALLS_PER_SECOND": "0.5"}
    )
    assert chosen == settings.load(settings.to_environment(chosen))


def test_secrets_are_not_printed() -> None:
    assert STRONG not in repr(settings.load(PRODUCTION))


def test_an_ended_stack_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / settings.STACK_FILE).write_text('{"environment": {"LOADSTONE_TEMPORAL_ADDRESS": "gone:1"}}')
    assert settings.load({"LOADSTONE_STATE": str(tmp_path)}).temporal_address is None


def test_a_misspelt_variable_is_found() -> None:
    assert settings.unknown({"LOADSTONE_ENV": "test", "LOADSTONE_DATBASE_DSN": "x", "PATH": "/"}) == [
        "LOADSTONE_DATBASE_DSN"
    ]
