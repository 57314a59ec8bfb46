"""The contract: Litestar's description of the routes, with schemas written by the decoder that enforces them."""

from functools import cache
from typing import Any, cast

import msgspec
from litestar import Litestar
from litestar._openapi.plugin import OpenAPIPlugin
from litestar.config.app import AppConfig
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Tag
from litestar.routes import HTTPRoute

BEARER = "bearer"
TAGS = {
    "auth": "Accounts and sign-in.",
    "exercises": "The catalogue, and exercises of your own.",
    "workouts": "What was trained.",
    "revisions": "What it was before.",
    "sync": "Many writes at once, and what has changed since.",
    "athlete": "Measurements, goals, equipment, exclusions, the profile, and which fields to show.",
    "imports": "Files of other apps, from the upload to the history, corrected and undone as a whole.",
    "insights": "What it means.",
    "export": "Everything, to take away.",
    "runs": "The jobs that compute it.",
    "health": "For probes.",
}
DESCRIPTION = (
    "Record workouts, and read what they mean. Errors are RFC 9457 problems. An athlete's data is under"
    " `/v1/athletes/{athlete_id}`, where `me` is you."
)


def config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Loadstone",
        version="1",
        description=DESCRIPTION,
        path="/schema",
        tags=[Tag(name=name, description=text) for name, text in TAGS.items()],
        components=Components(
            security_schemes={BEARER: SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")}
        ),
        render_plugins=[JsonRenderPlugin()],
    )


@cache
def document(app: Litestar) -> bytes:
    """The OpenAPI document of an application."""
    contract = _described_by_litestar(app)
    handlers = _handlers(app)
    _, schemas = msgspec.json.schema_components(
        sorted(_structs(handlers), key=lambda shape: shape.__name__), ref_template="#/components/schemas/{name}"
    )
    contract["components"]["schemas"] = dict(sorted(schemas.items()))
    for path in contract["paths"].values():
        for operation in path.values():
            _describe(operation, handlers[operation["operationId"]].opt)
    return msgspec.json.format(msgspec.json.encode(contract), indent=2) + b"\n"


def _described_by_litestar(app: Litestar) -> dict[str, Any]:
    # The plugin alone, without the routes and pages that Litestar would add for it.
    plugin = OpenAPIPlugin(app)
    plugin.on_app_init(AppConfig(openapi_config=config()))
    for route in app.routes:
        plugin.receive_route(route)
    return plugin.provide_openapi_schema()


def _handlers(app: Litestar) -> dict[str, HTTPRouteHandler]:
    return {
        str(handler.operation_id): handler
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if handler.resolve_include_in_schema()
    }


def _structs(handlers: dict[str, HTTPRouteHandler]) -> set[Any]:
    """Every type that a body or an answer is made of; msgspec finds what they contain."""
    found: set[Any] = set()
    for handler in handlers.values():
        if body := handler.parsed_fn_signature.parameters.get("data"):
            found.add(body.annotation)
        found.update(cast(Any, spec).data_container for spec in (handler.responses or {}).values())
        # What stands in a body as bytes that are decoded later: msgspec does not see what they hold.
        found.update(handler.opt.get("schemas", ()))
    return found - {None, str}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in schema.get("oneOf", ()) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return {**kinds[0], **{key: value for key, value in schema.items() if key not in ("oneOf", "description")}}


def _describe(operation: dict[str, Any], opt: dict[str, Any]) -> None:
    """Add the headers that handlers read and write as bytes; a query parameter is absent or a value, never null."""
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _without_null(parameter["schema"])
    for name, text in opt.get("request_headers", ()):
        header = {"name": name, "in": "header", "description": text, "required": False, "schema": {"type": "string"}}
        operation.setdefault("parameters", []).append(header)
    if form := opt.get("request_form"):
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    told = {name: {"description": text, "schema": {"type": "string"}} for name, text in opt.get("response_headers", ())}
    for status, response in operation["responses"].items():
        if told and status.startswith(("2", "304")):
            response["headers"] = told
