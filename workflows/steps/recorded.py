"""Results on record, and the inputs that they were computed from."""

from collections.abc import Mapping
from uuid import UUID

import msgspec
from msgspec import structs

from models.db import Session
from models.domain.errors import NotFound, StepFailed
from models.queries import recorded as queries
from models.queries import steps as documents
from models.queries.recorded import Recorded
from models.queries.visibility import VisibleAthlete
from workflows.steps import runner
from workflows.steps.history import load_history, load_history_at
from workflows.steps.step import Inputs, Step
from workflows.steps.workbench import OF_HISTORY


class NotReproducible(StepFailed):
    """What the result was computed from cannot be had any more."""


async def bodies(session: Session, athlete: VisibleAthlete, names: Mapping[str, str]) -> dict[str, bytes]:
    """The documents that are still stored with these digests: only the newest of a name is kept."""
    stored = await documents.documents(session, athlete, tuple(names))
    return {name: found.body for name, found in stored.items() if found.digest == names[name]}


async def newest(session: Session, athlete: VisibleAthlete, step: Step) -> tuple[Recorded, dict[str, bytes]]:
    """The result of the step that is stored now, whatever version made it; raises NotFound where there is none."""
    stored = await documents.documents(session, athlete, step.documents)
    runs: set[UUID] = {found.step_run_id for found in stored.values()}
    if not runs:
        raise NotFound(f"{step.name} has recorded nothing yet.")
    result = await queries.get(session, athlete, runs.pop())
    if result is None or runs:
        raise NotFound(f"What is stored of {step.name} was not made by one run of it.")
    return result, {name: found.body for name, found in stored.items()}


def as_recorded(step: Step, result: Recorded) -> Step:
    """The step with the parameters on record; raises NotReproducible where it has others now."""
    try:
        params = msgspec.convert(result.params, type(step.params))
    except msgspec.ValidationError as error:
        raise NotReproducible(f"Its parameters are not those of {step.name}@{step.version} any more.") from error
    again = structs.replace(step, params=params)
    if runner.params(again) != result.params:
        raise NotReproducible(f"Its parameters are not those of {step.name}@{step.version} any more.")
    return again


async def inputs_of(session: Session, step: Step, result: Recorded) -> Inputs:
    """What the step read then, from all of the history; raises NotReproducible where that is not to be had any more."""
    inputs = await _loaded(session, step, result)
    if inputs.data_version != result.data_version:
        raise NotReproducible(f"What it read is at version {inputs.data_version} now, not {result.data_version}.")
    if other := changed(inputs, result):
        raise NotReproducible(f"Not what it was computed from any more: {', '.join(other)}.")
    return inputs


async def _loaded(session: Session, step: Step, result: Recorded) -> Inputs:
    made_of = OF_HISTORY.get(step.load)
    if made_of is None:
        return await step.load(session, result.athlete, result.as_of)
    inputs = await load_history(session, result.athlete, result.as_of)
    if inputs.data_version != result.data_version:
        inputs = await load_history_at(session, result.athlete, result.data_version, result.as_of)
    return structs.replace(inputs, value=made_of(inputs.value))


def changed(inputs: Inputs, result: Recorded) -> list[str]:
    """What has decided the result and is another thing now, by its name in the lineage.

    The settings have decided which day it was, and that day is on record.
    """
    then = result.inputs["digests"]
    now = msgspec.to_builtins(dict(inputs.digests))
    names = [name for name in inputs.decided_by or now if name != "settings"]
    return [name for name in names if now.get(name) != then.get(name)]
