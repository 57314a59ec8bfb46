"""`loadstone openapi`: the API's contract as a document. Needs no server and no settings."""

from pathlib import Path

import click

from api import openapi as contract
from api.app import create_app
from api.config import ApiConfig
from models.db import DatabaseConfig


@click.command
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")
@click.option("--check", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Compare it with a file.")
def openapi(output: Path | None, check: Path | None) -> None:
    """Print the API's OpenAPI document."""
    document = describe()
    if check is not None:
        if check.read_bytes() != document:
            raise click.ClickException(f"{check} is not the contract of this code; `make openapi` writes it anew.")
    elif output is not None:
        output.write_bytes(document)
    else:
        click.echo(document, nl=False)


def describe() -> bytes:
    """The document; it does not depend on how the API is configured."""
    database = DatabaseConfig(dsn="postgresql://nobody@127.0.0.1/nothing")
    return contract.document(create_app(ApiConfig(database=database, signing_keys={"none": "no request is served"})))
