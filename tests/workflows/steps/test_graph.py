"""The graph of the steps: everything that is read or made stands in it once, right of what it comes from."""

import pytest
from msgspec import structs

from workflows.steps import STEPS
from workflows.steps.graph import Kind, graph_of, mermaid


def test_every_step_and_document_stands_in_it_once() -> None:
    graph = graph_of(STEPS)
    labels = [(node.kind, node.label) for node in graph.nodes]
    expected = {(Kind.STEP, f"{step.name}@{step.version}") for step in STEPS}
    expected |= {(Kind.DOCUMENT, document) for step in STEPS for document in step.documents}
    assert set(labels) == expected | {(Kind.SOURCE, "history")}
    assert len(labels) == len(set(labels))
    assert len({(node.column, node.row) for node in graph.nodes}) == len(graph.nodes)


def test_everything_stands_right_of_what_it_comes_from() -> None:
    graph = graph_of(STEPS)
    columns = {node.id: node.column for node in graph.nodes}
    assert all(columns[edge.start] < columns[edge.end] for edge in graph.edges)
    assert len(graph.edges) == sum(len(step.reads) + len(step.documents) for step in STEPS)


def test_steps_that_read_what_they_make_are_refused() -> None:
    circle = structs.replace(STEPS[0], reads=STEPS[0].documents[:1])
    with pytest.raises(ValueError, match="read what they make"):
        graph_of((circle,))


def test_mermaid_names_each_node_and_each_edge() -> None:
    graph = graph_of(STEPS)
    lines = mermaid(graph).splitlines()
    assert lines[0] == "flowchart LR"
    assert sum(" --> " in line for line in lines) == len(graph.edges)
    assert all(any(f'"{node.label}"' in line for line in lines) for node in graph.nodes)
