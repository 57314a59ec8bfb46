"""What happens to every request: unknown query parameters are refused, responses get their standing headers."""

import re
from functools import cache
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.enums import ParamType
from litestar.exceptions import ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import ParameterKwarg
from litestar.types import Message, Scope

from api.etags import header

STANDING = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000"),
]
NOTHING_LOADS = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")

_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}\Z")


async def add_headers(message: Message, scope: Scope) -> None:
    """Before a response starts: security headers and the id of the request."""
    if message["type"] != "http.response.start":
        return
    headers: list[tuple[bytes, bytes]] = message["headers"]  # type: ignore[assignment]
    headers.extend(STANDING)
    headers.append((b"x-request-id", request_id(scope).encode()))
    if not any(name == NOTHING_LOADS[0] for name, _ in headers):
        headers.append(NOTHING_LOADS)
    if scope["type"] == "http" and scope["method"] == "OPTIONS" and message["status"] == 204:
        headers[:] = [*(pair for pair in headers if pair[0] != b"allow"), (b"allow", _methods(scope))]


def _methods(scope: Scope) -> bytes:
    """Every method of a path: Litestar's own answer knows those of one handler."""
    routes = (route for route in scope["litestar_app"].routes if route.path_format == scope["path_template"])
    return ", ".join(sorted({method for route in routes for method in route.methods})).encode()


def request_id(scope: Scope) -> str:
    """The client's own X-Request-Id, or a new one."""
    state = scope["state"]
    known = state.get("request_id")
    if known is None:
        given = header(scope, b"x-request-id")
        known = given if given and _REQUEST_ID.match(given) else token_hex(8)
        state["request_id"] = known
    return known


async def refuse_unknown_query(request: Request[Any, Any, Any]) -> None:
    """Before a handler runs: a query parameter that it does not have, or has twice, is a mistake worth telling."""
    if not (text := request.scope["query_string"]):
        return
    allowed, seen = _query_names(request.route_handler), set[str]()
    for name, value in parse_qsl(text.decode("latin-1"), keep_blank_values=True):
        if name not in allowed:
            raise bad_query(name, "There is no such query parameter")
        if name in seen or "\0" in value:
            raise bad_query(name, "Give it once, without NUL characters")
        seen.add(name)


@cache
def _query_names(handler: HTTPRouteHandler) -> frozenset[str]:
    fields = handler.parsed_fn_signature.parameters.values()
    return frozenset(
        field.kwarg_definition.name or field.name
        for field in fields
        if isinstance(field.kwarg_definition, ParameterKwarg) and field.kwarg_definition.param_type is ParamType.QUERY
    )


def query_name(handler: HTTPRouteHandler, field: str) -> str:
    """The name that clients know a handler's query parameter by."""
    definition = handler.parsed_fn_signature.parameters.get(field)
    named = definition and definition.kwarg_definition
    return named.name or field if isinstance(named, ParameterKwarg) else field


def bad_query(name: str, message: str) -> ValidationException:
    """A query parameter that cannot be meant: a 400 that names it."""
    return ValidationException(message, extra=[{"key": name, "message": message}])
