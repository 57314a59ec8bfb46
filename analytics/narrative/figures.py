"""Numbers, plurals and dates in English, in the one form that the verifier reads back."""

from datetime import date

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def number(value: float) -> str:
    """At most three decimals, thousands with commas.

    >>> number(31240.0), number(1234567.5), number(-12.30), number(-0.0)
    ('31,240', '1,234,567.5', '-12.3', '0')
    """
    text = f"{value:,.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def quantity(value: float, unit: str) -> str:
    """A number with its unit, which stands in the singular after one.

    >>> quantity(1, "sessions"), quantity(2, "hard sets"), quantity(1, "kg"), quantity(12.5, "%")
    ('1 session', '2 hard sets', '1 kg', '12.5%')
    """
    if unit == "%":
        return f"{number(value)}%"
    singular = unit.endswith("s") and value in {1, -1}
    return f"{number(value)} {unit[:-1] if singular else unit}"


def day(on: date) -> str:
    """The date in words.

    >>> day(date(2026, 11, 2))
    '2 November 2026'
    """
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def iso_week(on: date) -> str:
    """The ISO week that a date lies in.

    >>> iso_week(date(2027, 1, 1))
    '2026-W53'
    """
    year, week, _ = on.isocalendar()
    return f"{year}-W{week:02d}"
