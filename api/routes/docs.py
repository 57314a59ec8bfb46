"""The contract and its pages. Nothing here loads anything from outside."""

from importlib.resources import files
from pathlib import Path

import swagger_ui_bundle
from litestar import Request, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.router import Router

from api import openapi
from api.answers import Answer, Header

ASSETS = {
    "swagger-ui.css": b"text/css; charset=utf-8",
    "swagger-ui-bundle.js": b"text/javascript; charset=utf-8",
    "favicon-32x32.png": b"image/png",
}
PAGES = {"docs.js": b"text/javascript; charset=utf-8", "pages.css": b"text/css; charset=utf-8"}
HTML = b"text/html; charset=utf-8"
# Swagger UI sets style attributes and draws its icons from data addresses.
OWN_ONLY = (
    b"content-security-policy",
    b"; ".join(
        (
            b"default-src 'none'",
            b"script-src 'self'",
            b"style-src 'self' 'unsafe-inline'",
            b"img-src 'self' data:",
            b"connect-src 'self'",
            b"frame-ancestors 'none'",
            b"base-uri 'none'",
            b"form-action 'none'",
        )
    ),
)
CACHED = (b"cache-control", b"public, max-age=3600")

_pages = files("api") / "pages"
_vendor = next(Path(swagger_ui_bundle.__file__).parent.glob("vendor/swagger-ui-*"))


@get("/", include_in_schema=False)
async def index() -> Answer:
    return _page("index.html")


@get("/docs", include_in_schema=False)
async def docs() -> Answer:
    return _page("docs.html")


@get("/docs/{name:str}", include_in_schema=False)
async def asset(name: FromPath[str]) -> Answer:
    if name in PAGES:
        return _file((_pages / name).read_bytes(), PAGES[name])
    if name in ASSETS:
        return _file((_vendor / name).read_bytes(), ASSETS[name])
    raise NotFoundException("There is no such page.")


@get("/openapi.json", include_in_schema=False)
async def contract(request: Request) -> Answer:  # pyright: ignore[reportMissingTypeArgument, reportUnknownParameterType]
    return _file(openapi.document(request.app), b"application/json")


def _page(name: str) -> Answer:
    return _file((_pages / name).read_bytes(), HTML)


def _file(content: bytes, media_type: bytes) -> Answer:
    headers: tuple[Header, ...] = ((b"content-type", media_type), CACHED, OWN_ONLY)
    return Answer(content, headers=headers)


router = Router("/", route_handlers=[index, docs, asset, contract])
