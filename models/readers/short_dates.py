"""Dates written in short, `07/25/16` or `25.07.2016`: which number is the month depends on the phone's country."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from models.readers.cells import TITLE_LENGTH, BadCell, shown

SHORT = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)", re.ASCII)
MONTHS = 12


class Order(StrEnum):
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


def order(cells: Iterable[str]) -> Order | None:
    """The order that these dates of one file can only have, null if they do not tell it.

    >>> order(["01/02/24", "07/25/16"]), order(["18/03/2015"]), order(["01/02/24"])
    (<Order.MONTH_FIRST: 'month first'>, <Order.DAY_FIRST: 'day first'>, None)
    """
    dates = [(int(match[1]), int(match[2])) for cell in cells if (match := SHORT.fullmatch(cell.strip()))]
    day_first = any(first > MONTHS >= second for first, second in dates)
    month_first = any(second > MONTHS >= first for first, second in dates)
    if day_first == month_first:
        return None
    return Order.DAY_FIRST if day_first else Order.MONTH_FIRST


def day(cell: str, order: Order) -> date:
    """The date; a year of two digits is one since 2000.

    >>> day("07/08/16", Order.MONTH_FIRST), day("07.08.2016", Order.DAY_FIRST)
    (datetime.date(2016, 7, 8), datetime.date(2016, 8, 7))
    """
    match = SHORT.fullmatch(cell.strip())
    if match is None:
        raise BadCell("date", f"{shown(cell)} is not a date such as 31/12/24.")
    first, second, year = (int(number) for number in match.groups())
    month, number = (first, second) if order is Order.MONTH_FIRST else (second, first)
    try:
        return _bounded(date(year if year > 99 else 2000 + year, month, number), cell)
    except ValueError:
        raise BadCell("date", f"{shown(cell)} is not a date that exists with the {order}.") from None


def key(day: date, title: str | None) -> str:
    """What identifies a workout of which the source knows the day and the title."""
    return day.isoformat() if title is None else f"{day.isoformat()} {title[:TITLE_LENGTH]}"


def _bounded(found: date, cell: str) -> date:
    if not 1950 < found.year < 2999:
        raise BadCell("date", f"{shown(cell)} is not between 1950 and 3000.")
    return found
