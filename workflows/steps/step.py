"""What a step is: a pure function, what it reads and which documents it makes. No Temporal in this room."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from models.db import Session
from models.queries.visibility import VisibleAthlete

Documents = Mapping[str, Struct]
Keep = Callable[[Session, VisibleAthlete, datetime], Awaitable[None]]
# (inputs' value, params) -> documents. A function that waits for somebody else (a writer) is a coroutine function.
Function = Callable[[Any, Any], Documents | Coroutine[Any, Any, Documents]]


class Inputs(Struct, frozen=True, kw_only=True):
    """What a step computes from. `data_version` is the version actually read; `digests` go into the lineage.

    `decided_by` names the digests that decide the output, where that is not all of them. `keep` stores what spares the
    next load some work, in a transaction of its own; losing it costs time and nothing else.
    """

    value: Any
    data_version: int
    digests: Mapping[str, Any]
    decided_by: tuple[str, ...] = ()
    keep: Keep | None = None


class Step(Struct, frozen=True, kw_only=True):
    """One version of a step: a pure function, what it reads (`history`, or documents) and the documents it makes.

    `also_decided_by` tells what decides the output beside inputs and parameters, such as an estimator. A `cached` step
    is not computed again while everything that decides it is the same. A `fallback` computes instead when what the
    function needs has stayed away for too long.
    """

    name: str
    version: int
    function: Function
    params: Struct
    load: Callable[[Session, VisibleAthlete, date], Awaitable[Inputs]]
    documents: tuple[str, ...]
    reads: tuple[str, ...] = ("history",)
    pipeline: str = "analysis"
    queue: str = "cpu"
    cached: bool = False
    fallback: Function | None = None
    also_decided_by: Callable[[], Mapping[str, Any]] | None = None

    def joins(self, other: "Step") -> bool:
        """Whether it may follow the other one at once, on the same inputs, loaded once."""
        plain = not (self.cached or other.cached or self.fallback or other.fallback)
        return plain and self.load is other.load and self.queue == other.queue
