"""What a writer of summaries is, where it is and how it fails; no client is loaded for that."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from models.domain.insights import Fact


class WriterConfig(Struct, frozen=True, kw_only=True):
    """Where the writer is. `base_url` is the endpoint's, up to and including `/v1`."""

    base_url: str
    api_key: str
    model: str
    timeout_s: float = 30


class WriterError(Exception):
    """Base of what can go wrong at the writer; `str(error)` is a sentence without secrets."""


class WriterUnavailable(WriterError):
    """Not reachable, too slow, overloaded or broken: later it may work."""


class WriterRefused(WriterError):
    """It answered, but not with a text: the same request will not do better."""


class Writer(Protocol):
    """Turns facts into a text; `findings` are what the verifier said about the text before."""

    @property
    def author(self) -> str: ...

    async def write(self, facts: Sequence[Fact], findings: Sequence[str] = ()) -> str: ...
