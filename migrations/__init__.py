"""Schema migrations, run by `loadstone migrate`."""

from pathlib import Path

from alembic.config import Config


def config(dsn: str) -> Config:
    """Alembic's configuration for the database at `dsn` (a plain `postgresql://` address)."""
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent))
    configuration.attributes["dsn"] = dsn
    return configuration
