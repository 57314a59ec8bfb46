"""The pictures of a diff as SVG, drawn without a network or a browser, in the colours of the page that shows them."""

from collections.abc import Sequence
from typing import Any, cast

import altair
import polars as pl
import vl_convert

from workflows.steps.figures import AthleteFigures

COLUMNS, ATHLETES = 20, 40
WIDTH, ROW, THIN_ROW = 560, 22, 17
# Changes below a thousandth are drawn as if on a linear scale.
LINEAR_BELOW = 0.001
_DECADES = tuple(10.0**power for power in range(-3, 7))
_INK, _FAINT, _LINE = "currentColor", "var(--faint)", "var(--line)"
_COLOURS = {"changed": "var(--changed)", "added": "var(--added)", "removed": "var(--removed)"}


def distributions(changes: pl.DataFrame) -> str | None:
    """How large the relative changes of the columns are that changed most often; None where there are none."""
    size = pl.col("relative")
    spread = (
        changes.filter(size.is_finite())
        .group_by(pl.format("{} · {}", "table", "column").alias("name"))
        .agg(
            pl.len().alias("count"),
            size.min().alias("least"),
            size.quantile(0.25, "linear").alias("low"),
            size.median().alias("middle"),
            size.quantile(0.75, "linear").alias("high"),
            size.max().alias("most"),
        )
        .sort("count", "name", descending=[True, False])
        .head(COLUMNS)
    )
    if spread.is_empty():
        return None
    base: Any = altair.Chart(spread).encode(y=_names("name", spread.get_column("name").to_list()))
    whole = base.mark_rule(color=_FAINT, strokeWidth=1.5).encode(x=_changes("least", spread), x2="most:Q")
    half = base.mark_bar(color=_COLOURS["changed"], height=10, opacity=0.75).encode(
        x=_changes("low", spread), x2="high:Q"
    )
    middle = base.mark_tick(color=_INK, thickness=2, height=14).encode(x=_changes("middle", spread))
    zero: Any = altair.Chart(pl.DataFrame({"zero": [0.0]}))
    nothing = zero.mark_rule(color=_INK, opacity=0.5).encode(x="zero:Q")
    return _svg(altair.layer(nothing, whole, half, middle), spread.height * ROW)


def athletes(worst: Sequence[AthleteFigures]) -> str | None:
    """Rows changed, added and removed of the athletes with the most of them; None where there are none."""
    most = sorted(worst, key=lambda one: one.changed + one.added + one.removed, reverse=True)[:ATHLETES]
    if not most:
        return None
    rows = [
        {"athlete": short(one.athlete), "what": what, "rows": getattr(one, what), "order": order}
        for one in most
        for order, what in enumerate(_COLOURS)
    ]
    scale = altair.Scale(domain=list(_COLOURS), range=list(_COLOURS.values()))
    base: Any = altair.Chart(pl.DataFrame(rows))
    bars = base.mark_bar(height=11).encode(
        y=_names("athlete", [short(one.athlete) for one in most]),
        x=altair.X("rows:Q", title="rows", axis=altair.Axis(format=",d", tickMinStep=1)),
        color=altair.Color("what:N", scale=scale, legend=altair.Legend(title=None, orient="top")),
        order="order:Q",
    )
    return _svg(bars, len(most) * THIN_ROW)


def short(athlete: str) -> str:
    """An athlete's id as far as it tells them apart at a glance.

    >>> short("019374e2-0000-7000-8000-0123456789ab")
    '…0123456789ab'
    """
    return athlete if len(athlete) <= 16 else f"…{athlete[-12:]}"


def _svg(chart: Any, height: int) -> str:
    chart = chart.properties(width=WIDTH, height=height)
    chart = chart.configure(background="transparent", font="inherit").configure_view(stroke=None)
    chart = chart.configure_axis(
        labelColor=_INK, titleColor=_INK, gridColor=_LINE, domainColor=_LINE, tickColor=_LINE, labelLimit=440
    )
    chart = chart.configure_legend(labelColor=_INK)
    return vl_convert.vegalite_to_svg(chart.to_dict())


def _names(column: str, order: list[str]) -> Any:
    return cast(Any, altair).Y(f"{column}:N", sort=order, title=None, axis=altair.Axis(labelFontSize=11))


def _changes(column: str, spread: pl.DataFrame) -> Any:
    """The axis of relative changes, in percent: each decade a tick, on both sides of 0."""
    reach: float = max(abs(bound) for bound in (*spread.get_column("least"), *spread.get_column("most")))
    ticks = [value for value in _DECADES if value <= reach * 10] or [_DECADES[0]]
    far = ticks[-1] if reach <= ticks[-1] else reach
    scale = altair.Scale(type="symlog", constant=LINEAR_BELOW, domain=[-far, far], nice=False)
    values = [*(-value for value in reversed(ticks)), 0.0, *ticks]
    axis = altair.Axis(values=values, format="+,.4~%", labelOverlap="greedy")
    return cast(Any, altair).X(f"{column}:Q", scale=scale, axis=axis, title="change relative to the number before")
