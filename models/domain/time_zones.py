"""IANA time zones, by name."""

from functools import cache
from zoneinfo import available_timezones

# What a machine calls its own zone, and placeholders: names that mean something else elsewhere, or nothing.
LOCAL = frozenset({"Factory", "localtime", "posixrules"})


def is_time_zone(name: str) -> bool:
    """Whether the name is one that a workout or an account may carry.

    >>> is_time_zone("Europe/Berlin"), is_time_zone("localtime"), is_time_zone("Mars/Olympus")
    (True, False, False)
    """
    return name in _names()


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones()) - LOCAL
