"""Cells of an export: numbers, units, durations and text as the apps and spreadsheets write them."""

import re
import sys
from functools import lru_cache

from models.domain.exercises import LoadMode
from models.domain.units import MassUnit

NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", re.ASCII)
THOUSANDS = re.compile(r"[+-]?\d{1,3},\d{3}", re.ASCII)
PART = re.compile(r"(\d+)\s*([^\W\d_]+\.?)\s*")
UNIT_SECONDS = (
    (("h", "std", "st", "小时", "小時", "時間", "ч"), 3600),
    (("min", "m", "分钟", "分鐘", "分", "мин"), 60),
    (("s", "sec", "sek", "seg", "秒", "сек"), 1),
    (("d", "t", "j", "天", "日"), 86_400),
)
SECONDS_BY_UNIT = {name: seconds for names, seconds in UNIT_SECONDS for name in names}
METRES_BY_UNIT = {"m": 1.0, "meters": 1.0, "km": 1000.0, "mi": 1609.344, "miles": 1609.344, "yd": 0.9144, "ft": 0.3048}
MASS_UNITS = {"kg": MassUnit.KG, "kgs": MassUnit.KG, "lb": MassUnit.LB, "lbs": MassUnit.LB}


NOTE_LENGTH = 10_000
TITLE_LENGTH = 200
LONGEST_SET_S = 604_800
LONGEST_NUMBER = 40
REPLACEMENT = "\ufffd"


