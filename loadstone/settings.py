"""What the environment says: one field here is one variable LOADSTONE_<FIELD>, and nothing else reads it."""

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, cast
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct, structs

from loadstone.errors import Trouble
from loadstone.locks import Lock

if TYPE_CHECKING:
    from analytics.narrative.writing import WriterConfig
    from api.config import ApiConfig
    from models.db import DatabaseConfig
    from workflows.config import WorkerConfig

PREFIX = "LOADSTONE_"
KEY_LENGTH = 32
# No client waits longer for an answer.
API_STATEMENT_S = 10.0
KNOWN_PASSWORDS = {"", "changeme", "loadstone", "password", "postgres", "secret"}
SCHEMES = {"database_dsn": ("postgresql",), "writer_base_url": ("http", "https")}
QUEUES = {"core", "cpu", "llm", "bulk"}
LOCK_FILE, STACK_FILE = "lock", "stack.json"
T = TypeVar("T")
Port = Annotated[int, Meta(ge=1, le=65535)]
Positive = Annotated[int, Meta(ge=1)]
PositiveNumber = Annotated[float, Meta(gt=0)]


class SettingsError(Trouble):
    """A variable is missing or wrong; the text names it."""


# Each part imports the config of its own room only: the API does not load the language model's client.
class Settings(Struct, frozen=True, kw_only=True):
    """Everything that can be set. docs/operations.md explains each, and a test compares."""

    env: Literal["development", "test", "production"] = "development"
    state: Path = Path(".loadstone")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["auto", "json", "text"] = "auto"

    database_dsn: str | None = None
    database_pool_size: Positive = 10

    api_host: str = "127.0.0.1"
    api_port: Port | None = None
    signing_keys: dict[str, str] = {}
    access_token_ttl_s: Positive = 900
    refresh_token_ttl_s: Positive = 2_592_000
    max_body_bytes: Positive = 10 * 1024 * 1024
    max_upload_bytes: Positive = 32 * 1024 * 1024
    docs: bool = True
    cors_origins: tuple[str, ...] = ()

    temporal_address: str | None = None
    temporal_namespace: str = "default"
    worker_queues: tuple[str, ...] = ("core", "cpu", "llm", "bulk")
    cpu_threads: Positive = 2
    llm_threads: Positive = 4
    bulk_processes: Positive = 1
    llm_calls_per_second: PositiveNumber | None = None
    relay_poll_s: PositiveNumber = 0.5
    sweep_every_s: PositiveNumber = 30.0
    sweep_after_s: PositiveNumber = 20.0
    git_revision: str | None = None

    writer_base_url: str | None = None
    writer_api_key: str | None = None
    writer_model: str | None = None
    writer_timeout_s: PositiveNumber = 30.0

    postgres_port: Port | None = None
    temporal_port: Port | None = None
    temporal_ui_port: Port | None = None

    def __repr__(self) -> str:
        return f"Settings(env={self.env!r}, state={str(self.state)!r})"

    @property
    def database(self) -> "DatabaseConfig":
        from models.db import DatabaseConfig

        dsn = _required(self.database_dsn, "database_dsn")
        return DatabaseConfig(dsn=dsn, pool_size=self.database_pool_size)

    @property
    def api(self) -> "ApiConfig":
        from api.config import ApiConfig

        return ApiConfig(
            database=structs.replace(self.database, command_timeout_s=API_STATEMENT_S),
            signing_keys=_required(self.signing_keys or None, "signing_keys"),
            access_token_ttl_s=self.access_token_ttl_s,
            refresh_token_ttl_s=self.refresh_token_ttl_s,
            max_body_bytes=self.max_body_bytes,
            max_upload_bytes=self.max_upload_bytes,
            docs=self.docs,
            cors_origins=self.cors_origins,
        )

    @property
    def worker(self) -> "WorkerConfig":
        from workflows.config import WorkerConfig

        return WorkerConfig(
            database=self.database,
            temporal_address=_required(self.temporal_address, "temporal_address"),
            temporal_namespace=self.temporal_namespace,
            queues=self.worker_queues,
            cpu_threads=self.cpu_threads,
            llm_threads=self.llm_threads,
            bulk_processes=self.bulk_processes,
            llm_calls_per_second=self.llm_calls_per_second,
            relay_poll_s=self.relay_poll_s,
            sweep_every_s=self.sweep_every_s,
            sweep_after_s=self.sweep_after_s,
            git_revision=self.git_revision,
            writer=self.writer,
        )

    @property
    def writer(self) -> "WriterConfig | None":
        """The language model to write summaries with; without one the deterministic narrator writes."""
        if self.writer_base_url is None:
            return None
        from analytics.narrative.writing import WriterConfig

        return WriterConfig(
            base_url=self.writer_base_url,
            api_key=_required(self.writer_api_key, "writer_api_key"),
            model=_required(self.writer_model, "writer_model"),
            timeout_s=self.writer_timeout_s,
        )


def variable(field: str) -> str:
    """The name of a field's variable."""
    return PREFIX + field.upper()


