"""IANA time zones, by name."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

# What a machine calls its own zone, and placeholders: names that mean something else elsewhere, or nothing.
LOCAL = frozenset({"Factory", "localtime", "posixrules"})


def is_time_zone(name: str) -> bool:
    """Whether the name is one that a workout or an account may carry.

    >>> is_time_zone("Europe/Berlin"), is_time_zone("localtime"), is_time_zone("Mars/Olympus")
    (True, False, False)
    """
    return name in _names()


def shown(instant: datetime, name: str) -> datetime:
    """The instant as clients read it: local, or in UTC where the offset has seconds, which RFC 3339 cannot write.

    >>> shown(datetime(2026, 7, 1, tzinfo=UTC), "Europe/Berlin").isoformat()
    '2026-07-01T02:00:00+02:00'
    >>> shown(datetime(1960, 7, 1, tzinfo=UTC), "Africa/Monrovia").isoformat()
    '1960-07-01T00:00:00+00:00'
    """
    local = instant.astimezone(ZoneInfo(name))
    offset = local.utcoffset() or timedelta()
    return local if offset.total_seconds() % 60 == 0 else instant.astimezone(UTC)


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones()) - LOCAL
