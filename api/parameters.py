"""Query parameters that several routes share."""

from typing import Annotated

from litestar.params import QueryParameter

from api.cursors import MAX_LENGTH

Cursor = Annotated[str | None, QueryParameter(max_length=MAX_LENGTH, description="The next_cursor of the page before.")]
Limit = Annotated[int, QueryParameter(ge=1, le=200, description="How many items at most.")]
