"""Which version of a step is active, which was before, and which may be."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from workflows.steps import runner
from workflows.steps.step import Step

# The active version of each step, by pipeline.
Active = Mapping[str, Mapping[str, int]]


class State(StrEnum):
    """Of a step's versions the pipeline runs the active one. Below it lies the previous one, and those before that are
    retired; above it are candidates, as are all versions of a step that no pipeline runs. A version that a pipeline
    runs and this code does not have is missing.
    """

    ACTIVE = "active"
    PREVIOUS = "previous"
    CANDIDATE = "candidate"
    RETIRED = "retired"
    MISSING = "missing"


class Listed(Struct, frozen=True, kw_only=True):
    """A version of a step as the list shows it; `state` is null where no database tells it."""

    name: str
    version: int
    state: State | None
    pipeline: str
    reads: tuple[str, ...]
    documents: tuple[str, ...]
    params: dict[str, Any]


def listed(steps: Sequence[Step], active: Active | None) -> list[Listed]:
    """Every version of every step, in the order of the code, and behind them those that are missing."""
    told = [_listed(step, None if active is None else state(step, steps, active)) for step in steps]
    return told if active is None else [*told, *_missing(steps, active)]


def _listed(step: Step, known: State | None) -> Listed:
    return Listed(
        name=step.name,
        version=step.version,
        state=known,
        pipeline=step.pipeline,
        reads=step.reads,
        documents=step.documents,
        params=runner.params(step),
    )


def state(step: Step, steps: Sequence[Step], active: Active) -> State:
    """The state of a version beside the other versions in this code."""
    running = active.get(step.pipeline, {}).get(step.name)
    if running is None or step.version > running:
        return State.CANDIDATE
    if step.version == running:
        return State.ACTIVE
    before = max(other.version for other in steps if other.name == step.name and other.version < running)
    return State.PREVIOUS if step.version == before else State.RETIRED


def running(steps: Sequence[Step], active: Active | None) -> tuple[Step, ...]:
    """The steps that the pipelines run, or where that is unknown the newest version of each."""
    if active is not None:
        return tuple(step for step in steps if state(step, steps, active) is State.ACTIVE)
    newest = {step.name: max(other.version for other in steps if other.name == step.name) for step in steps}
    return tuple(step for step in steps if step.version == newest[step.name])


def _missing(steps: Sequence[Step], active: Active) -> Iterator[Listed]:
    known = {(step.pipeline, step.name, step.version) for step in steps}
    for pipeline, versions in active.items():
        for name, version in versions.items():
            if (pipeline, name, version) not in known:
                yield Listed(
                    name=name,
                    version=version,
                    state=State.MISSING,
                    pipeline=pipeline,
                    reads=(),
                    documents=(),
                    params={},
                )
