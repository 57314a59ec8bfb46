"""Which failures heal by themselves, and are worth another attempt, and which never will."""

import asyncpg
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from analytics.narrative.writer import WriterUnavailable
from models.domain.errors import StepFailed
from workflows.contracts import Problem

# A database or a Temporal server that is away, full, restarting, or at odds with another transaction.
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
    RPCError,
    WriterUnavailable,
)


def heals(error: BaseException) -> bool:
    """Whether trying again later can succeed."""
    if type(error).__module__.startswith("sqlalchemy.") and error.__cause__ is not None:
        return heals(error.__cause__)
    # asyncpg tells of values that do not fit their column by an InterfaceError that is a ValueError too.
    return isinstance(error, HEALING) and not isinstance(error, ValueError)


def problem(error: BaseException, step: str) -> Problem:
    """What the athlete may read about a step that cannot succeed: never a stack, and no text of a defect."""
    detail = str(error) if isinstance(error, StepFailed) else f"The step stopped at a {type(error).__name__}."
    return Problem(type="step-failed", title="A step cannot succeed on this data", detail=detail, step=step)


def final(found: Problem) -> ApplicationError:
    """The error that ends the retries and carries the problem to the definition."""
    return ApplicationError(found.detail, found, type="StepFailed", non_retryable=True)
