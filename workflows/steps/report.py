"""A diff as one HTML page that needs no network: figures first, then pictures, then the rows."""

from pathlib import Path
from typing import Any

import jinja2
import polars as pl
from markupsafe import Markup

from workflows.steps import diff_charts
from workflows.steps.figures import About, Figures, Largest, worst_rows

ROWS, ATHLETES = 50, 50
TEMPLATE = Path(__file__).with_name("report.html")


def render(about: About, figures: Figures, changes: pl.DataFrame) -> bytes:
    """The page."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters |= {"percent": percent, "count": count, "short": diff_charts.short, "number": number}
    page = environment.from_string(TEMPLATE.read_text()).render(
        about=about,
        figures=figures,
        worst_rows=worst_rows(changes, ROWS),
        athletes=figures.worst[:ATHLETES],
        largest=_largest(figures),
        # Drawn from our own figures; every text in them is escaped by the renderer.
        distributions=_markup(diff_charts.distributions(changes)),
        by_athlete=_markup(diff_charts.athletes(figures.worst)),
    )
    return page.encode()


def percent(relative: float | None) -> str:
    """A relative change as people read it.

    >>> percent(0.0251), percent(-1.0), percent(None)
    ('+2.51 %', '-100 %', '')
    """
    if relative is None:
        return ""
    return f"{relative * 100:+,.3g} %" if abs(relative) < 10 else f"{relative * 100:+,.0f} %"


def count(number: int) -> str:
    return f"{number:,}"


def number(value: str | None) -> str:
    """A number before or after; a dash where there was none."""
    return "–" if value is None else value


def _largest(figures: Figures) -> Largest | None:
    return next((one.largest for one in figures.worst if one.largest is not None and one.largest.relative), None)


def _markup(svg: str | None) -> Any:
    return None if svg is None else Markup(svg)  # noqa: S704
