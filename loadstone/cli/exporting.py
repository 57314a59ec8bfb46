"""`loadstone export`: everything that an athlete recorded, as one file."""

import asyncio
import os
import sys
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from loadstone import settings
from models import db
from models.db import DatabaseConfig
from models.domain.errors import NotFound
from models.queries.accounts import find_login
from models.queries.visibility import system
from models.services import exports
from models.services.exports import ExportFormat


@click.command("export")
@click.option("--athlete", "email", required=True, help="E-mail address of the athlete's account.")
@click.option("--format", "form", type=click.Choice([form.value for form in ExportFormat]), default="json")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")
def export_account(email: str, form: str, output: Path | None) -> None:
    """Export everything that an athlete recorded, as JSON or CSV."""
    database, chosen = settings.load().database, ExportFormat(form)
    if output is None:
        asyncio.run(write(sys.stdout.buffer, email, chosen, database))
        return
    # Beside it first: what breaks off leaves no half file behind.
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            asyncio.run(write(file, email, chosen, database))
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)


async def write(file: BinaryIO, email: str, form: ExportFormat, database: DatabaseConfig) -> None:
    """Write the export of the account to a file; raises NotFound for an unknown account."""
    engine = db.engine(database)
    sessions = db.sessions(engine)
    try:
        async with db.transaction(sessions) as session:
            login = await find_login(session, email)
        if login is None:
            raise NotFound(f"There is no account of {email}.")
        async with db.transaction(sessions) as session:
            pieces = exports.export(session, system(login.account.id), form, now=datetime.now(UTC))
            async with aclosing(pieces) as opened:
                async for piece in opened:
                    file.write(piece)
    finally:
        await engine.dispose()
