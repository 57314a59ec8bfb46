"""`loadstone migrate`: the database's schema."""

import click

from loadstone import observability, schema, settings


@click.command
def migrate() -> None:
    """Bring the database to the schema of this version."""
    chosen = settings.load()
    observability.set_up_logging(chosen.log_level, chosen.log_format)
    click.echo(f"The schema is at {schema.migrate(chosen.database.dsn)}.")
