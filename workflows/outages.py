"""Failures of the database that heal by themselves: it is away, full, restarting, or at odds with a transaction."""

import asyncpg
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

HEALING = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.PostgresSystemError,
    asyncpg.PostgresIOError,
    DisconnectionError,
    PoolTimeoutError,
)


def heals(error: BaseException) -> bool:
    """Whether trying again later can succeed."""
    if type(error).__module__.startswith("sqlalchemy.") and error.__cause__ is not None:
        return heals(error.__cause__)
    # asyncpg tells of values that do not fit their column by an InterfaceError that is a ValueError too.
    return isinstance(error, HEALING) and not isinstance(error, ValueError)
