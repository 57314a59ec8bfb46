"""What a step is: a pure function, what it reads and which documents it makes. No Temporal in this room."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from models.db import Session
from models.queries.visibility import VisibleAthlete

Documents = Mapping[str, Struct]
# (inputs' value, params) -> documents. A function that waits for somebody else (a writer) is a coroutine function.
Function = Callable[[Any, Any], Documents | Coroutine[Any, Any, Documents]]


class Inputs(Struct, frozen=True, kw_only=True):
    """What a step computes from. `data_version` is the version actually read; `digests` go into the lineage.

    `decided_by` names the digests that decide the output, where that is not all of them.
    """

    value: Any
    data_version: int
    digests: Mapping[str, Any]
    decided_by: tuple[str, ...] = ()


class Step(Struct, frozen=True, kw_only=True):
    """One version of a step.

    A `cached` step is not computed again while everything that decides it is the same. A `fallback` computes instead
    when what the function needs has stayed away for too long.
    """

    name: str
    version: int
    function: Function
    params: Struct
    load: Callable[[Session, VisibleAthlete, date], Awaitable[Inputs]]
    documents: tuple[str, ...]
    queue: str = "cpu"
    cached: bool = False
    fallback: Function | None = None
