"""The graph of the steps as a picture, drawn by Vega-Lite without a browser and without the network."""

from pathlib import Path
from typing import Any, cast

import altair
import polars as pl

from workflows.steps.graph import Graph, Kind

# A column and a row in pixels, and half the size of a box in columns and rows.
COLUMN, ROW, HALF_WIDTH, HALF_HEIGHT = 190, 46, 0.36, 0.34
COLOURS = {Kind.SOURCE: "#dbe4ee", Kind.STEP: "#ffd8a8", Kind.DOCUMENT: "#d3f0d3"}
# Where a line between two boxes bends.
BENDS = (0.0, 0.4, 0.6, 1.0)


def draw(graph: Graph, target: Path) -> None:
    """Write the picture; the file's name says in which format."""
    width = COLUMN * (1 + max(node.column for node in graph.nodes))
    height = ROW * (1 + max(node.row for node in graph.nodes))
    chart: Any = altair.layer(*_lines(graph), *_boxes(graph))
    chart = chart.properties(width=width, height=height, padding=12, background="white")
    chart = chart.configure_view(stroke=None)
    chart.save(str(target))


def _middles(graph: Graph) -> dict[str, float]:
    """How high each box stands: every column is centred beside the longest."""
    heights: dict[int, int] = {}
    for node in graph.nodes:
        heights[node.column] = max(heights.get(node.column, 0), node.row + 1)
    longest = max(heights.values())
    return {node.id: node.row + (longest - heights[node.column]) / 2 for node in graph.nodes}


def _boxes(graph: Graph) -> list[Any]:
    middles = _middles(graph)
    rows = [
        {
            "label": node.label,
            "colour": COLOURS[node.kind],
            "x": node.column,
            "y": middles[node.id],
            "left": node.column - HALF_WIDTH,
            "right": node.column + HALF_WIDTH,
            "top": middles[node.id] - HALF_HEIGHT,
            "bottom": middles[node.id] + HALF_HEIGHT,
        }
        for node in graph.nodes
    ]
    base: Any = altair.Chart(pl.DataFrame(rows))
    box = base.mark_rect(cornerRadius=6, stroke="#555555").encode(
        x=_across("left"), x2="right:Q", y=_down("top"), y2="bottom:Q", color=altair.Color("colour:N", scale=None)
    )
    text = base.mark_text(fontSize=13).encode(x=_across("x"), y=_down("y"), text="label:N")
    return [box, text]


def _lines(graph: Graph) -> list[Any]:
    middles, columns = _middles(graph), {node.id: node.column for node in graph.nodes}
    points: list[dict[str, float]] = []
    for number, edge in enumerate(graph.edges):
        left, right = columns[edge.start] + HALF_WIDTH, columns[edge.end] - HALF_WIDTH
        for order, (share, end) in enumerate(zip(BENDS, (edge.start, edge.start, edge.end, edge.end), strict=True)):
            x = left + (right - left) * share
            points.append({"edge": number, "order": order, "x": x, "y": middles[end]})
    drawn = pl.DataFrame(points)
    base: Any = altair.Chart(drawn)
    line = base.mark_line(interpolate="basis", stroke="#888888", strokeWidth=1.2).encode(
        x=_across("x"), y=_down("y"), detail="edge:N", order="order:Q"
    )
    ends: Any = altair.Chart(drawn.filter(pl.col("order") == len(BENDS) - 1))
    head = ends.mark_point(shape="triangle-right", filled=True, color="#888888", size=45).encode(
        x=_across("x"), y=_down("y")
    )
    return [line, head]


def _across(column: str) -> Any:
    return cast(Any, altair).X(f"{column}:Q", axis=None, scale=altair.Scale(zero=False, nice=False))


def _down(column: str) -> Any:
    scale = altair.Scale(zero=False, nice=False, reverse=True)
    return cast(Any, altair).Y(f"{column}:Q", axis=None, scale=scale)
