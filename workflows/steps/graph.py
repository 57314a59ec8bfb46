"""What the steps read and make, as a graph: sources, steps and documents, in columns from left to right."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from workflows.steps.step import Step


class Kind(StrEnum):
    SOURCE = "source"
    STEP = "step"
    DOCUMENT = "document"


class Node(Struct, frozen=True):
    """A step, a document, or what no step makes. `column` counts from the left, `row` from the top."""

    id: str
    label: str
    kind: Kind
    column: int
    row: int


class Edge(Struct, frozen=True):
    """What is made or read, by the ids of the nodes."""

    start: str
    end: str


class Graph(Struct, frozen=True):
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of(steps: Sequence[Step]) -> Graph:
    """The graph of the steps, one version each."""
    columns = _columns(steps)
    rows: dict[int, int] = {}
    nodes: list[Node] = []
    for (kind, label), column in columns.items():
        row = rows[column] = rows.get(column, -1) + 1
        nodes.append(Node(f"{kind}:{label}", label, kind, column, row))
    kinds = {node.label: node.id for node in nodes if node.kind is not Kind.STEP}
    return Graph(tuple(nodes), tuple(_edges(steps, kinds)))


def _columns(steps: Sequence[Step]) -> dict[tuple[Kind, str], int]:
    """Each node right of all that it comes from."""
    made = {document for step in steps for document in step.documents}
    sources = dict.fromkeys(name for step in steps for name in step.reads if name not in made)
    columns = {(Kind.SOURCE, name): 0 for name in sources}
    waiting = list(steps)
    while waiting:
        ready = [step for step in waiting if all(_seen(name, columns) is not None for name in step.reads)]
        if not ready:
            raise ValueError(f"The steps {', '.join(step.name for step in waiting)} read what they make themselves.")
        for step in ready:
            column = 1 + max((_seen(name, columns) or 0 for name in step.reads), default=0)
            columns[(Kind.STEP, _label(step))] = column
            columns |= {(Kind.DOCUMENT, name): column + 1 for name in step.documents}
        waiting = [step for step in waiting if step not in ready]
    return columns


def _seen(name: str, columns: dict[tuple[Kind, str], int]) -> int | None:
    return columns.get((Kind.SOURCE, name), columns.get((Kind.DOCUMENT, name)))


def _edges(steps: Sequence[Step], ids: dict[str, str]) -> Iterator[Edge]:
    for step in steps:
        itself = f"{Kind.STEP}:{_label(step)}"
        yield from (Edge(ids[name], itself) for name in step.reads)
        yield from (Edge(itself, ids[name]) for name in step.documents)


def _label(step: Step) -> str:
    return f"{step.name}@{step.version}"


def mermaid(graph: Graph) -> str:
    """The graph as text that many viewers of Markdown draw."""
    shapes = {Kind.SOURCE: ("[(", ")]"), Kind.STEP: ("[", "]"), Kind.DOCUMENT: ("([", "])")}
    names = {node.id: f"n{at}" for at, node in enumerate(graph.nodes)}
    lines = ["flowchart LR"]
    for node in graph.nodes:
        opening, closing = shapes[node.kind]
        lines.append(f'    {names[node.id]}{opening}"{node.label}"{closing}')
    lines += [f"    {names[edge.start]} --> {names[edge.end]}" for edge in graph.edges]
    return "\n".join(lines) + "\n"
