"""Which migration the database is at."""

from asyncpg import UndefinedTableError

from models.db import Session, raw


async def revision(session: Session) -> str | None:
    """The database's revision, or None before the first migration."""
    try:
        return await (await raw(session)).fetchval("SELECT version_num FROM alembic_version")
    except UndefinedTableError:
        return None
