"""Headers of single operations, for their description; handlers read and write them as bytes."""

from typing import Any

from litestar.openapi.datastructures import ResponseSpec

IF_MATCH = ("If-Match", "The ETag that the resource was read with.")
IF_NONE_MATCH = ("If-None-Match", "The ETag held already: an unchanged resource answers 304.")
IDEMPOTENCY_KEY = ("Idempotency-Key", "1 to 255 visible ASCII characters: a retry with the key gets the same answer.")
LAST_EVENT_ID = ("Last-Event-ID", "The id of the last event received: only newer ones are sent.")

ETAG = ("ETag", "Names this state of the resource.")
DATA_VERSION = ("Loadstone-Data-Version", "The athlete's data_version at the resource's last change.")
LOCATION = ("Location", "Where the new resource is.")

NOT_MODIFIED = {304: ResponseSpec(None, description="The client holds the current state.")}


def described(
    *, request: tuple[tuple[str, str], ...] = (), response: tuple[tuple[str, str], ...] = ()
) -> dict[str, Any]:
    """The `opt` of a handler that reads or answers these headers."""
    return {"request_headers": request, "response_headers": response}
