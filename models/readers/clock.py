"""Local times as the apps write them, and the instants they mean in a time zone."""

import re
import unicodedata
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.domain.errors import Fault, Invalid
from models.readers.cells import BadCell, shown

NUMERIC = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?\s*(?P<half>[ap]m)?)?",
    re.ASCII | re.IGNORECASE,
)
GERMAN = re.compile(
    r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})"
    r"[ ,]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?P<half>)",
    re.ASCII,
)
CHINESE = re.compile(
    r"(?P<year>\d{4})年\s*(?P<month>\d{1,2})月\s*(?P<day>\d{1,2})日"
    r"[ ,]*(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?P<half>)"
)
TIME = r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::(?P<second>\d\d))?\s*(?P<half>[ap]\.?m\.?)?"
DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})\.?\s+(?:de\s+)?(?P<month>[^\W\d]+)\.?\s+(?:de\s+)?(?P<year>\d{{4}})[ ,]+(?:\w+\s+)?{TIME}",
    re.IGNORECASE,
)
MONTH_FIRST = re.compile(
    rf"(?P<month>[^\W\d]+)\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})[ ,]+(?:at\s+)?{TIME}", re.IGNORECASE
)
SPELLINGS = (NUMERIC, DAY_FIRST, MONTH_FIRST, GERMAN, CHINESE)
WITH_OFFSET = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)", re.ASCII | re.IGNORECASE
)
# A day's grace on both sides keeps the instant inside the years that a workout can have, whatever the zone.
EARLIEST, LATEST = date(1950, 1, 2), date(2999, 12, 30)
NOON = time(12)
LONGEST_TIME = 60

# The first three letters without accents, in English, German, French, Spanish, Italian, Portuguese, Dutch, Nordic,
# Turkish, Polish and Russian; French juin and juillet need four.
MONTHS = (
    "jan janv ene gen oca sty янв",
    "feb fev fevr sub lut фев",
    "mar mrt mrz мар",
    "apr avr abr nis kwi апр",
    "mai may mei maj mag мая май",
    "jun juin giu haz cze июн",
    "jul juil lug tem lip июл",
    "aug aou ago agu sie авг",
    "sep set eyl wrz сен",
    "oct okt ott out eki paz окт",
    "nov kas lis ноя",
    "dec dez dic des ara gru дек",
)
MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS, start=1) for name in names.split()}


def local_time(cell: str) -> datetime:
    """The naive local time in any spelling that the apps use.

    >>> local_time("5 Mai 2026, 07:34"), local_time("Jun 11, 2026, 1:01 PM")
    (datetime.datetime(2026, 5, 5, 7, 34), datetime.datetime(2026, 6, 11, 13, 1))
    """
    text = cell.strip()
    if not text:
        raise BadCell("date", "This row has no date.")
    if len(text) > LONGEST_TIME:
        raise BadCell("date", f"{shown(text)} is not a date and time that can be read for certain.")
    return _local_time(text)


@lru_cache(maxsize=256)
def _local_time(cell: str) -> datetime:
    """The time, remembered: an export repeats it on each row of a workout."""
    text = unicodedata.normalize("NFKC", cell)
    match = next((found for spelling in SPELLINGS if (found := spelling.fullmatch(text))), None)
    if match is None:
        raise BadCell("date", f"{shown(text)} is not a date and time that can be read for certain.")
    return _checked(match, text)


def _checked(match: re.Match[str], text: str) -> datetime:
    try:
        day = date(int(match["year"]), _month(match["month"]), int(match["day"]))
        found = datetime.combine(day, time(_hour(match), int(match["minute"] or 0), int(match["second"] or 0)))
    except ValueError:
        raise BadCell("date", f"{shown(text)} is not a date and time that exists.") from None
    return _bounded(found, text)


def _bounded(found: datetime, text: str) -> datetime:
    if not EARLIEST <= found.date() <= LATEST:
        raise BadCell("date", f"{shown(text)} is not between 1950 and 3000.")
    return found


def local_day(cell: str) -> date:
    """The local date, of a cell that gives the date alone or with a time."""
    return local_time(cell).date()


def utc_time(cell: str) -> datetime:
    """The instant in UTC of a time that states its offset from it.

    >>> utc_time("2025-02-23T10:13:53+01:00")
    datetime.datetime(2025, 2, 23, 9, 13, 53, tzinfo=datetime.timezone.utc)
    """
    match = WITH_OFFSET.fullmatch(cell.strip())
    if match is None:
        raise BadCell("date", f"{shown(cell)} is not a time with its offset from UTC.")
    try:
        found = datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3].upper()}")
    except ValueError:
        raise BadCell("date", f"{shown(cell)} is not a date and time that exists.") from None
    return _bounded(found, cell).astimezone(UTC)


def stated(cell: str) -> date:
    """What the cell states: an instant where it gives its offset from UTC, else a local time, or a date alone.

    >>> stated("2022-01-05 22:06:49 +0000").isoformat(), stated("2019-02-13")
    ('2022-01-05T22:06:49+00:00', datetime.date(2019, 2, 13))
    """
    if WITH_OFFSET.fullmatch(cell.strip()):
        return utc_time(cell)
    return local_time(cell) if ":" in cell else local_day(cell)


def key(start: date) -> str:
    """What identifies a workout that starts so in its source: a date, a local time, or an instant in UTC."""
    if not isinstance(start, datetime) or start.tzinfo is None:
        return start.isoformat()
    return start.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _hour(match: re.Match[str]) -> int:
    hour, half = int(match["hour"] or 0), (match["half"] or "").casefold()[:1]
    if half and not 1 <= hour <= 12:
        raise ValueError
    return hour if not half else hour % 12 + (12 if half == "p" else 0)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark))
    found = MONTH_NUMBERS.get(letters[:4]) or MONTH_NUMBERS.get(letters[:3])
    if found is None:
        raise ValueError
    return found


def zone(name: str) -> ZoneInfo:
    """The time zone of this name; Invalid if there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        message = "Not an IANA time zone name, such as Europe/Berlin."
        raise Invalid([Fault(path="$.time_zone", message=message)]) from None


def instant(start: date, where: ZoneInfo) -> tuple[datetime, str | None]:
    """The instant of a local time, and what is doubtful about it.

    A time that the clocks passed twice is the first one; one that they skipped is as much later as they skipped.
    A date without a time is local noon, which is on that date in every zone. A time with an offset is itself.
    """
    local = start if isinstance(start, datetime) else datetime.combine(start, NOON)
    if local.tzinfo is not None:
        return local.astimezone(UTC), None
    first, second = (local.replace(tzinfo=where, fold=0), local.replace(tzinfo=where, fold=1))
    at = first.astimezone(UTC)
    if at.astimezone(where).replace(tzinfo=None) != local:
        return at, "The clocks skipped this local time; it was moved on by as much."
    doubtful = first.utcoffset() != second.utcoffset()
    return (at, "The clocks passed this local time twice; the first was taken." if doubtful else None)
