"""What the probes answer."""

from typing import Literal

from msgspec import Struct


class Health(Struct, frozen=True, kw_only=True):
    status: Literal["ok"]
