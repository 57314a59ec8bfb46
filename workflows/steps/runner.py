"""Running a step anywhere: in the generic activity, from the command line, in a notebook."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from models.db import Session
from models.domain.errors import StepFailed
from models.queries import steps as queries
from models.queries.visibility import VisibleAthlete
from workflows.steps import finite
from workflows.steps.step import Documents, Inputs, Step


class Output(Struct, frozen=True, kw_only=True):
    """A step's documents as they are stored and served, each with its digest, and one digest over all of them."""

    documents: dict[str, bytes]
    digests: dict[str, str]
    output_digest: str


class Reused(Struct, frozen=True, kw_only=True):
    """A stored output taken over, and the run of the step that computed it."""

    output: Output
    step_run_id: UUID | None


def find(steps: Sequence[Step], name: str, version: int) -> Step:
    """The step of that name and version; raises StepFailed where this code has none."""
    for step in steps:
        if (step.name, step.version) == (name, version):
            return step
    raise StepFailed(f"This worker has no step {name}@{version}.")


async def run(session: Session, step: Step, athlete: VisibleAthlete, *, as_of: date) -> tuple[Inputs, Output]:
    """Load and compute; writes nothing."""
    inputs = decided(step, await step.load(session, athlete, as_of))
    return inputs, await asyncio.to_thread(compute, step, inputs)


def decided(step: Step, inputs: Inputs) -> Inputs:
    """The inputs loaded, with everything else that decides this step's output beside their digests."""
    if step.also_decided_by is None:
        return inputs
    return structs.replace(inputs, digests={**inputs.digests, **step.also_decided_by()})


def compute(step: Step, inputs: Inputs) -> Output:
    """The pure part, for a thread without an event loop."""
    return encoded(step, made(step, inputs))


def made(step: Step, inputs: Inputs) -> Documents:
    """The documents as structs, for a thread without an event loop."""
    try:
        documents = step.function(inputs.value, step.params)
        if isinstance(documents, Coroutine):
            documents = asyncio.run(documents)
    except Exception:
        raise
    except BaseException as panic:
        # A panic of polars is no Exception and would take the worker with it.
        raise StepFailed(f"{step.name}@{step.version} panicked.") from panic
    if set(documents) != set(step.documents):
        raise StepFailed(f"{step.name}@{step.version} made {sorted(documents)}, not {sorted(step.documents)}.")
    return documents


def encoded(step: Step, documents: Documents) -> Output:
    """The documents as they are stored; raises StepFailed for a number that is none, such as 0 / 0."""
    bodies = {name: msgspec.json.encode(documents[name], order="deterministic") for name in step.documents}
    for name, body in bodies.items():
        if path := finite.fault(documents[name], body):
            raise StepFailed(f"{step.name}@{step.version} made no number of {path} in {name}: null needs a reason.")
    return _output(bodies)


def params(step: Step) -> dict[str, Any]:
    """The step's parameters as lineage records them."""
    return msgspec.to_builtins(step.params)


def digest(value: object) -> str:
    """The sha256 of a value's canonical JSON, or of the bytes themselves."""
    encoded = value if isinstance(value, bytes) else msgspec.json.encode(value, order="deterministic")
    return sha256(encoded).hexdigest()


async def cached(session: Session, step: Step, athlete: VisibleAthlete, inputs: Inputs) -> Reused | None:
    """The stored output, if the same step with the same parameters made it from the same inputs."""
    stored = await queries.documents(session, athlete, step.documents)
    if set(stored) != set(step.documents):
        return None
    made_by: UUID | None = None
    for document in stored.values():
        origin = await queries.origin(session, athlete, document.step_run_id)
        same_step = (origin.step, origin.version, origin.params) == (step.name, step.version, params(step))
        if not same_step or origin.inputs["fallback"] or _differ(inputs, origin.inputs["digests"]):
            return None
        made_by = UUID(first) if (first := origin.inputs.get("reused")) else document.step_run_id
    return Reused(output=_output({name: stored[name].body for name in step.documents}), step_run_id=made_by)


def lineage(inputs: Inputs, *, fallback: bool, reused: UUID | None = None, code: str | None = None) -> dict[str, Any]:
    """What lineage records of the inputs, and the digest of the code that computed.

    `reused` names the run of the step that made what this one took over.
    """
    known = {"data_version": inputs.data_version, "digests": dict(inputs.digests), "fallback": fallback}
    also = {"reused": None if reused is None else str(reused), "code": code}
    return {**known, **{name: value for name, value in also.items() if value is not None}}


def _differ(inputs: Inputs, recorded: Mapping[str, Any]) -> bool:
    """Whether anything that decides the output has changed since."""
    now = msgspec.to_builtins(inputs.digests)
    names = inputs.decided_by or (now.keys() | recorded.keys())
    return any(now.get(name) != recorded.get(name) for name in names)


def _output(documents: dict[str, bytes]) -> Output:
    digests = {name: digest(body) for name, body in documents.items()}
    return Output(documents=documents, digests=digests, output_digest=digest(digests))
