"""The Idempotency-Key of a request."""

import re

from litestar.exceptions import ClientException
from litestar.types import Scope

from api.etags import header

_KEY = re.compile(r"^[!-~]{1,255}\Z")


def idempotency_key(scope: Scope) -> str | None:
    """The key, if the request has one."""
    key = header(scope, b"idempotency-key")
    if key is not None and not _KEY.match(key):
        raise ClientException("An Idempotency-Key has 1 to 255 visible ASCII characters.")
    return key
