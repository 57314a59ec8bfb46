"""What a file states of a set and no field holds: kept as lines of the set's note."""

import re

from models.readers.cells import plain

NOTHING = re.compile(r"[+-]?0*([.,]0*)?", re.ASCII)


def remark(label: str, cell: str) -> str | None:
    """One line, null where the cell is empty or zero.

    >>> remark("Incline", " 2.5"), remark("Incline", "0.0")
    ('Incline: 2.5', None)
    """
    text = plain(cell)
    return None if NOTHING.fullmatch(text) else f"{label}: {text}"


def joined(*lines: str | None) -> str | None:
    """The note of these lines, null if there is none."""
    return "\n".join(line for line in lines if line) or None
