"""Errors as RFC 9457 problems: every exception becomes one, and none shows its stack."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import asyncpg
import sqlalchemy.exc
from litestar import Request, Response
from litestar.exceptions import HTTPException, InternalServerException, NotFoundException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Struct, json

from api.hooks import query_name, request_id
from models.domain import errors
from models.domain.errors import Fault

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = "5"

_log = logging.getLogger("loadstone.api")


class Unavailable(HTTPException):
    """Not ready, and it says why."""

    status_code = 503


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong. `errors` names each fault of a bad input, the versions belong to a stale edit."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: tuple[Fault, ...] = ()
    current_version: int | None = None
    given_version: int | None = None


TITLES = {
    400: ("bad-request", "The request cannot be read"),
    401: ("unauthenticated", "Sign in first"),
    403: ("forbidden", "Your role does not allow this"),
    404: ("not-found", "There is no such thing"),
    405: ("method-not-allowed", "This method does not exist here"),
    409: ("conflict", "The present state does not allow this"),
    410: ("gone", "It was deleted"),
    412: ("stale", "It has changed since you read it"),
    413: ("too-large", "The body is too large"),
    415: ("unsupported-media-type", "The body is of the wrong type"),
    422: ("invalid", "The input breaks a rule"),
    429: ("too-many-requests", "Too many requests"),
    500: ("internal", "Something broke on our side"),
    503: ("unavailable", "Not available at the moment"),
}
STATUSES: dict[type[Exception], int] = {
    errors.Invalid: 422,
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.Unauthenticated: 401,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.Stale: 412,
}
# What a database that is down, starting, full, overloaded or in our way raises.
UNAVAILABLE = (
    OSError,
    TimeoutError,
    sqlalchemy.exc.TimeoutError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.InsufficientResourcesError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.TransactionRollbackError,
    asyncpg.exceptions.LockNotAvailableError,
    asyncpg.exceptions.ReadOnlySQLTransactionError,
)


def respond(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The exception handler of the whole application."""
    faults = _faults(request, error)
    status, detail = _status_and_detail(error)
    kind, title = TITLES.get(status, ("error", "The request failed"))
    problem = Problem(
        type=f"urn:loadstone:problem:{kind}",
        title=title,
        status=status,
        detail="; ".join(f"{fault.path}: {fault.message}" for fault in faults) or detail + _doubt(request, status),
        instance=request.scope["path"],
        request_id=request_id(request.scope),
        errors=faults,
        current_version=getattr(error, "current_version", None),
        given_version=getattr(error, "given_version", None),
    )
    if status >= 500:
        _log.error("%s %s: %s", request.method, problem.instance, detail, exc_info=error)
    headers = {"cache-control": "no-store", **_headers(status, error)}
    return Response(json.encode(problem), status_code=status, media_type=MEDIA_TYPE, headers=headers)


def responses(*statuses: int) -> dict[int, ResponseSpec]:
    """The problems of an operation, for its description."""
    return {
        status: ResponseSpec(
            Problem, generate_examples=False, description=f"{TITLES[status][1]}.", media_type=MEDIA_TYPE
        )
        for status in sorted(statuses)
    }


def is_unavailable(error: BaseException) -> bool:
    """Whether the database, not the request, is at fault and a retry may succeed."""
    return any(
        isinstance(cause, UNAVAILABLE) or (isinstance(cause, asyncpg.InterfaceError) and "clos" in str(cause))
        for cause in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or getattr(cause, "orig", None)


def _status_and_detail(error: Exception) -> tuple[int, str]:
    if (status := STATUSES.get(type(error))) is not None:
        return status, str(error)
    if isinstance(error, NotFoundException):
        return 404, "There is nothing at this path."
    if isinstance(error, Unavailable) or (isinstance(error, HTTPException) and error.status_code < 500):
        return error.status_code, error.detail
    if is_unavailable(error):
        return 503, "The database does not answer. Try again shortly."
    return next((said for kind, said in SAID if kind(error)), (500, "The fault is recorded under this request_id."))


def _is_orphaned(error: Exception) -> bool:
    constraint = str(getattr(error, "constraint_name", ""))
    return isinstance(error, asyncpg.ForeignKeyViolationError) and constraint.endswith("_accounts")


SAID: tuple[tuple[Callable[[Exception], bool], tuple[int, str]], ...] = (
    (lambda error: isinstance(error, InternalServerException), (400, "The body ended early.")),
    (_is_orphaned, (401, "The account of this token does not exist any more.")),
    (
        lambda error: isinstance(error, UnicodeEncodeError | asyncpg.DataError),
        (422, "The input holds a value that cannot be stored."),
    ),
)


def _doubt(request: Request[Any, Any, Any], status: int) -> str:
    """An outage in the middle of a write leaves open whether it was committed; a repetition tells, and is harmless."""
    if status != 503 or request.method in {"GET", "HEAD"}:
        return ""
    return " Whether this was recorded is not known: repeat it with the same id or Idempotency-Key."


def _faults(request: Request[Any, Any, Any], error: Exception) -> tuple[Fault, ...]:
    if isinstance(error, errors.Invalid):
        return error.faults
    if not isinstance(error, ValidationException) or not isinstance(error.extra, list):
        return ()
    return tuple(_parameter_fault(request, item) for item in error.extra)


def _parameter_fault(request: Request[Any, Any, Any], item: dict[str, Any]) -> Fault:
    """A fault that Litestar found: in a query parameter, or that there is no body at all."""
    name = str(item.get("key", ""))
    if name == "data":
        return Fault(path="$", message="Send a JSON body.")
    if "source" in item:
        name = query_name(request.route_handler, name)
    return Fault(path=f"query.{name}", message=f"{item.get('message')}.")


def _headers(status: int, error: Exception) -> dict[str, str]:
    headers = dict(getattr(error, "headers", None) or {})
    if status == 401:
        headers["www-authenticate"] = 'Bearer realm="loadstone"'
    if status == 503:
        headers["retry-after"] = RETRY_AFTER_S
    return headers
