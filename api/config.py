"""What the API needs to know. Only loadstone.settings reads the environment."""

from msgspec import Struct

from models.db import DatabaseConfig


class ApiConfig(Struct, frozen=True, kw_only=True):
    """`signing_keys` maps key ids to secrets: the first signs, all of them verify."""

    database: DatabaseConfig
    signing_keys: dict[str, str]
    access_token_ttl_s: int = 900
    refresh_token_ttl_s: int = 2_592_000
    max_body_bytes: int = 10 * 1024 * 1024
    max_upload_bytes: int = 32 * 1024 * 1024
    docs: bool = True
    cors_origins: tuple[str, ...] = ()
    event_poll_s: float = 0.25
    event_keep_alive_s: float = 15.0
    event_stream_limit_s: float = 900.0
