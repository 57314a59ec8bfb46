"""Request bodies: one strict decode into the struct that the handler names."""

import re
from collections.abc import Generator
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import msgspec
from litestar.connection import ASGIConnection
from litestar.dto import AbstractDTO
from litestar.dto.data_structures import DTOFieldDefinition
from litestar.exceptions import ClientException, HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from api.etags import header
from models.domain.errors import Fault, Invalid

_WITH_PATH = re.compile(r"^(?P<message>.*?)(?: - at `(?P<path>.*)`)?$", re.DOTALL)
_NUL_RULE = "[^\\\\x00]"


class UnsupportedMediaType(HTTPException):
    status_code = 415


class StrictBody(AbstractDTO[Any]):
    """Decodes with no coercion, where Litestar's own way turns "7" into 7 and takes any content type."""

    decoders: ClassVar[dict[str, msgspec.json.Decoder[Any]]] = {}
    _by_handler: ClassVar[WeakKeyDictionary[BaseRouteHandler, msgspec.json.Decoder[Any]]] = WeakKeyDictionary()

    def __init__(self, asgi_connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        self._scope = asgi_connection.scope
        handler = asgi_connection.route_handler
        # A handler's id is put together from names each time it is asked for.
        if (decoder := self._by_handler.get(handler)) is None:
            decoder = self._by_handler[handler] = self.decoders[handler.handler_id]
        self._decoder = decoder

    def decode_bytes(self, value: bytes) -> Any:
        _require_json(header(self._scope, b"content-type"))
        try:
            return self._decoder.decode(value)
        except msgspec.ValidationError as error:
            raise Invalid([fault(str(error))]) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ClientException(f"The body is not JSON that can be read: {error}") from None

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        cls.decoders[handler_id] = msgspec.json.Decoder(field_definition.annotation)

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: Any
    ) -> Reference | Schema:
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def is_supported_model_type_field(cls, field_definition: FieldDefinition) -> bool:
        return field_definition.is_subclass_of(msgspec.Struct)

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Generator[DTOFieldDefinition, None, None]:
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        return False


def _require_json(content_type: str | None) -> None:
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise UnsupportedMediaType("Send the body as application/json.")


def fault(error: str) -> Fault:
    """What the decoder complains of, with its path."""
    parts = _WITH_PATH.match(error)
    message, path = (parts["message"], parts["path"] or "$") if parts else (error, "$")
    if _NUL_RULE in message:
        message = "May not contain NUL characters"
    return Fault(path=path, message=f"{message}.")
