"""IANA time zones, by name."""

from functools import cache
from zoneinfo import available_timezones


def is_time_zone(name: str) -> bool:
    """Whether the name is one that a workout or an account may carry."""
    return name in _names()


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())