def load(environment: Mapping[str, str] | None = None, /, **options: object) -> Settings:
    """The settings of this process; `options` of the command line (None: not given) go before the environment.

    In development, what is not set comes from the stack that runs here, if one does.
    """
    given = _given(os.environ if environment is None else environment)
    given |= {variable(name): str(value) for name, value in options.items() if value is not None}
    settings = _parse(given)
    if settings.env == "development":
        settings = _parse({**_stack_environment(settings.state), **given})
    _validate(settings)
    return settings


def unknown(environment: Mapping[str, str] | None = None) -> list[str]:
    """Variables with our prefix that are no setting: most likely misspelt."""
    names = {variable(field.name) for field in structs.fields(Settings)}
    given = os.environ if environment is None else environment
    return sorted(name for name in given if name.startswith(PREFIX) and name not in names)


def to_environment(settings: Settings) -> dict[str, str]:
    """The variables that make these settings, without those at their defaults."""
    return {
        variable(field.name): _render(value)
        for field in structs.fields(Settings)
        if (value := getattr(settings, field.name)) != field.default
    }


def for_child(settings: Settings) -> dict[str, str]:
    """The environment of a process that shall run with these settings."""
    return {**os.environ, **to_environment(settings)}


def new_signing_key() -> str:
    return secrets.token_urlsafe(KEY_LENGTH)


def _given(environment: Mapping[str, str]) -> dict[str, str]:
    """Our variables that are set; an empty one counts as not set, as compose files write it."""
    return {name: text for name, text in environment.items() if name.startswith(PREFIX) and text}


def _parse(given: Mapping[str, str]) -> Settings:
    values: dict[str, Any] = {}
    errors: list[str] = []
    for field in structs.fields(Settings):
        text = given.get(variable(field.name))
        if text is None:
            continue
        try:
            values[field.name] = _convert(field, text)
        except (msgspec.ValidationError, ValueError) as error:
            errors.append(f"{variable(field.name)}: {error}")
    if errors:
        raise SettingsError("\n".join(errors))
    return Settings(**values)


def _convert(field: structs.FieldInfo, text: str) -> Any:
    if field.name in PARSERS:
        return PARSERS[field.name](text)
    return msgspec.convert(text, field.type, strict=False)


def _validate(settings: Settings) -> None:
    errors = _weak_secrets(settings) if settings.env == "production" else []
    for field, schemes in SCHEMES.items():
        address = getattr(settings, field)
        if address is not None and urlsplit(str(address)).scheme not in schemes:
            errors.append(f"{variable(field)}: the address must begin with {' or '.join(f'{s}://' for s in schemes)}")
    if unserved := set(settings.worker_queues) - QUEUES:
        errors.append(f"{variable('worker_queues')}: there is no queue {', '.join(sorted(unserved))}")
    if errors:
        raise SettingsError("\n".join(errors))


def _weak_secrets(settings: Settings) -> list[str]:
    """What production refuses: short signing keys, and database passwords that everybody knows."""
    errors = [
        f"{variable('signing_keys')}: the secret of {kid} is shorter than {KEY_LENGTH} characters"
        for kid, secret in settings.signing_keys.items()
        if len(secret) < KEY_LENGTH
    ]
    if settings.database_dsn is not None:
        address = urlsplit(settings.database_dsn)
        if address.password in {None, address.username, *KNOWN_PASSWORDS}:
            errors.append(f"{variable('database_dsn')}: the password is missing or a well-known one")
    return errors


def _stack_environment(state: Path) -> dict[str, str]:
    """What a running stack tells other commands on this machine."""
    if not Lock.is_held(state / LOCK_FILE):
        return {}
    try:
        return msgspec.json.decode((state / STACK_FILE).read_bytes(), type=_StackFile).environment
    except (FileNotFoundError, msgspec.MsgspecError):
        return {}


class _StackFile(Struct):
    environment: dict[str, str] = {}


def _required(value: T | None, field: str) -> T:
    if value is None:
        raise SettingsError(f"{variable(field)} is not set, and no stack runs here (`loadstone up` starts one).")
    return value


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _keys(text: str) -> dict[str, str]:
    """`newest:secret,older:secret`."""
    pairs = [word.partition(":") for word in _words(text)]
    if not all(kid and secret for kid, _, secret in pairs):
        raise ValueError("Expected `id:secret`, several separated by commas")
    return {kid: secret for kid, _, secret in pairs}


def _render(value: Any) -> str:
    if isinstance(value, dict):
        return ",".join(f"{kid}:{secret}" for kid, secret in cast("dict[str, str]", value).items())
    if isinstance(value, tuple):
        return ",".join(cast("tuple[str, ...]", value))
    return str(value)


PARSERS: dict[str, Callable[[str], Any]] = {
    "signing_keys": _keys,
    "cors_origins": _words,
    "worker_queues": _words,
    "state": Path,
}


def compute_with_one_thread() -> None:
    """Tell polars, before it is loaded, to use one thread a computation, unless the environment says otherwise.

    A step works on the few thousand rows of one athlete, and several steps run at a time: threads inside each of them
    cost half of the processor and save nothing.
    """
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