class BadCell(Exception):
    """A cell that cannot be what its column says."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def shown(text: str) -> str:
    r"""A cell in a message: short, and without what is no letter.

    >>> shown(" 12 \x1b[1m\x00 stone ")
    '`12 \ufffd[1m\ufffd stone`'
    """
    return f"`{''.join(letter if letter.isprintable() else REPLACEMENT for letter in text.strip()[:40])}`"


def plain(cell: str) -> str:
    """The text without NUL, which no text column holds, and without space around it."""
    return cell.replace("\0", "").strip()


def number(cell: str, field: str, *, decimal_comma: bool) -> float | None:
    """The number in the cell, null when empty. A lone comma before three digits is refused where it may mean thousands.

    >>> number("8.0", "reps", decimal_comma=False), number("17,5", "load", decimal_comma=False)
    (8.0, 17.5)
    """
    text = cell.strip()
    if not text:
        return None
    if len(text) > LONGEST_NUMBER:
        raise BadCell(field, f"{shown(text)} is not a number.")
    return _number(text, field, decimal_comma)


@lru_cache(maxsize=4096)
def _number(cell: str, field: str, decimal_comma: bool) -> float | None:
    """The number, remembered: a log repeats few numbers often."""
    text = cell.replace("\u00a0", "").replace("\u2212", "-")
    if not NUMBER.fullmatch(text):
        raise BadCell(field, f"{shown(text)} is not a number.")
    if not decimal_comma and THOUSANDS.fullmatch(text):
        raise BadCell(field, f"{shown(text)} may mean thousands or a decimal comma.")
    return _without_float_dust(float(text.replace(",", ".")))


def whole(cell: str, field: str, *, highest: int, decimal_comma: bool) -> int | None:
    """The whole number in the cell (`8.0` is one), null when empty."""
    value = within(cell, field, highest=highest, decimal_comma=decimal_comma)
    if value is None:
        return None
    if value != int(value):
        raise BadCell(field, f"{shown(cell)} is not a whole number.")
    return int(value)


def within(cell: str, field: str, *, highest: float, decimal_comma: bool) -> float | None:
    """The number in the cell, null when empty, refused when negative or above the highest that can be."""
    value = number(cell, field, decimal_comma=decimal_comma)
    if value is not None and not 0 <= value <= highest:
        raise BadCell(field, f"{shown(cell)} is outside 0 to {highest:,.0f}.")
    return value


def positive(value: float | None) -> float | None:
    """Null for the zero that the apps write where nothing was recorded."""
    return value or None


def clock_seconds(cell: str) -> int | None:
    """A workout's length such as `1h 5m`, `38min`, `1小时13分钟`, `1:05:00` or plain seconds; null if it is not one.

    >>> clock_seconds("264h 1m"), clock_seconds("55s"), clock_seconds("1小时13分钟"), clock_seconds("soon")
    (950460, 55, 4380, None)
    """
    text = cell.strip().casefold()
    return _clock_seconds(text) if len(text) <= LONGEST_NUMBER else None


@lru_cache(maxsize=4096)
def _clock_seconds(text: str) -> int | None:
    if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        return int(float(text))
    if re.fullmatch(r"\d+(:\d\d){1,2}", text, re.ASCII):
        hours, minutes, seconds = [0, 0, *map(int, text.split(":"))][-3:]
        return hours * 3600 + minutes * 60 + seconds
    return _parts(text)


def _parts(text: str) -> int | None:
    parts = PART.findall(text)
    units = [SECONDS_BY_UNIT.get(unit.rstrip(".")) for _, unit in parts]
    if not parts or None in units or PART.sub("", text):
        return None
    return sum(int(count) * unit for (count, _), unit in zip(parts, units, strict=True) if unit is not None)


def name(cell: str, field: str) -> str:
    """A required short text. Interned: an export repeats it on each of its rows."""
    text = plain(cell)
    if not text:
        raise BadCell(field, "This row names none.")
    if len(text) > 200:
        raise BadCell(field, "Longer than 200 characters.")
    return sys.intern(text)


def rpe(cell: str, *, decimal_comma: bool) -> float | None:
    """A rating of perceived exertion, 0 to 10 with at most one decimal."""
    return _tenths(cell, "rpe", highest=10, decimal_comma=decimal_comma)


def rir(cell: str, *, decimal_comma: bool) -> float | None:
    """Repetitions in reserve, 0 to 30 with at most one decimal."""
    return _tenths(cell, "rir", highest=30, decimal_comma=decimal_comma)


def _tenths(cell: str, field: str, *, highest: float, decimal_comma: bool) -> float | None:
    value = within(cell, field, highest=highest, decimal_comma=decimal_comma)
    if value is not None and abs(value * 10 - round(value * 10)) > 1e-9:
        raise BadCell(field, f"{shown(cell)} has more than one decimal.")
    return value


def clocked_s(cell: str) -> float | None:
    """The seconds of a set, written as a clock shows them: `0:09:21`."""
    seconds = clock_seconds(cell)
    if seconds is None and cell.strip():
        raise BadCell("duration", f"{shown(cell)} is not a duration.")
    if seconds is not None and seconds > LONGEST_SET_S:
        raise BadCell("duration", f"{shown(cell)} is longer than a week.")
    return positive(seconds)


def duration_s(cell: str, *, decimal_comma: bool) -> float | None:
    """The seconds of a set."""
    return positive(within(cell, "duration", highest=LONGEST_SET_S, decimal_comma=decimal_comma))


def distance_m(cell: str, metres: float, *, decimal_comma: bool) -> float | None:
    """The distance of a set in metres, given in units of so many metres."""
    value = within(cell, "distance", highest=1_000_000 / metres, decimal_comma=decimal_comma)
    return positive(None if value is None else round(value * metres, 3))


def reps(cell: str, *, decimal_comma: bool) -> int | None:
    """Repetitions; zero is a failed attempt."""
    return whole(cell, "reps", highest=10_000, decimal_comma=decimal_comma)


def load(cell: str, *, decimal_comma: bool) -> float | None:
    """The weight cell as it is: negative where an app writes assistance so."""
    value = number(cell, "weight", decimal_comma=decimal_comma)
    if value is not None and abs(value) > 5_000:
        raise BadCell("weight", f"{shown(cell)} is no load.")
    return value


def load_mode(value: float | None) -> LoadMode | None:
    """A negative load is assistance; otherwise the exercise's own mode holds."""
    return LoadMode.ASSISTED if value is not None and value < 0 else None


def note(cell: str) -> str | None:
    """A note, null when empty."""
    return plain(cell) or None


def mass_unit(cell: str) -> MassUnit | None:
    """The unit in a unit cell, null when empty."""
    text = cell.strip().casefold()
    if text and text not in MASS_UNITS:
        raise BadCell("weight_unit", f"{shown(text)} is neither kg nor lb.")
    return MASS_UNITS.get(text)


def superset(cell: str) -> int | None:
    """The apps number supersets from 0, Loadstone from 1."""
    value = whole(cell, "superset", highest=999, decimal_comma=False)
    return None if value is None else value + 1


def shortened(text: str | None, length: int) -> str | None:
    """The text within a length."""
    return text if text is None or len(text) <= length else text[:length]


def _without_float_dust(value: float) -> float:
    """Apps convert units in floats: 75 lb comes as 74.99999999999999."""
    near = round(value, 6)
    return near if abs(value - near) < 1e-9 else value
