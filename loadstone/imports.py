"""Bringing a file into an athlete's account as an upload does, and following its run to the end."""

import asyncio
import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from loadstone.errors import Trouble
from models import db, outbox
from models.db import DatabaseConfig
from models.domain.accounts import Account
from models.domain.errors import NotFound
from models.domain.imports import ImportView
from models.domain.receipts import Receipt
from models.domain.runs import FINAL_STATUSES, RunStatus
from models.domain.units import MassUnit
from models.queries import imports as queries
from models.queries.accounts import find_login
from models.queries.visibility import VisibleAthlete, system
from models.readers import rows
from models.services import imports
from models.services.imports import Upload

POLL_S = 0.1
HINT_AFTER_S, PATIENCE_S = 5.0, 60.0
NO_WORKER = "No worker has taken it up: `loadstone up` runs one, or `loadstone worker` with the queues core and bulk."


class Order(Struct, frozen=True, kw_only=True):
    """What to import, for whom. `undecided_unit` answers the question of a file whose unit cannot be told."""

    file: Path
    email: str
    time_zone: str | None
    unit: MassUnit | None
    undecided_unit: MassUnit | None = None


class Unanswered(Trouble):
    """The import waits for an answer that this order does not hold."""


async def bring(order: Order, database: DatabaseConfig, tell: Callable[[str], None] = lambda _: None) -> Receipt:
    """Import the file and return its receipt. `tell` hears what there is to wait for.

    Raises NotFound for an unknown account, Invalid for a strange zone, Unanswered for an open question, and Trouble
    for a file that is refused or that no worker takes up.
    """
    engine = db.engine(database)
    try:
        account = await _account(engine, order.email)
        athlete = system(account.id)
        import_id = await _begin(engine, athlete, account, order)
        return await _receipt(engine, athlete, import_id, order, tell)
    finally:
        await engine.dispose()


async def _account(engine: AsyncEngine, email: str) -> Account:
    async with db.direct(engine, transaction=False) as session:
        login = await find_login(session, email)
    if login is None:
        raise NotFound(f"There is no account of {email}.")
    return login.account


async def _begin(engine: AsyncEngine, athlete: VisibleAthlete, account: Account, order: Order) -> UUID:
    """The import of this file that waits for an answer already, or a new one."""
    size_bytes, zone = order.file.stat().st_size, order.time_zone
    if size_bytes > rows.MAX_FILE_BYTES:
        raise Trouble(f"The file is larger than {rows.MAX_FILE_BYTES // 2**20} MiB.")
    with order.file.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        async with db.direct(engine, transaction=True) as session:
            if (waiting := await queries.find_asking(session, athlete, digest, time_zone=zone)) is not None:
                return waiting
            upload = Upload(
                file_name=order.file.name,
                size_bytes=size_bytes,
                sha256=digest,
                time_zone=zone or account.time_zone,
                unit=order.unit,
            )
            now = datetime.now(UTC)
            import_id = await imports.upload(session, file, upload, athlete=athlete, requested_by=account.id, now=now)
    await _ring(engine)
    return import_id


async def _receipt(
    engine: AsyncEngine, athlete: VisibleAthlete, import_id: UUID, order: Order, tell: Callable[[str], None]
) -> Receipt:
    imported = await _followed(engine, athlete, import_id, tell)
    if imported.run_status is RunStatus.WAITING:
        await _answer(engine, athlete, imported, order)
        imported = await _followed(engine, athlete, import_id, tell)
    if imported.problem is not None:
        raise Trouble(f"{imported.problem['title']}: {imported.problem['detail']}")
    if imported.receipt is None:
        raise Trouble(f"The import ended as {imported.run_status}.")
    return msgspec.convert(imported.receipt, Receipt)


async def _answer(engine: AsyncEngine, athlete: VisibleAthlete, imported: ImportView, order: Order) -> None:
    unit = order.unit or order.undecided_unit
    if unit is None:
        asked = imported.question
        words = "It waits for an answer." if asked is None else f"{asked.question} {asked.evidence}"
        raise Unanswered(f"{words}\nThe file is kept: run this again with --unit {' or --unit '.join(MassUnit)}.")
    async with db.direct(engine, transaction=True) as session:
        await imports.answer(session, athlete, imported.id, unit=unit, now=datetime.now(UTC))
    await _ring(engine)


async def _followed(
    engine: AsyncEngine, athlete: VisibleAthlete, import_id: UUID, tell: Callable[[str], None]
) -> ImportView:
    """The import when its run has ended, or waits."""
    started, told = time.monotonic(), False
    while True:
        async with db.direct(engine, transaction=False) as session:
            found = await queries.get_import(session, athlete, import_id)
        if found.run_status in FINAL_STATUSES or found.run_status is RunStatus.WAITING:
            return found
        waited_s = time.monotonic() - started
        if found.run_status is RunStatus.QUEUED and waited_s > PATIENCE_S:
            raise Trouble(f"{NO_WORKER} The file is kept, and will be imported then, as import {import_id}.")
        if found.run_status is RunStatus.QUEUED and waited_s > HINT_AFTER_S and not told:
            told = True
            tell(NO_WORKER)
        await asyncio.sleep(POLL_S)


async def _ring(engine: AsyncEngine) -> None:
    async with db.direct(engine, transaction=False) as session:
        await outbox.ring(session)
