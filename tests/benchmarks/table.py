"""Small aligned tables for the terminal."""

from collections.abc import Sequence


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 2) -> str:
    """The first columns, `words` of them, to the left; figures to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    rule = ["-" * width for width in widths]
    return "\n".join(("", title, *(_line(row, widths, words) for row in (head, rule, *rows))))


def verdict(value: float, *, at_most: float | None = None, at_least: float | None = None) -> str:
    """The goal, and whether the value meets it; nothing without a goal."""
    if at_most is not None:
        return f"<= {at_most:g} {'met' if value <= at_most else 'MISSED'}"
    if at_least is not None:
        return f">= {at_least:g} {'met' if value >= at_least else 'MISSED'}"
    return ""


def _line(cells: Sequence[str], widths: Sequence[int], words: int) -> str:
    padded = [
        cell.ljust(width) if at < words else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()
